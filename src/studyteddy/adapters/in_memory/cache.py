"""A cache within one process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from uuid import uuid4

MOST_ENTRIES = 10_000
STAMP_SECONDS = 86_400


class InMemoryCache:
    """The ``Cache`` port. ``clock`` gives seconds that only ever rise; the oldest of too many entries are dropped."""

    def __init__(self, *, clock: Callable[[], float] = monotonic, most: int = MOST_ENTRIES) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def put(self, key: str, value: str, *, seconds: float) -> None:
        with self._lock:
            self._put(key, value, seconds)

    def _put(self, key: str, value: str, seconds: float) -> None:
        self._entries[key] = (self._clock() + seconds, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._make_room()

    def _make_room(self) -> None:
        now = self._clock()
        for key in [key for key, (until, _) in self._entries.items() if until <= now]:
            del self._entries[key]
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def get(self, key: str) -> str | None:
        with self._lock:
            return self._live(self._entries.get(key))

    def take(self, key: str) -> str | None:
        with self._lock:
            return self._live(self._entries.pop(key, None))

    def stamp(self, tag: str) -> str:
        with self._lock:
            stamp = self._live(self._entries.get(_tagged(tag)))
            if stamp is None:
                stamp = uuid4().hex
                self._put(_tagged(tag), stamp, STAMP_SECONDS)
            return stamp

    def forget(self, tag: str) -> None:
        with self._lock:
            self._entries.pop(_tagged(tag), None)

    def _live(self, entry: tuple[float, str] | None) -> str | None:
        return entry[1] if entry is not None and self._clock() < entry[0] else None


def _tagged(tag: str) -> str:
    return f"tag\0{tag}"
