from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.jobs import GetJob, ReleaseAbandonedJobs, RunNextJob, back_off
from studyteddy.application.ports.jobs import MAX_ATTEMPTS, MAX_LOSSES, Heartbeat, Job, JobKind, JobStatus
from studyteddy.domain.errors import Invalid, NotFound, RateLimited, Unavailable
from studyteddy.testing.documents import NOW, add_user
from studyteddy.testing.jobs import a_job


class Handler:
    """Does what a function says and notes what it was given up for."""

    def __init__(self, work: Callable[[Job, Heartbeat], None] = lambda job, beat: None) -> None:
        self.work = work
        self.given_up: list[str] = []

    def run(self, job: Job, beat: Heartbeat) -> None:
        self.work(job, beat)

    def give_up(self, job: Job, code: str) -> None:
        self.given_up.append(code)


class Workshop:
    """One queued job and a worker for it."""

    def __init__(self, work: Callable[[Job, Heartbeat], None] = lambda job, beat: None) -> None:
        self.now = NOW
        self.unit_of_work = functools.partial(InMemoryUnitOfWork, Store())
        self.owner = add_user(self.unit_of_work)
        self.handler = Handler(work)
        self.job_id = self.add().id
        self.run = RunNextJob(
            unit_of_work=self.unit_of_work, clock=self.clock, handlers={JobKind.INGEST_DOCUMENT: self.handler}
        )

    def clock(self) -> datetime:
        return self.now

    def add(self, kind: JobKind = JobKind.INGEST_DOCUMENT) -> Job:
        job = a_job(self.owner, kind=kind)
        with self.unit_of_work() as uow:
            uow.jobs.add(job)
            uow.commit()
        return job

    def cancel(self) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.request_cancel(self.owner, self.job_id, now=self.now)
            uow.commit()

    @property
    def job(self) -> Job:
        return GetJob(unit_of_work=self.unit_of_work)(owner=self.owner, job_id=self.job_id)


def _failing(fault: BaseException) -> Callable[[Job, Heartbeat], None]:
    def work(job: Job, beat: Heartbeat) -> None:
        raise fault

    return work


def test_a_job_is_done_once() -> None:
    shop = Workshop()
    assert shop.run()
    assert (shop.job.status, shop.job.progress) == (JobStatus.DONE, 100)
    assert not shop.run()
    assert shop.handler.given_up == []


def test_a_worker_takes_only_what_it_has_a_handler_for() -> None:
    shop = Workshop()
    shop.run()
    shop.add(JobKind.ANSWER_QUESTION)
    assert not shop.run()
    assert not shop.run(kinds=frozenset({JobKind.ANSWER_QUESTION}))


def test_a_wrong_input_is_final() -> None:
    shop = Workshop(_failing(Invalid("can't be read", code="encrypted")))
    shop.run()
    assert (shop.job.status, shop.job.error, shop.handler.given_up) == (JobStatus.FAILED, "encrypted", ["encrypted"])


def test_a_fault_of_ours_ends_one_job_and_leaves_a_trace(caplog: pytest.LogCaptureFixture) -> None:
    shop = Workshop(_failing(ZeroDivisionError("oops")))
    assert shop.run()
    assert (shop.job.status, shop.job.error) == (JobStatus.FAILED, "internal_error")
    assert shop.handler.given_up == ["internal_error"]
    assert "ZeroDivisionError" in caplog.text


def test_a_passing_fault_is_tried_again_later_and_later() -> None:
    shop = Workshop(_failing(Unavailable("down", code="provider_unavailable")))
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        assert shop.run()
        assert shop.job.status is JobStatus.QUEUED
        assert not shop.run(), "not before its time"
        assert shop.job.not_before is not None
        waits.append((shop.job.not_before - shop.now).total_seconds())
        shop.now = shop.job.not_before
    assert waits == [5, 15, 45, 135]
    assert shop.run()
    assert (shop.job.status, shop.job.error) == (JobStatus.FAILED, "provider_unavailable")
    assert shop.handler.given_up == ["provider_unavailable"]


