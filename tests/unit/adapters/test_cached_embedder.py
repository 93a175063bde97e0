from __future__ import annotations

import pytest

from libraries import ConceptEmbedder
from studyteddy.adapters.cached_embedder import CachedEmbedder
from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.application.ports.embedder import USUAL_BATCH
from studyteddy.domain.errors import Unavailable


class BrokenCache(InMemoryCache):
    def get(self, key: str) -> str | None:
        raise Unavailable("away", code="cache_unavailable")

    def put(self, key: str, value: str, *, seconds: float) -> None:
        raise Unavailable("away", code="cache_unavailable")


def test_a_text_is_embedded_once() -> None:
    inner = ConceptEmbedder()
    embedder = CachedEmbedder(inner, InMemoryCache())
    first = embedder.embed(["a coin", "a leaf", "a coin"])
    again = embedder.embed(["a leaf", "a bank", "a coin"])
    assert inner.asked == ["a coin", "a leaf", "a bank"]
    assert first[0] == first[2]
    assert again[0] == pytest.approx(first[1])
    assert again[2] == pytest.approx(first[0])


def test_another_model_has_vectors_of_its_own() -> None:
    class Other(ConceptEmbedder):
        model = "other"

    cache = InMemoryCache()
    CachedEmbedder(ConceptEmbedder(), cache).embed(["a coin"])
    other = Other()
    CachedEmbedder(other, cache).embed(["a coin"])
    assert other.asked == ["a coin"]


def test_a_vector_is_forgotten_after_its_time() -> None:
    now = 0.0
    inner = ConceptEmbedder()
    embedder = CachedEmbedder(inner, InMemoryCache(clock=lambda: now), seconds=60)
    embedder.embed(["a coin"])
    now = 61.0
    embedder.embed(["a coin"])
    assert inner.asked == ["a coin", "a coin"]


def test_without_its_cache_it_asks_the_provider() -> None:
    inner = ConceptEmbedder()
    embedder = CachedEmbedder(inner, BrokenCache())
    assert embedder.embed(["a coin"]) == embedder.embed(["a coin"])
    assert len(inner.asked) == 2
    assert (embedder.model, embedder.dimension, embedder.batch) == ("concepts", 3, USUAL_BATCH)


def test_what_is_no_vector_is_not_taken_for_one() -> None:
    class Garbage(InMemoryCache):
        def get(self, key: str) -> str | None:
            return "\x7f"

    assert CachedEmbedder(ConceptEmbedder(), Garbage()).embed(["a coin"]) == ConceptEmbedder().embed(["a coin"])
