from __future__ import annotations

import json
import random
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
import sqlalchemy as sa
import structlog

from engines.paced_reader import Pace
from engines.redis_server import RedisServer
from engines.workers import Desk, WorkerProcess, WorkPlace
from studyteddy.adapters.celery_jobs.app import RUN_JOB, celery_app
from studyteddy.adapters.celery_jobs.messages import to_message
from studyteddy.application.ports.jobs import JobKind, JobStatus, WakeUp

NOTES = "\n\n".join(f"Paragraph {number} tells how water moves through membrane {number}." for number in range(60))


@pytest.fixture(scope="module")
def place(database_url: str, queue_server: RedisServer) -> Iterator[WorkPlace]:
    place = WorkPlace(database_url, queue_server.url)
    yield place
    place.close()


@pytest.fixture(scope="module")
def pace(place: WorkPlace) -> Pace:
    return place.paced()


@pytest.fixture(scope="module")
def reader(place: WorkPlace, pace: Pace) -> WorkerProcess:
    return place.worker("ingest", "--concurrency", "2")


@pytest.fixture(scope="module")
def helper(place: WorkPlace) -> WorkerProcess:
    return place.worker("default", "--concurrency", "3")


@pytest.fixture
def desk(place: WorkPlace) -> Iterator[Desk]:
    with place.desk() as desk:
        yield desk


@pytest.fixture
def queue(queue_server: RedisServer) -> Iterator[redis.Redis]:
    client = queue_server.client()
    yield client
    client.close()


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """What was stored of a person's documents, apart from when."""
    statements = {
        "documents": "select id, status, page_count, chunk_count, summary, error from documents where owner = :owner",
        "chunks": """
            select chunks.id, document_id, position, text from chunks join documents on documents.id = document_id
            where owner = :owner order by 1
        """,
        "jobs": "select id, status, progress, error from jobs where owner = :owner order by id",
    }
    with desk.container.engine().connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.text(statement), {"owner": desk.person.id})]
            for name, statement in statements.items()
        }


def test_a_worker_reads_a_document_and_logs_whose_request_it_was(desk: Desk, reader: WorkerProcess) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-17"):
        added = desk.upload(NOTES)
    job = desk.over(added.job_id)
    assert (job.status, job.progress, job.request_id) == (JobStatus.DONE, 100, "request-17")
    document = desk.container.get_document()(owner=desk.person.id, document_id=added.document.id)
    assert (document.status, document.page_count) == ("ready", 60)
    reader.has_logged(str(job.id))
    lines = [line for line in reader.lines() if line.get("job_id") == str(job.id)]
    assert [(line["event"], line["job_kind"], line["request_id"]) for line in lines] == [
        ("job", "ingest_document", "request-17")
    ]


def test_messages_that_are_doubled_and_shuffled_change_nothing(
    desk: Desk, place: WorkPlace, reader: WorkerProcess
) -> None:
    with place.desk(sending=False) as silent:
        jobs = [silent.upload(NOTES + f"\n\nBook {number}.").job_id for number in range(4)]
        messages = [to_message(WakeUp(job_id, JobKind.INGEST_DOCUMENT)) for job_id in jobs for _ in range(5)]
        random.Random(3).shuffle(messages)
        app = celery_app(place.environment["REDIS_URL"])
        for message in messages:
            app.send_task(RUN_JOB, args=(message,), queue="ingest")
        for job_id in jobs:
            assert silent.over(job_id).attempts == 1
        once = rows(silent)
        assert len(once["chunks"]) == len({row[0] for row in once["chunks"]})
        for message in messages:
            app.send_task(RUN_JOB, args=(message,), queue="ingest")
        last = silent.upload("The last one.").job_id  # behind all of them, so that they are through when it is
        app.send_task(RUN_JOB, args=(to_message(WakeUp(last, JobKind.INGEST_DOCUMENT)),), queue="ingest")
        silent.over(last)
        app.close()
        again = rows(silent)
    for name, before in once.items():
        assert [row for row in again[name] if row in before] == before


