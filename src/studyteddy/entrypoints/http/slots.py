"""How many connections stay open at a time: each holds a thread."""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import suppress
from uuid import uuid4

from studyteddy.application.ports.presence import Presence
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId

MOST = 200
MOST_EACH = 10


class Slots:
    """Places for sockets and streams, so many in this process and so many for one person over all processes.

    Where ``presence`` can't tell of other processes, only this one's connections count. Safe to share between threads.
    """

    def __init__(self, *, most: int = MOST, most_each: int = MOST_EACH, presence: Presence | None = None) -> None:
        self._most = most
        self._most_each = most_each
        self._presence = presence
        self._lock = threading.Lock()
        self._taken: defaultdict[UserId, list[str]] = defaultdict(list)

    def require_free(self) -> None:
        """``Unavailable`` (``too_many_connections``) when every place is taken."""
        with self._lock:
            self._require(self._total() < self._most)

    def take(self, owner: UserId) -> None:
        """Take a place, else ``Unavailable``; whoever takes one frees it."""
        connection = uuid4().hex
        with self._lock:
            self._require(self._total() < self._most and len(self._taken.get(owner, ())) < self._most_each)
            self._taken[owner].append(connection)
        if not self._welcome(owner, connection):
            self._give_back(owner, connection)
            self._require(False)

    def free(self, owner: UserId) -> None:
        with self._lock:
            connection = self._taken[owner][-1]
        self._give_back(owner, connection)
        if self._presence is not None:
            with suppress(Unavailable):  # then it vanishes by itself
                self._presence.leave(owner, connection)

    def _welcome(self, owner: UserId, connection: str) -> bool:
        try:
            return self._presence is None or self._presence.enter(owner, connection, most=self._most_each)
        except Unavailable:
            return True

    def _give_back(self, owner: UserId, connection: str) -> None:
        with self._lock:
            self._taken[owner].remove(connection)
            if not self._taken[owner]:
                del self._taken[owner]

    def _total(self) -> int:
        return sum(map(len, self._taken.values()))

    @staticmethod
    def _require(free: bool) -> None:
        if not free:
            raise Unavailable(
                "Too many connections are open. Close one, or try again in a moment.",
                code="too_many_connections",
                retry_after=10,
            )
