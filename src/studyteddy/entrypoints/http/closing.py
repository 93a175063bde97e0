"""Telling what stays open for long that its process ends, so that nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Closing:
    """The end of a process, once it has begun. Sockets and streams are told and leave; the rest just finishes."""

    def __init__(self) -> None:
        self._begun = threading.Event()
        self._lock = threading.Lock()
        self._told: dict[object, Callable[[], None]] = {}

    @property
    def begun(self) -> bool:
        return self._begun.is_set()

    def tell(self, who: object, leave: Callable[[], None]) -> None:
        """Call ``leave`` when the end begins, or at once where it has. ``forget`` takes it back."""
        with self._lock:
            self._told[who] = leave
        if self.begun:
            leave()

    def forget(self, who: object) -> None:
        with self._lock:
            self._told.pop(who, None)

    def begin(self) -> None:
        """Tell everybody. ``leave`` may block for a moment; it is never called under the lock."""
        self._begun.set()
        with self._lock:
            told = list(self._told.values())
        for leave in told:
            leave()