def test_a_job_can_be_cancelled_while_another_process_works_on_it(
    desk: Desk, pace: Pace, reader: WorkerProcess
) -> None:
    pace.slow()
    added = desk.upload("\n\n".join(f"Paragraph {number}." for number in range(400)))
    desk.until(added.job_id, lambda job: job.progress > 0)
    desk.cancel(added.job_id)
    job = desk.over(added.job_id, seconds=15)
    pace.go_on()
    assert job.status is JobStatus.CANCELLED
    assert job.progress < 99


def test_bad_arguments_fail_a_job_for_good(desk: Desk, helper: WorkerProcess) -> None:
    for arguments in ({}, {"deck_id": "no id", "count": 3}, {"deck_id": str(uuid4()), "count": 10**9}):
        job = desk.over(desk.queue(JobKind.PROPOSE_CARDS, arguments=arguments).id)
        assert (job.status, job.error, job.attempts) == (JobStatus.FAILED, "bad_arguments", 1)


def test_a_kind_that_only_a_newer_version_knows_waits_for_it(desk: Desk, helper: WorkerProcess) -> None:
    job = desk.queue("grade_essay")
    helper.has_logged(str(job.id), times=2)
    told = {line["event"] for line in helper.lines() if line.get("job_id") == str(job.id)}
    assert told == {"a job is left to a newer worker"}
    waiting = desk.job(job.id)
    assert (waiting.kind, waiting.status, waiting.attempts) == ("grade_essay", JobStatus.QUEUED, 0)
    desk.cancel(job.id)


def test_what_is_no_message_of_ours_is_dropped_and_stops_nobody(
    desk: Desk, place: WorkPlace, helper: WorkerProcess, queue: redis.Redis
) -> None:
    waiting = desk.queue("some_kind")  # its first message is left alone, so that nothing but junk names it below
    task = {"body": "W10=", "content-encoding": "utf-8", "properties": {"delivery_tag": "t", "body_encoding": "base64"}}
    task["properties"]["delivery_info"] = {"exchange": "", "routing_key": "default"}  # type: ignore[index]
    json_task = {**task, "content-type": "application/json"}
    for junk in (
        "not json",
        "[]",
        '{"body": "zzz", "headers": {}}',
        json.dumps({**json_task, "headers": {}}),
        json.dumps({**json_task, "headers": {"task": "somebody.elses", "id": "1"}}),
        json.dumps({**task, "content-type": "application/x-python-serialize", "headers": {"task": RUN_JOB, "id": "2"}}),
    ):
        queue.lpush("default", junk)
    app = celery_app(place.environment["REDIS_URL"])
    message = to_message(WakeUp(waiting.id, JobKind.PROPOSE_CARDS))
    nameless = {name: value for name, value in message.items() if name != "job_id"}
    for wrong in ({**message, "v": 2}, {**message, "v": None}, nameless, {**message, "job_id": 7}, "text", None, [1]):
        app.send_task(RUN_JOB, args=(wrong,), queue="default")
    app.send_task(RUN_JOB, args=(), kwargs={"unknown": 1}, queue="default")
    job = desk.queue(JobKind.PROPOSE_CARDS)
    assert desk.over(job.id).error == "bad_arguments"
    helper.has_logged("a message was dropped", times=8)
    helper.has_logged("something that is no message was dropped", times=3)
    assert queue.llen("default") == 0
    app.close()
    assert helper.process.poll() is None
    assert helper.lines()


def test_a_message_of_a_newer_sender_may_say_more(desk: Desk, place: WorkPlace, helper: WorkerProcess) -> None:
    with place.desk(sending=False) as silent:
        job = silent.queue(JobKind.PROPOSE_CARDS)
        app = celery_app(place.environment["REDIS_URL"])
        message = {**to_message(WakeUp(job.id, JobKind.PROPOSE_CARDS)), "shade": "blue"}
        app.send_task(RUN_JOB, args=(message, "more"), kwargs={"other": 1}, queue="default")
        assert silent.over(job.id).status is JobStatus.FAILED
        app.close()
