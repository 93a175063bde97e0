"""What every embedder has to do."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from studyteddy.application.ports.embedder import Embedder


def _close(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and all(math.isclose(a, b, abs_tol=1e-4) for a, b in zip(one, other, strict=True))


class EmbedderContract:
    """Subclass it and give the fixture ``embedder``."""

    @pytest.fixture
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_it_has_a_name(self, embedder: Embedder) -> None:
        assert embedder.model.strip()

    def test_no_text_gives_no_vector(self, embedder: Embedder) -> None:
        assert embedder.embed([]) == []

    def test_each_text_gets_a_vector_of_the_stated_dimension(self, embedder: Embedder) -> None:
        vectors = embedder.embed(["The heart has four chambers.", "Osmosis", "Das Herz hat vier Kammern."])
        assert [len(vector) for vector in vectors] == [embedder.dimension] * 3

    def test_the_dimension_is_known_before_the_first_vector(self, embedder: Embedder) -> None:
        dimension = embedder.dimension
        assert dimension > 0
        assert len(embedder.embed(["a leaf"])[0]) == dimension

    def test_vectors_have_length_one(self, embedder: Embedder) -> None:
        for vector in embedder.embed(["mitochondria", "a much longer text about mitochondria and what they do" * 20]):
            assert math.isclose(math.hypot(*vector), 1.0, abs_tol=1e-6)

    def test_the_same_text_gets_the_same_vector(self, embedder: Embedder) -> None:
        first, between, second = embedder.embed(["photosynthesis", "respiration", "photosynthesis"])
        assert _close(first, second)
        assert not _close(first, between)

    def test_vectors_stand_in_the_order_of_their_texts_however_many_there_are(self, embedder: Embedder) -> None:
        texts = [f"fact number {number} of the chapter" for number in range(300)]
        vectors = embedder.embed(texts)
        assert len(vectors) == len(texts)
        for place in (0, 127, 128, 299):
            assert _close(vectors[place], embedder.embed([texts[place]])[0])

    @pytest.mark.parametrize("text", ["", " ", "\n\t", "nul\x00inside", "half a pair \ud83d", "🧸 नमस्ते 你好", '"}]}'])
    def test_no_text_is_too_strange(self, embedder: Embedder, text: str) -> None:
        (vector,) = embedder.embed([text])
        assert len(vector) == embedder.dimension

    def test_many_threads_may_ask_at_once(self, embedder: Embedder) -> None:
        texts = [f"text {number}" for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda text: embedder.embed([text])[0], texts))
        assert all(_close(one, other) for one, other in zip(together, embedder.embed(texts), strict=True))
