"""Running jobs in threads of this process, over the job table."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from time import monotonic
from typing import Protocol

from studyteddy.application.ports.jobs import JobKind, WakeUp

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
FAULT_PAUSE_SECONDS = 1.0


class RunNext(Protocol):
    """Takes one job of these kinds and does it; False when there is none."""

    def __call__(self, *, kinds: Collection[JobKind]) -> bool: ...


class ThreadJobs:
    """The ``JobRunner`` port. Each lane is a thread with the kinds of job that it takes, so that a question never waits
    behind a shelf of books.

    A thread looks for work when it is woken up and every few seconds besides: that finds jobs that wait for another
    attempt, jobs whose worker died, and those whose wake-up was lost.
    """

    def __init__(self, run_next: RunNext, lanes: Sequence[frozenset[JobKind]], *, sweep: float = SWEEP_SECONDS) -> None:
        self._run_next = run_next
        self._sweep = sweep
        self._changed = threading.Condition()
        self._wakes = 0
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(kinds,), name=f"jobs-{number}", daemon=True)
            for number, kinds in enumerate(lanes)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self, wake_up: WakeUp) -> None:  # noqa: ARG002 - every lane looks for the oldest job that it may take
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def stop(self, timeout: float = 10.0) -> bool:
        """Take no more jobs and wait for those under way; False when one needs longer than ``timeout`` seconds.

        What is still running then ends with the process, and is taken again when its lease runs out.
        """
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        until = monotonic() + timeout
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, kinds: frozenset[JobKind]) -> None:
        while not self._stopping.is_set():
            with self._changed:
                seen = self._wakes
            if not self._take(kinds):
                self._rest(seen)

    def _rest(self, seen: int) -> None:
        """Wait for the next wake-up after number ``seen``, for the next sweep, or for the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping.is_set() or self._wakes != seen, self._sweep)

    def _take(self, kinds: frozenset[JobKind]) -> bool:
        try:
            return self._run_next(kinds=kinds)
        except Exception:
            # The database may be away for a while: this thread has to outlive that.
            log.exception("no job could be taken")
            self._stopping.wait(FAULT_PAUSE_SECONDS)
            return False
