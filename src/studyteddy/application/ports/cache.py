"""Short-lived values that may be lost at any time."""

from __future__ import annotations

from typing import Protocol


class Cache(Protocol):
    """Text under a key for a while. Losing everything must cost time only, never correctness.

    Every method raises ``Unavailable`` (``cache_unavailable``) when the cache does not answer in time; whoever can do
    without it goes on.

    Values that a write makes wrong are filed under the stamp of a tag, such as that of their owner:

        stamp = cache.stamp("figures:ada")
        found = cache.get(f"{stamp}:summary")  # None: compute it now, not earlier
        cache.put(f"{stamp}:summary", computed, seconds=60)

    and the writer calls ``forget("figures:ada")`` after its commit. What was computed from rows older than the write
    was begun before the ``forget``, so it lies under the old stamp, where nobody looks any more: also when it is put
    late. A stamp never comes back. Should the ``forget`` itself be lost, values live on until their seconds are over,
    so these have to be few.
    """

    def put(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for at most that long; an earlier value is replaced."""
        ...

    def get(self, key: str) -> str | None:
        """The value while it is kept, else None."""
        ...

    def take(self, key: str) -> str | None:
        """The value, and forget it: of many takers at once exactly one gets it."""
        ...

    def stamp(self, tag: str) -> str:
        """What the tag stands at, the same for everybody until the tag is forgotten (or the cache loses it)."""
        ...

    def forget(self, tag: str) -> None:
        """Let nobody see again what was filed under the tag's stamp."""
        ...
