"""Meaning as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


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
