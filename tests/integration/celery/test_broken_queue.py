from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from e2e.server import eventually
from engines.redis_server import RedisServer
from engines.workers import Desk, WorkerProcess, WorkPlace
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.ids import JobId

AT_ONCE = 1.0
"""Seconds in which a change is committed and its wake-up noted; a hung queue would take twice that for each."""


@pytest.fixture(scope="module")
def place(database_url: str, queue_server: RedisServer) -> Iterator[WorkPlace]:
    place = WorkPlace(database_url, queue_server.url)
    yield place
    place.close()


@pytest.fixture(scope="module")
def worker(place: WorkPlace) -> WorkerProcess:
    """One for all tests here: it has to outlive whatever they do to the queue."""
    return place.worker("default", "--concurrency", "2")


@pytest.fixture
def desk(place: WorkPlace) -> Iterator[Desk]:
    with place.desk() as desk:
        yield desk


def errands(desk: Desk, count: int) -> list[JobId]:
    """Jobs that are queued without waiting for the queue."""
    jobs = []
    for _ in range(count):
        begun = time.monotonic()
        jobs.append(desk.errand())
        assert time.monotonic() - begun < AT_ONCE
    return jobs


def all_done(desk: Desk, jobs: list[JobId]) -> None:
    """All of them, by attempts that nobody broke off."""
    for job_id in jobs:
        job = desk.over(job_id, seconds=40)
        assert (job.status, job.attempts) == (JobStatus.DONE, 1)


def test_nothing_is_lost_while_the_queue_is_down(desk: Desk, worker: WorkerProcess, queue_server: RedisServer) -> None:
    queue_server.kill()
    jobs = errands(desk, 50)
    assert {desk.job(job_id).status for job_id in jobs} == {JobStatus.QUEUED}
    queue_server.start()
    all_done(desk, jobs)


def test_nothing_is_lost_and_nobody_waits_while_the_queue_hangs(
    desk: Desk, worker: WorkerProcess, queue_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    queue_server.pause()
    try:
        jobs = errands(desk, 25)
        eventually(lambda: "jobs wait in the database: queue_unavailable" in caplog.text, seconds=5)
        jobs += errands(desk, 25)
    finally:
        queue_server.resume()
    all_done(desk, jobs)


def test_a_worker_comes_back_after_each_restart_of_the_queue(
    desk: Desk, worker: WorkerProcess, queue_server: RedisServer
) -> None:
    jobs = []
    for _ in range(4):
        jobs += errands(desk, 10)
        queue_server.restart()
        jobs += errands(desk, 10)
    all_done(desk, jobs)
    assert worker.process.poll() is None


def test_messages_that_the_queue_loses_are_sent_again(
    desk: Desk, place: WorkPlace, queue_server: RedisServer, worker: WorkerProcess
) -> None:
    queue = queue_server.client()
    job = desk.queue("some_kind")  # the worker drops its messages, which is as good as losing them
    worker.has_logged(str(job.id), times=3)
    assert desk.job(job.id).attempts == 0
    desk.cancel(job.id)
    queue.close()


def test_what_a_process_could_not_send_is_sent_by_another(place: WorkPlace, worker: WorkerProcess) -> None:
    with place.desk(sending=False) as dying:
        all_done(dying, errands(dying, 3))
