"""The job table in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.jobs import LEASE, LONGEST_PAUSE, Job, JobKind, JobStatus, QueueHealth, WakeUp
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import JobId, UserId


class InMemoryJobs:
    """The ``Jobs`` port over a store; ``added`` are the jobs to wake once the change is committed."""

    def __init__(self, store: Store, journal: Journal, request_id: Callable[[], str | None] = lambda: None) -> None:
        self._rows: dict[UUID, Job] = store.table("jobs")
        self._sent: dict[UUID, datetime] = store.table("jobs_sent")
        self._journal = journal
        self._request_id = request_id
        self.added: list[WakeUp] = []

    def _put(self, job: Job) -> Job:
        self._journal.put("jobs", job.id, job)
        return job

    def add(self, job: Job) -> None:
        job = self._put(replace(job, request_id=job.request_id or self._request_id()))
        self.added.append(WakeUp(job.id, str(job.kind), job.request_id))

    def get(self, owner: UserId, job_id: JobId) -> Job:
        job = self._rows.get(job_id)
        if job is None or job.owner != owner:
            raise NotFound("There is no such job.")
        return job

    def claim(
        self, job_id: JobId | None, *, now: datetime, lease: timedelta = LEASE, kinds: Collection[str] | None = None
    ) -> Job | None:
        wanted_kinds = set(JobKind if kinds is None else kinds)
        wanted = self._rows.values() if job_id is None else [row for row in [self._rows.get(job_id)] if row]
        free = sorted(
            (job for job in wanted if _claimable(job, now) and job.kind in wanted_kinds),
            key=lambda job: (job.created_at, job.id),
        )
        if not free:
            return None
        taken = replace(
            free[0],
            status=JobStatus.RUNNING,
            attempts=free[0].attempts + 1,
            losses=free[0].losses + (free[0].status is JobStatus.RUNNING),
            lease_until=now + lease,
            not_before=None,
            updated_at=now,
        )
        self._journal.remove("jobs_sent", taken.id)
        return self._put(taken)

    def _held(self, job: Job) -> Job | None:
        current = self._rows.get(job.id)
        held = current and current.status is JobStatus.RUNNING and current.attempts == job.attempts
        return current if held else None

    def heartbeat(self, job: Job, *, progress: int, now: datetime, lease: timedelta = LEASE) -> bool:
        current = self._held(job)
        if current is None or current.cancel_requested:
            return False
        self._put(replace(current, progress=progress, lease_until=now + lease, updated_at=now))
        return True

    def finish(self, job: Job, status: JobStatus, *, error: str | None = None, now: datetime) -> bool:
        current = self._held(job)
        if current is None:
            return False
        progress = 100 if status is JobStatus.DONE else current.progress
        self._put(replace(current, status=status, error=error, progress=progress, lease_until=None, updated_at=now))
        return True

    def retry(self, job: Job, *, now: datetime, delay: timedelta = timedelta(0)) -> bool:
        current = self._held(job)
        if current is None:
            return False
        self._put(replace(current, status=JobStatus.QUEUED, lease_until=None, not_before=now + delay, updated_at=now))
        self._journal.remove("jobs_sent", job.id)
        return True

    def release_all(self, *, now: datetime) -> int:
        running = [job for job in self._rows.values() if job.status is JobStatus.RUNNING]
        for job in running:
            self._put(replace(job, lease_until=now, updated_at=now))
        return len(running)

    def request_cancel(self, owner: UserId, job_id: JobId, *, now: datetime) -> Job:
        job = self.get(owner, job_id)
        if job.status is JobStatus.QUEUED:
            return self._put(replace(job, status=JobStatus.CANCELLED, cancel_requested=True, updated_at=now))
        if job.status is JobStatus.RUNNING:
            return self._put(replace(job, cancel_requested=True, updated_at=now))
        return job

    def health(self, *, now: datetime) -> Sequence[QueueHealth]:
        kinds = {str(kind) for kind in JobKind} | {str(job.kind) for job in self._rows.values()}
        return [self._health(kind, now) for kind in sorted(kinds)]

    def _health(self, kind: str, now: datetime) -> QueueHealth:
        mine = [job for job in self._rows.values() if job.kind == kind]
        since = [
            max(job.created_at, job.not_before or job.created_at) for job in mine if job.status is JobStatus.QUEUED
        ]
        ages = [(now - due).total_seconds() for due in since if due <= now]
        failed = [job for job in mine if job.status is JobStatus.FAILED and job.updated_at > now - timedelta(days=1)]
        return QueueHealth(
            kind=kind,
            waiting=len(ages),
            running=sum(job.status is JobStatus.RUNNING for job in mine),
            oldest_seconds=max(ages, default=0.0),
            failed_last_day=len(failed),
        )

    def of_subject(self, owner: UserId, subject_id: UUID) -> Sequence[Job]:
        jobs = [job for job in self._rows.values() if job.owner == owner and job.subject_id == subject_id]
        return sorted(jobs, key=lambda job: (job.created_at, job.id), reverse=True)

    def to_send(self, *, now: datetime, grace: timedelta, resend_after: timedelta, limit: int) -> Sequence[WakeUp]:
        due = [
            job for job in self._rows.values() if _claimable(job, now) and self._wanted(job, now, grace, resend_after)
        ]
        due.sort(key=lambda job: (job.created_at, job.id))
        for job in due[:limit]:
            self._journal.put("jobs_sent", job.id, now)
        return [WakeUp(job.id, str(job.kind), job.request_id) for job in due[:limit]]

    def _wanted(self, job: Job, now: datetime, grace: timedelta, resend_after: timedelta) -> bool:
        sent_at = self._sent.get(job.id)
        if sent_at is None:
            fresh = job.status is JobStatus.QUEUED and job.not_before is None
            return not fresh or job.updated_at <= now - grace
        since = job.lease_until or max(job.updated_at, job.not_before or job.updated_at)
        return sent_at <= now - max(resend_after, min(sent_at - since, LONGEST_PAUSE))

    def sent(self, job_ids: Collection[JobId], *, at: datetime | None) -> None:
        for job_id in job_ids:
            job = self._rows.get(job_id)
            if job is None or job.status is not JobStatus.QUEUED:
                continue
            if at is None:
                self._journal.remove("jobs_sent", job_id)
            else:
                self._journal.put("jobs_sent", job_id, at)

    def purge(self, *, before: datetime, limit: int) -> int:
        open_ones = (JobStatus.QUEUED, JobStatus.RUNNING)
        over = [job.id for job in self._rows.values() if job.status not in open_ones and job.updated_at < before][
            :limit
        ]
        for job_id in over:
            self._journal.remove("jobs", job_id)
            self._journal.remove("jobs_sent", job_id)
        return len(over)


def _claimable(job: Job, now: datetime) -> bool:
    if job.status is JobStatus.QUEUED:
        return job.not_before is None or job.not_before <= now
    return job.status is JobStatus.RUNNING and job.lease_until is not None and job.lease_until <= now
