from __future__ import annotations

import time

import pytest

from engines.paced_reader import Pace
from engines.workers import Desk, WorkPlace
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.ids import DocumentId, JobId

BOOK = "\n\n".join(f"Passage {number} tells of the sea." for number in range(20))
LEASE = 3.0


@pytest.fixture
def pace(place: WorkPlace) -> Pace:
    pace = place.paced()
    pace.hold()
    return pace


def running(desk: Desk) -> tuple[DocumentId, JobId]:
    """A document that a worker has begun to read, and its job."""
    added = desk.upload(BOOK)
    desk.until(added.job_id, lambda job: job.status is JobStatus.RUNNING)
    return added.document.id, added.job_id


def test_the_job_of_a_killed_child_is_done_by_another(place: WorkPlace, pace: Pace) -> None:
    worker = place.worker("ingest", "--concurrency", "1")
    with place.desk() as desk:
        document_id, job_id = running(desk)
        killed = time.monotonic()
        for child in worker.children():
            child.kill()
        pace.go_on()
        job = desk.over(job_id, seconds=30)
        assert time.monotonic() - killed < 4 * LEASE
        assert (job.status, job.attempts) == (JobStatus.DONE, 2)
        document = desk.container.get_document()(owner=desk.person.id, document_id=document_id)
        assert (document.status, document.page_count) == ("ready", 20)
    assert worker.process.poll() is None


def test_the_job_of_a_killed_worker_is_done_by_another_within_two_leases(place: WorkPlace, pace: Pace) -> None:
    first = place.worker("ingest", "--concurrency", "1")
    with place.desk() as desk:
        _, job_id = running(desk)
        first.kill()
        killed = time.monotonic()
        pace.go_on()
        second = place.worker("ingest", "--concurrency", "1")
        job = desk.over(job_id, seconds=30)
        assert time.monotonic() - killed < 4 * LEASE
        assert (job.status, job.attempts) == (JobStatus.DONE, 2)
    assert str(job_id) in second.log()


def test_sigterm_lets_the_running_job_finish(place: WorkPlace, pace: Pace) -> None:
    worker = place.worker("ingest", "--concurrency", "1")
    with place.desk() as desk:
        _, job_id = running(desk)
        worker.process.terminate()
        with pytest.raises(Exception, match="timed out"):
            worker.process.wait(1)
        pace.go_on()
        assert worker.process.wait(30) == 0
        job = desk.job(job_id)
    assert (job.status, job.attempts) == (JobStatus.DONE, 1)
