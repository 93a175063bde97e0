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

    def begun(self) -> bool:
        return self._begun.is_set()

    def tell(self, who: object, leave: Callable[[], None]) -> None:
        """Call ``leave``, in a thread of its own, when the end begins, or at once where it has begun."""
        with self._lock:
            self._told[who] = leave
        if self.begun():
            _start(leave)

    def forget(self, who: object) -> None:
        with self._lock:
            self._told.pop(who, None)

    def begin(self) -> None:
        """Tell everybody at once: a client that reads slowly holds up no other."""
        self._begun.set()
        with self._lock:
            told = list(self._told.values())
        for leave in told:
            _start(leave)


def _start(leave: Callable[[], None]) -> None:
    threading.Thread(target=leave, name="leaving", daemon=True).start()
