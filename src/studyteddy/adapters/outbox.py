"""A thread that tells workers, in other processes, of the jobs that this process queues."""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from time import monotonic
from typing import Protocol

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.application.ports.jobs import WakeUp
from studyteddy.domain.errors import StudyTeddyError, Unavailable
from studyteddy.domain.ids import JobId

log = logging.getLogger(__name__)

HELD_AT_MOST = 10_000
"""Wake-ups that wait in this process; more are left to the sweep."""

SWEEP_SECONDS = 5.0
PROBE_SECONDS = 2.0
_NOTE_SECONDS = 0.5
_NOTE_AT_ONCE = 200


class Sender(Protocol):
    """Puts a wake-up on the queue within seconds, or raises ``Unavailable``."""

    def __call__(self, wake_up: WakeUp) -> None: ...

    def close(self) -> None: ...


class GuardedSender:
    """A sender that is left alone for ``PROBE_SECONDS`` after it failed; until then, sending fails at once."""

    def __init__(self, send: Sender, breaker: CircuitBreaker | None = None) -> None:
        self._send = send
        self._breaker = breaker or CircuitBreaker(failures=1, pause=PROBE_SECONDS)

    def __call__(self, wake_up: WakeUp) -> None:
        if not self._breaker.allows():
            raise Unavailable("The queue does not answer. The job waits.", code="queue_unavailable")
        try:
            self._send(wake_up)
        except Unavailable:
            self._breaker.failed()
            raise
        self._breaker.succeeded()

    def resting(self) -> float:
        """Seconds for which sending is pointless; 0 when it may be tried."""
        return self._breaker.remaining()

    def close(self) -> None:
        self._send.close()


class Outbox:
    """The ``JobRunner`` port of a process that has its jobs done elsewhere.

    ``wake`` only takes note. A thread sends, and every ``sweep_every`` seconds it looks for what was not sent: by this
    process while the queue was away, or by another one that died between its commit and its message. A wake-up that
    can't be sent is forgotten here, since the row of its job waits to be found.
    """

    def __init__(
        self,
        send: GuardedSender,
        *,
        send_waiting: Callable[[], int],
        note_sent: Callable[[Collection[JobId]], None],
        sweep_every: float = SWEEP_SECONDS,
    ) -> None:
        self._send = send
        self._send_waiting = send_waiting
        self._note_sent = note_sent
        self._sweep_every = sweep_every
        self._waiting: queue.Queue[WakeUp | None] = queue.Queue(HELD_AT_MOST)
        self._sent: list[JobId] = []
        self._note_at = self._sweep_at = 0.0
        self._troubled = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self, wake_up: WakeUp) -> None:
        try:
            self._waiting.put_nowait(wake_up)
        except queue.Full:
            log.debug("the wake-up of job %s is left to the sweep", wake_up.job_id)

    def stop(self, timeout: float = 10.0) -> bool:
        self._stopping.set()
        with suppress(queue.Full):
            self._waiting.put_nowait(None)  # the thread may be waiting for the next one
        if self._thread.ident is not None:
            self._thread.join(timeout)
        ended = not self._thread.is_alive()
        if ended:
            self._send.close()
        return ended

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._take(self._patience())
            now = monotonic()
            if self._sent and (now >= self._note_at or len(self._sent) >= _NOTE_AT_ONCE):
                self._note()
            if now >= self._sweep_at:
                self._sweep()
        self._drain()

    def _patience(self) -> float:
        due = min(self._note_at, self._sweep_at) if self._sent else self._sweep_at
        return max(0.0, due - monotonic())

    def _take(self, patience: float) -> None:
        try:
            wake_up = self._waiting.get(timeout=patience) if patience else self._waiting.get_nowait()
        except queue.Empty:
            return
        if wake_up is not None:
            self._tell(wake_up)

    def _tell(self, wake_up: WakeUp) -> None:
        try:
            self._send(wake_up)
        except Unavailable as fault:
            self._note_trouble(fault)
            return
        except Exception:
            # A fault of ours must not end the thread that all jobs of this process go through.
            log.exception("a wake-up could not be sent")
            return
        if not self._sent:
            self._note_at = monotonic() + _NOTE_SECONDS
        self._sent.append(wake_up.job_id)

    def _drain(self) -> None:
        """Send what is left while that works; what is not sent is found by another process."""
        while not self._waiting.empty() and not self._send.resting():
            self._take(0.0)
        if self._sent:
            self._note()

    def _note(self) -> None:
        noted, self._sent = self._sent, []
        try:
            self._note_sent(noted)
        except StudyTeddyError as fault:
            log.info("it was not noted that %d jobs were sent: %s", len(noted), fault.code)

    def _sweep(self) -> None:
        # Not all processes at the same moment.
        self._sweep_at = monotonic() + self._sweep_every * random.uniform(0.8, 1.0)  # noqa: S311
        rest = self._send.resting()
        if rest:
            self._sweep_at = min(self._sweep_at, monotonic() + rest)
            return
        try:
            count = self._send_waiting()
        except StudyTeddyError as fault:
            self._note_trouble(fault)
        except Exception:
            log.exception("the jobs that wait could not be looked for")
        else:
            self._troubled = False
            if count:
                log.info("sent %d jobs that had waited", count)

    def _note_trouble(self, fault: StudyTeddyError) -> None:
        """One line when trouble begins, not one for each job."""
        if not self._troubled:
            log.warning("jobs wait in the database: %s", fault.code)
        self._troubled = True
