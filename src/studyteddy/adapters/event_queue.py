"""A follower's end of live events: a bounded queue between who brings them and who reads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from studyteddy.application.ports.events import Event

BACKLOG = 2_000
"""Events that a follower may lie behind before it counts as dead."""


class EventQueue:
    """The ``Subscription`` port. A reader that falls too far behind is closed rather than waited for.

    ``left`` is called once the reader has closed it.
    """

    def __init__(self, left: Callable[[EventQueue], None], *, backlog: int = BACKLOG) -> None:
        self._left = left
        self._waiting: deque[Event] = deque()
        self._backlog = backlog
        self._changed = threading.Condition()
        self._closed = False
        self._tell: Callable[[], None] = _nobody

    @property
    def closed(self) -> bool:
        return self._closed

    def replay(self, events: Iterable[Event]) -> None:
        """Hand over what happened before. However much that is, it does not count as falling behind."""
        with self._changed:
            before = len(self._waiting)
            self._waiting.extend(events)
            self._backlog += len(self._waiting) - before
            self._changed.notify()
        self._tell()

    def offer(self, event: Event) -> bool:
        """Hand over an event without waiting; False when the reader is gone or too slow."""
        with self._changed:
            taken = not self._closed and len(self._waiting) < self._backlog
            if taken:
                self._waiting.append(event)
                self._changed.notify()
            else:
                self._end()
        self._tell()
        return taken

    def next(self, timeout: float) -> Event | None:
        until = monotonic() + timeout
        with self._changed:
            while not self._waiting and not self._closed:
                left = until - monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            return self._waiting.popleft() if self._waiting else None

    def when_changed(self, call: Callable[[], None]) -> None:
        with self._changed:
            self._tell = call
            changed = bool(self._waiting) or self._closed
        if changed:
            call()

    def close(self) -> None:
        with self._changed:
            self._tell = _nobody
            self._end()
        self._left(self)

    def _end(self) -> None:
        self._closed = True
        self._waiting.clear()
        self._changed.notify_all()

    def __iter__(self) -> Iterator[Event]:
        while not self._closed:
            event = self.next(timeout=60)
            if event is not None:
                yield event


def _nobody() -> None:
    return
