"""What is due at times, in a process that is alone: beat and a worker do it elsewhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

log = logging.getLogger(__name__)

MINUTE, DAY = 60.0, 86_400.0

Duty = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Turn:
    """A duty and how many seconds lie between two of it."""

    duty: Duty
    every: float


class Clockwork:
    """A thread that does duties in turn, each first at the start. One that fails is done again the next time."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        due = [(monotonic(), turn) for turn in self._turns]
        while due:
            due.sort(key=lambda one: one[0])
            at, turn = due.pop(0)
            if self._stopping.wait(max(0.0, at - monotonic())):
                return
            try:
                turn.duty()
            except Exception:
                # The database may be away for a while: this thread has to outlive that.
                log.exception("a duty was not done")
            due.append((monotonic() + turn.every, turn))
