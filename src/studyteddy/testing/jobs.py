"""What every job table has to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from studyteddy.application.ports.jobs import LONGEST_PAUSE, Job, JobKind, JobStatus, QueueHealth, WakeUp
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import JobId, UserId
from studyteddy.testing.documents import NOW, add_user

LEASE = timedelta(seconds=30)
LATER = NOW + timedelta(minutes=1)
GRACE = timedelta(seconds=5)
RESEND_AFTER = timedelta(seconds=20)
OVERLOOKED = NOW + GRACE
A_MOMENT = timedelta(milliseconds=1)


def a_job(owner: UserId, *, now: datetime = NOW, kind: JobKind = JobKind.INGEST_DOCUMENT, **fields: object) -> Job:
    job = Job(id=JobId(uuid4()), owner=owner, kind=kind, subject_id=uuid4(), created_at=now, updated_at=now)
    return replace(job, **fields)  # type: ignore[arg-type]


class JobsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def add(unit_of_work: UnitOfWorkFactory, job: Job) -> Job:
        with unit_of_work() as uow:
            uow.jobs.add(job)
            uow.commit()
        return job

    @staticmethod
    def claim(
        unit_of_work: UnitOfWorkFactory,
        job_id: JobId | None = None,
        *,
        now: datetime = NOW,
        kinds: frozenset[JobKind] | None = None,
    ) -> Job | None:
        with unit_of_work() as uow:
            job = uow.jobs.claim(job_id, now=now, lease=LEASE, kinds=kinds)
            uow.commit()
        return job

    def taken(self, unit_of_work: UnitOfWorkFactory, owner: UserId, *, now: datetime = NOW) -> Job:
        """A job that a worker holds."""
        job = self.claim(unit_of_work, self.add(unit_of_work, a_job(owner)).id, now=now)
        assert job is not None
        return job

    @staticmethod
    def current(unit_of_work: UnitOfWorkFactory, job: Job) -> Job:
        with unit_of_work() as uow:
            return uow.jobs.get(job.owner, job.id)

    def test_a_job_comes_back_as_it_was_added(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        arguments: Mapping[str, object] = {"count": 3, "mode": "quiz", "deep": {"list": [1, None, "ü"]}}
        job = self.add(unit_of_work, a_job(owner, kind=JobKind.PROPOSE_CARDS, arguments=arguments))
        assert self.current(unit_of_work, job) == job

    def test_another_persons_job_is_not_found(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.add(unit_of_work, a_job(owner))
        stranger = add_user(unit_of_work)
        with unit_of_work() as uow:
            assert list(uow.jobs.of_subject(stranger, job.subject_id)) == []
            with pytest.raises(NotFound):
                uow.jobs.get(stranger, job.id)
            with pytest.raises(NotFound):
                uow.jobs.request_cancel(stranger, job.id, now=NOW)

    def test_a_claimed_job_runs_under_a_lease(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        assert (job.status, job.attempts, job.lease_until) == (JobStatus.RUNNING, 1, NOW + LEASE)
        assert self.current(unit_of_work, job) == job

    def test_a_held_job_is_not_taken_before_its_lease_ends(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.taken(unit_of_work, owner)
        assert self.claim(unit_of_work, job.id, now=NOW + LEASE - timedelta(seconds=1)) is None
        again = self.claim(unit_of_work, job.id, now=NOW + LEASE + timedelta(seconds=1))
        assert again is not None
        assert (again.attempts, again.losses, again.tries) == (2, 1, 1)

    def test_the_oldest_job_comes_first(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        jobs = [self.add(unit_of_work, a_job(owner, now=NOW - timedelta(days=9, minutes=age))) for age in (1, 3, 2)]
        taken = [self.claim(unit_of_work) for _ in jobs]
        assert [job.id for job in taken if job] == [jobs[1].id, jobs[2].id, jobs[0].id]

    def test_kinds_narrow_the_choice(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.add(unit_of_work, a_job(owner, kind=JobKind.ANSWER_QUESTION))
        assert self.claim(unit_of_work, job.id, kinds=frozenset({JobKind.INGEST_DOCUMENT})) is None
        assert self.claim(unit_of_work, job.id, kinds=frozenset()) is None
        assert self.claim(unit_of_work, job.id, kinds=frozenset({JobKind.ANSWER_QUESTION})) is not None

    def test_many_workers_never_get_the_same_job(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        kinds = frozenset({JobKind.PROPOSE_CARDS})
        jobs = [self.add(unit_of_work, a_job(owner, kind=JobKind.PROPOSE_CARDS)) for _ in range(24)]

        def work(_: int) -> list[UUID]:
            mine: list[UUID] = []
            while (job := self.claim(unit_of_work, kinds=kinds)) is not None:
                mine.append(job.id)
            return mine

        with ThreadPoolExecutor(4) as pool:
            taken = Counter(job_id for mine in pool.map(work, range(4)) for job_id in mine)
        assert taken.keys() >= {job.id for job in jobs}
        assert set(taken.values()) == {1}

    def test_a_heartbeat_prolongs_the_lease(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            assert uow.jobs.heartbeat(job, progress=40, now=LATER, lease=LEASE)
            uow.commit()
        after = self.current(unit_of_work, job)
        assert (after.progress, after.lease_until) == (40, LATER + LEASE)
        assert self.claim(unit_of_work, job.id, now=LATER) is None

    def test_who_lost_the_job_can_change_nothing_more(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        first = self.taken(unit_of_work, owner)
        second = self.claim(unit_of_work, first.id, now=LATER)
        assert second is not None
        with unit_of_work() as uow:
            assert not uow.jobs.heartbeat(first, progress=99, now=LATER, lease=LEASE)
            assert not uow.jobs.finish(first, JobStatus.DONE, now=LATER)
            assert not uow.jobs.retry(first, now=LATER)
            uow.commit()
        assert self.current(unit_of_work, first) == second

    def test_a_finished_job_is_closed_for_good(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            assert uow.jobs.finish(job, JobStatus.DONE, now=NOW)
            uow.commit()
        done = self.current(unit_of_work, job)
        assert (done.status, done.progress, done.lease_until) == (JobStatus.DONE, 100, None)
        assert self.claim(unit_of_work, job.id, now=LATER) is None
        with unit_of_work() as uow:
            assert not uow.jobs.heartbeat(job, progress=5, now=NOW)
            assert not uow.jobs.finish(job, JobStatus.FAILED, error="x", now=NOW)

    def test_a_failed_job_keeps_its_error_and_progress(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            uow.jobs.heartbeat(job, progress=40, now=NOW)
            uow.jobs.finish(job, JobStatus.FAILED, error="encrypted", now=NOW)
            uow.commit()
        failed = self.current(unit_of_work, job)
        assert (failed.status, failed.error, failed.progress) == (JobStatus.FAILED, "encrypted", 40)

    def test_a_retried_job_waits_for_its_delay(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            assert uow.jobs.retry(job, now=NOW, delay=timedelta(seconds=20))
            uow.commit()
        waiting = self.current(unit_of_work, job)
        assert (waiting.status, waiting.not_before) == (JobStatus.QUEUED, NOW + timedelta(seconds=20))
        assert self.claim(unit_of_work, job.id, now=NOW + timedelta(seconds=19)) is None
        again = self.claim(unit_of_work, job.id, now=NOW + timedelta(seconds=20))
        assert again is not None
        assert (again.attempts, again.not_before) == (2, None)

    def test_a_queued_job_is_cancelled_at_once(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.add(unit_of_work, a_job(owner))
        with unit_of_work() as uow:
            assert uow.jobs.request_cancel(owner, job.id, now=NOW).status is JobStatus.CANCELLED
            uow.commit()
        assert self.claim(unit_of_work, job.id) is None

    def test_a_running_job_hears_of_its_cancellation_at_the_next_heartbeat(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            asked = uow.jobs.request_cancel(owner, job.id, now=NOW)
            assert (asked.status, asked.cancel_requested) == (JobStatus.RUNNING, True)
            uow.commit()
        with unit_of_work() as uow:
            assert not uow.jobs.heartbeat(job, progress=1, now=NOW)
            assert uow.jobs.finish(job, JobStatus.CANCELLED, now=NOW)
            uow.commit()
        assert self.current(unit_of_work, job).status is JobStatus.CANCELLED

    def test_cancelling_what_is_over_changes_nothing(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            uow.jobs.finish(job, JobStatus.DONE, now=NOW)
            assert uow.jobs.request_cancel(owner, job.id, now=LATER).status is JobStatus.DONE
            uow.commit()
        assert not self.current(unit_of_work, job).cancel_requested

    def test_released_jobs_can_be_taken_at_once(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.taken(unit_of_work, owner)
        with unit_of_work() as uow:
            assert uow.jobs.release_all(now=NOW) >= 1
            uow.commit()
        again = self.claim(unit_of_work, job.id)
        assert again is not None
        assert again.attempts == 2

    def test_the_jobs_about_one_thing_come_newest_first(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        subject = uuid4()
        jobs = [
            self.add(unit_of_work, a_job(owner, now=NOW + timedelta(minutes=age), subject_id=subject))
            for age in (2, 1, 3)
        ]
        self.add(unit_of_work, a_job(owner))
        with unit_of_work() as uow:
            found = uow.jobs.of_subject(owner, subject)
        assert [job.id for job in found] == [jobs[2].id, jobs[0].id, jobs[1].id]

    def test_a_job_of_an_uncommitted_change_does_not_exist(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = a_job(owner)
        with unit_of_work() as uow:
            uow.jobs.add(job)
        assert self.claim(unit_of_work, job.id) is None

    @staticmethod
    def to_send(unit_of_work: UnitOfWorkFactory, owner: UserId, *, now: datetime = OVERLOOKED) -> list[WakeUp]:
        """What a dispatcher would send now of this owner's jobs."""
        with unit_of_work() as uow:
            found = uow.jobs.to_send(now=now, grace=GRACE, resend_after=RESEND_AFTER, limit=10_000)
            mine = []
            for wake_up in found:
                try:
                    uow.jobs.get(owner, wake_up.job_id)
                except NotFound:
                    continue
                mine.append(wake_up)
            uow.commit()
        return mine

    def test_a_fresh_job_is_left_to_the_process_that_queued_it(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.add(unit_of_work, a_job(owner, request_id="r-1"))
        assert self.to_send(unit_of_work, owner, now=OVERLOOKED - A_MOMENT) == []
        assert self.to_send(unit_of_work, owner) == [WakeUp(job.id, JobKind.INGEST_DOCUMENT, "r-1")]

    def test_a_job_of_which_workers_were_told_is_sent_again_later_and_later(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        self.add(unit_of_work, a_job(owner))
        pauses, sent = [], OVERLOOKED
        assert self.to_send(unit_of_work, owner, now=sent)
        for _ in range(7):
            pause = RESEND_AFTER
            while not self.to_send(unit_of_work, owner, now=sent + pause):
                assert self.to_send(unit_of_work, owner, now=sent + pause - A_MOMENT) == []
                pause += timedelta(seconds=5)
            sent += pause
            pauses.append(pause)
        assert pauses[0] == RESEND_AFTER
        assert pauses == sorted(pauses)
        assert pauses[-1] == LONGEST_PAUSE

    def test_a_job_that_was_sent_by_its_own_process_is_not_sent_twice(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.add(unit_of_work, a_job(owner))
        with unit_of_work() as uow:
            uow.jobs.sent([job.id, JobId(uuid4())], at=NOW)
            uow.commit()
        assert self.to_send(unit_of_work, owner) == []
        assert self.to_send(unit_of_work, owner, now=NOW + RESEND_AFTER - A_MOMENT) == []
        assert len(self.to_send(unit_of_work, owner, now=NOW + RESEND_AFTER)) == 1

    def test_a_sending_that_failed_can_be_taken_back(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job = self.add(unit_of_work, a_job(owner))
        assert len(self.to_send(unit_of_work, owner)) == 1
        assert self.to_send(unit_of_work, owner) == []
        with unit_of_work() as uow:
            uow.jobs.sent([job.id], at=None)
            uow.commit()
        assert len(self.to_send(unit_of_work, owner)) == 1

    def test_what_a_worker_holds_or_has_closed_is_not_sent(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.taken(unit_of_work, owner)
        assert self.to_send(unit_of_work, owner, now=NOW + LEASE - A_MOMENT) == []
        with unit_of_work() as uow:
            uow.jobs.finish(job, JobStatus.DONE, now=NOW)
            uow.jobs.sent([job.id], at=None)
            uow.commit()
        assert self.to_send(unit_of_work, owner, now=NOW + timedelta(days=1)) == []

    def test_a_job_whose_lease_ran_out_is_sent_at_once_and_again_if_nobody_takes_it(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.add(unit_of_work, a_job(owner))
        assert self.to_send(unit_of_work, owner)
        assert self.claim(unit_of_work, job.id) is not None
        assert len(self.to_send(unit_of_work, owner, now=NOW + LEASE)) == 1
        assert self.to_send(unit_of_work, owner, now=NOW + LEASE + RESEND_AFTER - A_MOMENT) == []
        assert len(self.to_send(unit_of_work, owner, now=NOW + LEASE + RESEND_AFTER)) == 1

    def test_a_retried_job_is_sent_when_its_delay_is_over(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        job, delay = self.taken(unit_of_work, owner), timedelta(seconds=45)
        with unit_of_work() as uow:
            uow.jobs.retry(job, now=NOW, delay=delay)
            uow.commit()
        assert self.to_send(unit_of_work, owner, now=NOW + delay - A_MOMENT) == []
        assert len(self.to_send(unit_of_work, owner, now=NOW + delay)) == 1

    def test_the_oldest_jobs_are_sent_first_and_no_more_than_asked_for(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        long_ago = NOW - timedelta(days=99)
        jobs = [self.add(unit_of_work, a_job(owner, now=long_ago - timedelta(minutes=age))) for age in (1, 3, 2)]
        with unit_of_work() as uow:
            found = uow.jobs.to_send(now=NOW, grace=GRACE, resend_after=RESEND_AFTER, limit=2)
            uow.commit()
        assert [wake_up.job_id for wake_up in found] == [jobs[1].id, jobs[2].id]
        with unit_of_work() as uow:  # or they would be the oldest of the next test, too
            for job in jobs:
                uow.jobs.request_cancel(owner, job.id, now=NOW)
            uow.commit()

    def test_many_dispatchers_never_send_the_same_job(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        jobs = [self.add(unit_of_work, a_job(owner)) for _ in range(40)]

        def send(_: int) -> list[JobId]:
            mine: list[JobId] = []
            for _ in range(20):
                with unit_of_work() as uow:
                    found = uow.jobs.to_send(now=OVERLOOKED, grace=GRACE, resend_after=RESEND_AFTER, limit=7)
                    uow.commit()
                mine += [wake_up.job_id for wake_up in found]
            return mine

        with ThreadPoolExecutor(4) as pool:
            sent = Counter(job_id for mine in pool.map(send, range(4)) for job_id in mine)
        assert sent.keys() >= {job.id for job in jobs}
        assert set(sent.values()) == {1}

    def test_a_job_of_a_kind_that_is_not_known_here_is_told_of_and_shown_but_not_taken(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        job = self.add(unit_of_work, a_job(owner, kind="grade_essay"))  # type: ignore[arg-type]
        assert self.current(unit_of_work, job).kind == "grade_essay"
        assert [wake_up.kind for wake_up in self.to_send(unit_of_work, owner)] == ["grade_essay"]
        assert self.claim(unit_of_work, job.id) is None

    def test_jobs_that_were_over_long_ago_are_purged(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        done, recent, held = (self.taken(unit_of_work, owner) for _ in range(3))
        waiting = self.add(unit_of_work, a_job(owner))
        with unit_of_work() as uow:
            uow.jobs.finish(done, JobStatus.DONE, now=NOW)
            uow.jobs.finish(recent, JobStatus.FAILED, error="corrupt", now=LATER)
            uow.commit()
        with unit_of_work() as uow:
            while uow.jobs.purge(before=LATER, limit=2):
                pass
            uow.commit()
        with pytest.raises(NotFound):
            self.current(unit_of_work, done)
        assert [self.current(unit_of_work, job).id for job in (recent, held, waiting)] == [
            recent.id,
            held.id,
            waiting.id,
        ]

    def test_health_tells_what_waits_runs_and_failed_by_kind(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        kind = f"kind_{uuid4().hex}"
        minute, day = timedelta(minutes=1), timedelta(days=1)
        for fields in (
            {"created_at": NOW - 9 * minute},
            {"created_at": NOW - 20 * minute, "not_before": NOW - 5 * minute},
            {"not_before": NOW + minute},
            {"status": JobStatus.RUNNING, "lease_until": NOW + minute},
            {"status": JobStatus.FAILED, "updated_at": NOW - day + minute},
            {"status": JobStatus.FAILED, "updated_at": NOW - day - minute},
            {"status": JobStatus.DONE},
        ):
            self.add(unit_of_work, a_job(owner, kind=kind, **fields))  # type: ignore[arg-type]
        with unit_of_work() as uow:
            health = {one.kind: one for one in uow.jobs.health(now=NOW)}
        assert health[kind] == QueueHealth(kind=kind, waiting=2, running=1, oldest_seconds=540, failed_last_day=1)
        assert health.keys() >= set(JobKind)
        assert list(health) == sorted(health)
