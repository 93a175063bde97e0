from __future__ import annotations

import threading
from collections.abc import Collection
from time import monotonic
from uuid import uuid4

import pytest

from studyteddy.adapters.thread_jobs import ThreadJobs
from studyteddy.application.ports.jobs import JobKind, WakeUp
from studyteddy.domain.ids import JobId

READING = frozenset({JobKind.INGEST_DOCUMENT})
ANSWERS = frozenset({JobKind.ANSWER_QUESTION})


class Queue:
    """Counts jobs by kind; taking one may block until it is let go."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: list[JobKind] = []
        self.done: list[JobKind] = []
        self.changed = threading.Event()
        self.let_go = threading.Event()
        self.let_go.set()
        self.faults = 0

    def __call__(self, *, kinds: Collection[JobKind]) -> bool:
        with self.lock:
            if self.faults:
                self.faults -= 1
                raise ConnectionError("the database is away")
            job = next((kind for kind in self.waiting if kind in kinds), None)
            if job is None:
                return False
            self.waiting.remove(job)
        if job is JobKind.INGEST_DOCUMENT:
            self.let_go.wait(10)
        with self.lock:
            self.done.append(job)
        return True

    def until(self, count: int) -> bool:
        end = monotonic() + 10
        while monotonic() < end:
            with self.lock:
                if len(self.done) >= count:
                    return True
            threading.Event().wait(0.005)
        return False


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_a_wake_up_runs_everything_that_waits(queue: Queue) -> None:
    jobs = ThreadJobs(queue, [READING, ANSWERS], sweep=60)
    jobs.start()
    queue.waiting += [JobKind.INGEST_DOCUMENT] * 5
    jobs.wake(WakeUp(JobId(uuid4()), JobKind.INGEST_DOCUMENT))
    assert queue.until(5)
    assert jobs.stop()


def test_work_is_found_without_a_wake_up(queue: Queue) -> None:
    jobs = ThreadJobs(queue, [READING], sweep=0.02)
    jobs.start()
    threading.Event().wait(0.05)
    queue.waiting.append(JobKind.INGEST_DOCUMENT)
    assert queue.until(1)
    assert jobs.stop()


def test_a_question_never_waits_behind_documents(queue: Queue) -> None:
    queue.let_go.clear()
    jobs = ThreadJobs(queue, [READING, ANSWERS], sweep=60)
    queue.waiting += [JobKind.INGEST_DOCUMENT] * 3 + [JobKind.ANSWER_QUESTION]
    jobs.start()
    assert queue.until(1)
    assert queue.done == [JobKind.ANSWER_QUESTION]
    queue.let_go.set()
    assert queue.until(4)
    assert jobs.stop()


def test_a_worker_outlives_faults(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studyteddy.adapters.thread_jobs.FAULT_PAUSE_SECONDS", 0.01)
    queue.faults = 3
    queue.waiting.append(JobKind.INGEST_DOCUMENT)
    jobs = ThreadJobs(queue, [READING], sweep=0.01)
    jobs.start()
    assert queue.until(1)
    assert jobs.stop()


def test_stopping_waits_for_the_job_under_way_and_takes_no_other(queue: Queue) -> None:
    queue.let_go.clear()
    jobs = ThreadJobs(queue, [READING], sweep=60)
    queue.waiting += [JobKind.INGEST_DOCUMENT] * 2
    jobs.start()
    while len(queue.waiting) == 2:
        threading.Event().wait(0.005)
    assert not jobs.stop(timeout=0.05), "it is still busy"
    queue.let_go.set()
    assert jobs.stop()
    assert (len(queue.done), len(queue.waiting)) == (1, 1)


def test_a_runner_that_never_started_stops_at_once(queue: Queue) -> None:
    assert ThreadJobs(queue, [READING]).stop()
