"""Leaving alone, for a while, what fails again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Counts failures in a row of one dependency; safe to share between threads.

    Closed, it allows every call. After ``failures`` in a row it opens: nothing is allowed for ``pause`` seconds. Then
    it lets one call through as a probe, and another one after each further pause, until one succeeds, which closes it.
    A probe of which nothing is heard again costs one pause.

    Ask ``allows`` before a call and report its outcome once; say nothing of a call that was broken off by its caller.
    """

    def __init__(
        self, *, failures: int = 5, pause: float = 10.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        if failures < 1 or pause <= 0:
            raise ValueError("A circuit breaker needs at least one failure and a pause.")
        self._failures = failures
        self._pause = pause
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._open_until: float | None = None

    def allows(self) -> bool:
        """Whether a call may be made now. While open, True makes the caller the probe."""
        with self._lock:
            if self._open_until is None:
                return True
            now = self._monotonic()
            if now < self._open_until:
                return False
            self._open_until = now + self._pause
            return True

    def succeeded(self) -> None:
        """A call was answered."""
        with self._lock:
            self._in_a_row = 0
            self._open_until = None

    def failed(self, *, pause: float | None = None) -> None:
        """A call failed. With ``pause``, in seconds, the dependency named it itself: it opens at once for that long."""
        with self._lock:
            self._in_a_row += 1
            often = self._in_a_row >= self._failures
            if pause is None and not often:
                return
            until = self._monotonic() + max(self._pause if often else 0.0, pause or 0.0)
            self._open_until = max(until, self._open_until or until)

    def remaining(self) -> float:
        """Seconds until the next call is allowed; 0 when one is allowed now."""
        with self._lock:
            return 0.0 if self._open_until is None else max(0.0, self._open_until - self._monotonic())
