"""Meaning as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

USUAL_BATCH = 128


class Embedder(Protocol):
    """Turns texts into unit vectors. Vectors of different ``model`` names are never compared."""

    @property
    def model(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One L2-normalised vector of ``dimension`` numbers for each text, in order; any number of texts.

        Raises ``RateLimited`` or ``Unavailable`` (``provider_unavailable``), ``NotAllowed`` for a rejected key.
        """
        ...


@runtime_checkable
class BatchingEmbedder(Protocol):
    """Optional: how many texts the provider takes in one call. What is asked for together is lost together."""

    @property
    def batch(self) -> int: ...


def batch_of(embedder: Embedder) -> int:
    """How many texts to ask for at a time, so that a provider which dies loses one call and no more."""
    return embedder.batch if isinstance(embedder, BatchingEmbedder) else USUAL_BATCH
