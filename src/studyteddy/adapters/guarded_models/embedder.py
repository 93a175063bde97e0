"""Embedders behind a circuit breaker."""

from __future__ import annotations

from collections.abc import Sequence

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.guarded_models.guard import guarded
from studyteddy.application.ports.embedder import Embedder, batch_of


class GuardedEmbedder:
    """An ``Embedder``."""

    def __init__(self, inner: Embedder, breaker: CircuitBreaker) -> None:
        self._inner = inner
        self._breaker = breaker

    @property
    def model(self) -> str:
        return self._inner.model

    @property
    def dimension(self) -> int:
        with guarded(self._breaker):  # it may have to ask the provider
            return self._inner.dimension

    @property
    def batch(self) -> int:
        return batch_of(self._inner)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        with guarded(self._breaker):
            return self._inner.embed(texts)
