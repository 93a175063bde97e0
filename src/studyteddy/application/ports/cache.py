"""Short-lived values that may be lost at any time."""

from __future__ import annotations

from typing import Protocol


class Cache(Protocol):
    """Text under a key for a while. Losing everything must cost time only, never correctness."""

    def put(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for at most that long; an earlier value is replaced."""
        ...

    def get(self, key: str) -> str | None:
        """The value while it is kept, else None."""
        ...

    def take(self, key: str) -> str | None:
        """The value, and forget it: of many takers at once exactly one gets it."""
        ...