def test_a_job_whose_worker_is_interrupted_is_there_for_others_at_once() -> None:
    shop = Workshop(_failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        shop.run()
    assert (shop.job.status, shop.handler.given_up) == (JobStatus.QUEUED, [])
    shop.handler.work = lambda job, beat: None
    assert shop.run()
    assert shop.job.status is JobStatus.DONE


def test_a_provider_may_ask_for_more_time() -> None:
    shop = Workshop(_failing(RateLimited("slow down", retry_after=77)))
    shop.run()
    assert shop.job.not_before == NOW + timedelta(seconds=77)


def test_the_wait_is_bounded() -> None:
    assert back_off(1) == timedelta(seconds=5)
    assert back_off(50) == timedelta(minutes=10)


def test_a_job_cancelled_while_it_runs_is_given_up() -> None:
    def work(job: Job, beat: Heartbeat) -> None:
        shop.cancel()
        while beat(10):
            threading.Event().wait(0.01)

    shop = Workshop(work)
    shop.run()
    assert (shop.job.status, shop.handler.given_up) == (JobStatus.CANCELLED, ["cancelled"])


def test_a_job_cancelled_between_two_attempts_is_given_up_before_the_next() -> None:
    def work(job: Job, beat: Heartbeat) -> None:
        shop.cancel()
        raise Unavailable("down")

    shop = Workshop(work)
    shop.run()
    shop.now += timedelta(minutes=10)
    shop.handler.work = _failing(AssertionError("must not run"))
    assert shop.run()
    assert (shop.job.status, shop.handler.given_up) == (JobStatus.CANCELLED, ["cancelled"])


def test_who_lost_a_job_leaves_it_to_the_new_holder() -> None:
    def work(job: Job, beat: Heartbeat) -> None:
        shop.now += timedelta(hours=1)
        with shop.unit_of_work() as uow:
            assert uow.jobs.claim(job.id, now=shop.now) is not None
            uow.commit()
        assert not beat(50)

    shop = Workshop(work)
    shop.run()
    assert (shop.job.status, shop.job.attempts, shop.handler.given_up) == (JobStatus.RUNNING, 2, [])


def test_a_job_whose_workers_keep_dying_fails_in_the_end() -> None:
    class Killed(BaseException):
        pass

    def die(job: Job, beat: Heartbeat) -> None:
        raise Killed

    shop = Workshop(die)
    for _ in range(MAX_LOSSES + 1):
        with pytest.raises(Killed):
            shop.run()
        shop.now += timedelta(minutes=1)
    assert shop.run()
    assert (shop.job.status, shop.job.error, shop.handler.given_up) == (
        JobStatus.FAILED,
        "worker_lost",
        ["worker_lost"],
    )


def test_workers_that_died_do_not_count_as_tries_of_the_job() -> None:
    class Killed(BaseException):
        pass

    def die_often_then_fail_once(job: Job, beat: Heartbeat) -> None:
        if job.attempts <= MAX_ATTEMPTS + 1:
            raise Killed
        if job.attempts == MAX_ATTEMPTS + 2:
            raise Unavailable("The store does not answer.", code="storage_unavailable")

    shop = Workshop(die_often_then_fail_once)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(Killed):
            shop.run()
        shop.now += timedelta(minutes=1)
    shop.run()
    shop.now += timedelta(minutes=1)
    shop.run()
    assert (shop.job.status, shop.job.tries, shop.handler.given_up) == (JobStatus.DONE, 2, [])


def test_a_lease_is_kept_while_a_handler_waits() -> None:
    def work(job: Job, beat: Heartbeat) -> None:
        shop.now += timedelta(seconds=0.25)
        threading.Event().wait(0.5)

    shop = Workshop(work)
    quick = RunNextJob(
        unit_of_work=shop.unit_of_work, clock=shop.clock, handlers=shop.run.handlers, lease=timedelta(seconds=0.3)
    )
    leases: list[datetime | None] = []

    def watched(job: Job, beat: Heartbeat) -> None:
        leases.append(shop.job.lease_until)
        work(job, beat)
        leases.append(shop.job.lease_until)

    shop.handler.work = watched
    quick()
    assert leases == [NOW + timedelta(seconds=0.3), NOW + timedelta(seconds=0.55)]


def test_progress_is_seen_while_a_job_runs() -> None:
    seen: list[int] = []

    def work(job: Job, beat: Heartbeat) -> None:
        assert beat(30)
        seen.append(shop.job.progress)

    shop = Workshop(work)
    shop.run()
    assert seen == [30]


def test_after_a_restart_abandoned_jobs_are_taken_at_once() -> None:
    class Killed(BaseException):
        pass

    def die(job: Job, beat: Heartbeat) -> None:
        raise Killed

    shop = Workshop(die)
    with pytest.raises(Killed):
        shop.run()
    assert not shop.run(), "its lease still holds"
    assert ReleaseAbandonedJobs(unit_of_work=shop.unit_of_work, clock=shop.clock)() == 1
    shop.handler.work = lambda job, beat: None
    assert shop.run()
    assert shop.job.status is JobStatus.DONE


def test_another_persons_job_is_not_found() -> None:
    shop = Workshop()
    with pytest.raises(NotFound):
        GetJob(unit_of_work=shop.unit_of_work)(owner=add_user(shop.unit_of_work), job_id=shop.job_id)


def test_a_job_runs_in_its_context() -> None:
    seen: list[object] = []
    shop = Workshop(lambda job, beat: seen.append("working"))

    @contextmanager
    def context(job: Job) -> Iterator[None]:
        seen.append(job.id)
        yield
        seen.append("over")

    replace(shop.run, context=context)()
    assert seen == [shop.job_id, "working", "over"]
