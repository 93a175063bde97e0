from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engines.databases import Database
from studyteddy.adapters.postgres.job_figures import OpenJobs, open_jobs
from studyteddy.application.ports.jobs import JobKind, JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.documents import add_user
from studyteddy.testing.jobs import a_job


def test_what_waits_and_what_runs_is_counted_by_kind_with_the_age_of_the_oldest(
    database: Database, postgres: UnitOfWorkFactory
) -> None:
    now, owner = datetime.now(UTC), add_user(postgres)
    hour = now - timedelta(hours=1)
    with postgres() as uow:
        uow.jobs.add(a_job(owner, now=hour))
        uow.jobs.add(a_job(owner, now=now))
        uow.jobs.add(a_job(owner, now=hour, not_before=now + timedelta(hours=1)))  # waits for nobody
        uow.jobs.add(a_job(owner, now=hour, kind=JobKind.ANSWER_QUESTION, status=JobStatus.RUNNING))
        uow.jobs.add(a_job(owner, now=hour, kind=JobKind.PROPOSE_CARDS, status=JobStatus.DONE))
        uow.jobs.add(a_job(owner, now=hour, kind="of_a_newer_version", not_before=now - timedelta(minutes=1)))
        uow.commit()
    engine = database.open()
    try:
        found = {jobs.kind: jobs for jobs in open_jobs(engine)}
    finally:
        engine.dispose()
    assert {kind: (jobs.waiting, jobs.running) for kind, jobs in found.items()} == {
        "answer_question": (0, 1),
        "ingest_document": (2, 0),
        "of_a_newer_version": (1, 0),
    }
    assert 3600 <= found["ingest_document"].oldest_seconds < 3700
    assert 60 <= found["of_a_newer_version"].oldest_seconds < 160
    assert found["answer_question"] == OpenJobs("answer_question", 0, 1, 0.0)
