"""Vectors from a model behind ``/embeddings``."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, cast

from studyteddy.adapters.openai_models.connection import OpenAIConnection
from studyteddy.adapters.openai_models.reading import without_surrogates
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.domain.retrieval.chunking import estimated_tokens

MAX_TEXTS = 128
MAX_TOKENS = 100_000
"""Tokens of one call, estimated; OpenAI takes 300,000."""
_SETTING = "EMBEDDING_MODEL"


class OpenAIEmbedder:
    """An ``Embedder``. With ``shorten_to`` the provider is asked for that many dimensions, and ``model`` says so.

    ``dimension`` may be given where it is known; else it is learnt from the first vectors, and asking for it before
    costs one call.
    """

    def __init__(
        self,
        connection: OpenAIConnection,
        *,
        model: str,
        dimension: int | None = None,
        shorten_to: int | None = None,
    ) -> None:
        """Raises ``Invalid`` without a model, or with a provider that has no embeddings."""
        provider = connection.provider
        if not provider.embeddings:
            raise Invalid.field(_SETTING, f"{provider.title} has no embeddings; leave {_SETTING} empty.")
        if not model.strip():
            raise Invalid.field(_SETTING, f"Set {_SETTING} to an embedding model of {provider.title}.")
        self._connection = connection
        self._model = model.strip()
        self._shorten_to = shorten_to
        self._dimension = shorten_to or dimension
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        return self._model if self._shorten_to is None else f"{self._model}@{self._shorten_to}"

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            return len(self.embed(["dimension"])[0])
        return self._dimension

    @property
    def batch(self) -> int:
        return min(self._connection.provider.embedding_batch, MAX_TEXTS)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See ``Embedder.embed``. An empty text is embedded as a space, because providers refuse the former."""
        vectors: list[list[float]] = []
        sent = [without_surrogates(text) or " " for text in texts]
        for batch in _batches(sent, self.batch):
            vectors.extend(self._connection.retried(partial(self._asked, batch)))
        return vectors

    def _asked(self, batch: list[str]) -> list[list[float]]:
        parameters: dict[str, object] = {"model": self._model, "input": batch, "encoding_format": "float"}
        if self._shorten_to is not None:
            parameters["dimensions"] = self._shorten_to
        client = self._connection.client()
        # Raw: the SDK's models of 200,000 numbers are slow to build and check nothing.
        create = cast(Any, client.embeddings.with_raw_response.create)

        def ask() -> object:
            return create(**parameters).http_response.json()

        body = self._connection.guarded(ask, setting=_SETTING)
        rows = _in_order(body, len(batch))
        if rows is None:
            raise self._unusable(f"did not answer with {len(batch)} vectors")
        return [self._unit(row) for row in rows]

    def _unit(self, row: object) -> list[float]:
        """``row`` scaled to length 1 (L2)."""
        if not isinstance(row, list) or not row:
            raise self._unusable("answered with something that is not a vector")
        try:
            length = math.hypot(*row)
        except (TypeError, OverflowError):
            length = math.nan
        if not math.isfinite(length) or length == 0.0:
            raise self._unusable("answered with a vector that has no direction")
        self._expect(len(row))
        return [number / length for number in row]

    def _expect(self, dimension: int) -> None:
        with self._lock:
            if self._dimension is None:
                self._dimension = dimension
            expected = self._dimension
        if dimension != expected:
            raise self._unusable(f"answered with {dimension} dimensions instead of {expected}")

    def _unusable(self, says: str) -> Unavailable:
        return Unavailable(
            f"{self._connection.provider.title} {says}; check {_SETTING}.",
            code="provider_unavailable",
            retry_after=30.0,
        )


def _batches(texts: list[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    tokens = 0
    for text in texts:
        cost = estimated_tokens(text)
        if batch and (len(batch) >= size or tokens + cost > MAX_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(text)
        tokens += cost
    if batch:
        yield batch


def _in_order(body: object, count: int) -> list[object] | None:
    """The vectors in the order of the texts, or ``None`` when they are not ``count``. Not all servers number them."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list) or len(data) != count or not all(isinstance(row, dict) for row in data):
        return None
    numbers = [row.get("index") for row in data]
    if all(number is None for number in numbers):
        return [row.get("embedding") for row in data]
    by_number = {number: row for number, row in zip(numbers, data, strict=True) if isinstance(number, int)}
    if set(by_number) != set(range(count)):
        return None
    return [by_number[number].get("embedding") for number in range(count)]
