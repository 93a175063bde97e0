from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from uuid import uuid4

import pytest

from e2e.server import eventually
from studyteddy.adapters import outbox as outbox_module
from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.outbox import GuardedSender, Outbox
from studyteddy.application.ports.jobs import JobKind, WakeUp
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import JobId

DOWN = Unavailable("The queue does not answer.", code="queue_unavailable")


def a_wake_up() -> WakeUp:
    return WakeUp(JobId(uuid4()), JobKind.INGEST_DOCUMENT, "r-1")


class Queue:
    """Takes messages, unless it is down; while it hangs, nobody gets an answer from it."""

    def __init__(self) -> None:
        self.taken: list[WakeUp] = []
        self.asked = 0
        self.fault: Exception | None = None
        self.answers = threading.Event()
        self.answers.set()
        self.closed = False

    def __call__(self, wake_up: WakeUp) -> None:
        self.asked += 1
        assert self.answers.wait(20)
        if self.fault is not None:
            raise self.fault
        self.taken.append(wake_up)

    def close(self) -> None:
        self.closed = True


class Table:
    """The job table as far as the outbox sees it."""

    def __init__(self) -> None:
        self.noted: list[JobId] = []
        self.sweeps = 0
        self.fault: Exception | None = None

    def note(self, job_ids: Collection[JobId]) -> None:
        if self.fault is not None:
            raise self.fault
        self.noted += job_ids

    def sweep(self) -> int:
        self.sweeps += 1
        if self.fault is not None:
            raise self.fault
        return 0


class Office:
    def __init__(self, *, sweep_every: float = 0.02) -> None:
        self.queue, self.table = Queue(), Table()
        self.send = GuardedSender(self.queue, CircuitBreaker(failures=1, pause=0.05))
        self.outbox = Outbox(
            self.send, send_waiting=self.table.sweep, note_sent=self.table.note, sweep_every=sweep_every
        )


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.queue.answers.set()
    office.outbox.stop()


def test_what_is_queued_here_is_sent_and_noted(office: Office) -> None:
    office.outbox.start()
    wake_ups = [a_wake_up() for _ in range(5)]
    for wake_up in wake_ups:
        office.outbox.wake(wake_up)
    eventually(lambda: office.queue.taken == wake_ups)
    eventually(lambda: office.table.noted == [wake_up.job_id for wake_up in wake_ups])


def test_nobody_waits_for_a_queue_that_hangs(office: Office) -> None:
    office.queue.answers.clear()
    office.outbox.start()
    begun = time.monotonic()
    for _ in range(1_000):
        office.outbox.wake(a_wake_up())
    assert time.monotonic() - begun < 15  # one wait alone would take twenty seconds
    assert office.queue.taken == []
    assert not office.outbox.stop(timeout=0.1)


def test_a_bounded_number_waits_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "HELD_AT_MOST", 3)
    office = Office()
    for _ in range(10):
        office.outbox.wake(a_wake_up())
    office.outbox.start()
    eventually(lambda: office.table.sweeps > 0)
    office.outbox.stop()
    assert len(office.queue.taken) == 3


def test_a_queue_that_fails_is_left_alone_for_a_while_and_then_tried_again(office: Office) -> None:
    office.queue.fault = DOWN
    with pytest.raises(Unavailable):
        office.send(a_wake_up())
    for _ in range(10):
        with pytest.raises(Unavailable):
            office.send(a_wake_up())
    assert office.queue.asked == 1
    assert office.send.resting() > 0
    office.queue.fault = None
    eventually(lambda: office.send.resting() == 0)
    office.send(a_wake_up())
    assert len(office.queue.taken) == 1


def test_the_table_is_swept_again_and_again_but_not_while_the_queue_is_away(office: Office) -> None:
    office.outbox.start()
    eventually(lambda: office.table.sweeps >= 3)
    office.queue.answers.clear()
    office.outbox.wake(a_wake_up())
    eventually(lambda: office.queue.asked == 1)
    seen = office.table.sweeps
    office.queue.fault = DOWN
    office.queue.answers.set()
    eventually(lambda: office.table.sweeps > seen, seconds=5)


@pytest.mark.parametrize("fault", [DOWN, ZeroDivisionError("ours")], ids=["expected", "unexpected"])
def test_faults_do_not_end_the_thread(office: Office, fault: Exception) -> None:
    office.queue.fault = office.table.fault = fault
    office.outbox.start()
    office.outbox.wake(a_wake_up())
    eventually(lambda: office.queue.asked >= 1 and office.table.sweeps >= 2)
    office.queue.fault = office.table.fault = None

    def sent_again() -> bool:
        office.outbox.wake(a_wake_up())
        return bool(office.queue.taken)

    eventually(sent_again)


def test_trouble_is_told_once(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.table.fault = DOWN
    office.outbox.start()
    eventually(lambda: office.table.sweeps >= 5)
    assert caplog.text.count("jobs wait in the database") == 1


def test_what_is_left_at_the_end_is_still_sent() -> None:
    office = Office(sweep_every=60)
    wake_ups = [a_wake_up() for _ in range(20)]
    for wake_up in wake_ups:
        office.outbox.wake(wake_up)
    office.outbox.start()
    assert office.outbox.stop()
    assert office.queue.taken == wake_ups
    assert office.table.noted == [wake_up.job_id for wake_up in wake_ups]
    assert office.queue.closed


def test_an_outbox_that_never_started_can_be_stopped() -> None:
    assert Office().outbox.stop()
