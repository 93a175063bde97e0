"""Who is connected to this process."""

from __future__ import annotations

import threading
from collections import defaultdict

from studyteddy.domain.ids import UserId


class InMemoryPresence:
    """The ``Presence`` port for a process alone, whose connections end with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: defaultdict[UserId, set[str]] = defaultdict(set)

    def enter(self, owner: UserId, connection: str, *, most: int) -> bool:
        with self._lock:
            if len(self._connections[owner] - {connection}) >= most:
                return False
            self._connections[owner].add(connection)
            return True

    def leave(self, owner: UserId, connection: str) -> None:
        with self._lock:
            self._connections[owner].discard(connection)
            if not self._connections[owner]:
                del self._connections[owner]

    def count(self, owner: UserId) -> int:
        with self._lock:
            return len(self._connections.get(owner, ()))
