"""How many connections stay open at a time: each holds a thread."""

from __future__ import annotations

import threading
from collections import Counter

from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId

MOST = 200
MOST_EACH = 10


class Slots:
    """Places for sockets and streams, so many in all and so many for one person; safe to share between threads."""

    def __init__(self, *, most: int = MOST, most_each: int = MOST_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._lock = threading.Lock()
        self._taken: Counter[UserId] = Counter()

    def require_free(self) -> None:
        """``Unavailable`` (``too_many_connections``) when every place is taken."""
        with self._lock:
            self._check(self._taken.total(), self._most)

    def take(self, owner: UserId) -> None:
        """Take a place, else ``Unavailable``; whoever takes one frees it."""
        with self._lock:
            self._check(self._taken.total(), self._most)
            self._check(self._taken[owner], self._most_each)
            self._taken[owner] += 1

    def free(self, owner: UserId) -> None:
        with self._lock:
            self._taken[owner] -= 1
            if self._taken[owner] <= 0:
                del self._taken[owner]

    def _check(self, taken: int, most: int) -> None:
        if taken >= most:
            raise Unavailable(
                "Too many connections are open. Close one, or try again in a moment.",
                code="too_many_connections",
                retry_after=10,
            )
