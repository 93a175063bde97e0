"""The job table in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.jobs import jobs
from studyteddy.adapters.postgres.tables.metadata import INSTANT
from studyteddy.application.ports.jobs import LEASE, LONGEST_PAUSE, Job, JobKind, JobStatus, WakeUp, known_kind
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import JobId, UserId

_QUEUED, _RUNNING = JobStatus.QUEUED.value, JobStatus.RUNNING.value
_ONE = sa.select(jobs).where(jobs.c.id == sa.bindparam("row_id"), jobs.c.owner == sa.bindparam("row_owner"))
_HELD = sa.and_(
    jobs.c.id == sa.bindparam("row_id"), jobs.c.status == _RUNNING, jobs.c.attempts == sa.bindparam("attempt")
)
_HEARTBEAT = sa.update(jobs).where(_HELD, jobs.c.cancel_requested.is_(False))
_CLOSE = sa.update(jobs).where(_HELD)


def _claim(*conditions: sa.ColumnElement[bool]) -> sa.Update:
    at: sa.BindParameter[datetime] = sa.bindparam("at")
    waits = sa.and_(jobs.c.status == _QUEUED, sa.or_(jobs.c.not_before.is_(None), jobs.c.not_before <= at))
    free = sa.or_(waits, sa.and_(jobs.c.status == _RUNNING, jobs.c.lease_until <= at))
    wanted = jobs.c.kind == sa.func.any(sa.bindparam("kinds"))
    oldest = sa.select(jobs.c.id).where(free, wanted, *conditions).order_by(jobs.c.created_at, jobs.c.id).limit(1)
    return (
        sa.update(jobs)
        .where(jobs.c.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            status=_RUNNING,
            attempts=jobs.c.attempts + 1,
            lease_until=sa.bindparam("until"),
            not_before=None,
            sent_at=None,
            updated_at=at,
        )
        .returning(jobs)
    )


_CLAIM_ANY = _claim()
_CLAIM_ONE = _claim(jobs.c.id == sa.bindparam("row_id"))


def _to_send() -> sa.Update:
    at, grace = sa.bindparam("at", type_=INSTANT), sa.bindparam("grace", type_=sa.Interval)
    waits = sa.and_(jobs.c.status == _QUEUED, sa.or_(jobs.c.not_before.is_(None), jobs.c.not_before <= at))
    abandoned = sa.and_(jobs.c.status == _RUNNING, jobs.c.lease_until <= at)
    since = sa.case(
        (jobs.c.status == _RUNNING, jobs.c.lease_until), else_=sa.func.greatest(jobs.c.updated_at, jobs.c.not_before)
    )
    grown = sa.func.least(jobs.c.sent_at - since, LONGEST_PAUSE)
    pause = sa.func.greatest(sa.bindparam("resend_after", type_=sa.Interval), grown)
    overlooked = sa.or_(jobs.c.status == _RUNNING, jobs.c.not_before.is_not(None), jobs.c.updated_at <= at - grace)
    untold = sa.and_(jobs.c.sent_at.is_(None), overlooked)
    wanted = sa.or_(untold, jobs.c.sent_at <= at - pause)
    due = (
        sa.select(jobs.c.id)
        .where(jobs.c.status.in_([_QUEUED, _RUNNING]), sa.or_(waits, abandoned), wanted)
        .order_by(jobs.c.created_at, jobs.c.id)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("materialized")  # evaluated once, or it would lock more than its limit
    )
    return (
        sa.update(jobs)
        .where(jobs.c.id == due.c.id)
        .values(sent_at=at)
        .returning(jobs.c.id, jobs.c.kind, jobs.c.request_id, jobs.c.created_at)
    )


_TO_SEND = _to_send()
_SENT = (
    sa.update(jobs)
    .where(jobs.c.id == sa.func.any(sa.bindparam("ids")), jobs.c.status == _QUEUED)
    .values(sent_at=sa.bindparam("told_at"))
)
_OVER = sa.select(jobs.c.id).where(
    jobs.c.status.not_in([_QUEUED, _RUNNING]), jobs.c.updated_at < sa.bindparam("before")
)
_PURGE = sa.delete(jobs).where(jobs.c.id.in_(_OVER.limit(sa.bindparam("at_most", type_=sa.Integer))))


class PostgresJobs:
    """The ``Jobs`` port; ``added`` are the jobs to wake once the change is committed."""

    def __init__(self, connection: sa.Connection, request_id: Callable[[], str | None] = lambda: None) -> None:
        self._connection = connection
        self._request_id = request_id
        self.added: list[WakeUp] = []

    def add(self, job: Job) -> None:
        request_id = job.request_id or self._request_id()
        values = {
            "id": job.id,
            "owner": job.owner,
            "kind": str(job.kind),
            "subject_id": job.subject_id,
            "arguments": dict(job.arguments),
            "status": job.status.value,
            "progress": job.progress,
            "error": job.error,
            "attempts": job.attempts,
            "lease_until": job.lease_until,
            "not_before": job.not_before,
            "cancel_requested": job.cancel_requested,
            "created_at": job.created_at,
            "updated_at": job.updated_at,
            "request_id": request_id,
        }
        self._connection.execute(sa.insert(jobs), values)
        self.added.append(WakeUp(job.id, str(job.kind), request_id))

    def get(self, owner: UserId, job_id: JobId) -> Job:
        row = self._connection.execute(_ONE, {"row_id": job_id, "row_owner": owner}).one_or_none()
        if row is None:
            raise NotFound("There is no such job.")
        return _job(row)

    def claim(
        self, job_id: JobId | None, *, now: datetime, lease: timedelta = LEASE, kinds: Collection[str] | None = None
    ) -> Job | None:
        chosen = [str(kind) for kind in (JobKind if kinds is None else kinds)]
        values: dict[str, object] = {"at": now, "until": now + lease, "kinds": chosen}
        if job_id is not None:
            values["row_id"] = job_id
        row = self._connection.execute(_CLAIM_ANY if job_id is None else _CLAIM_ONE, values).one_or_none()
        return _job(row) if row is not None else None

    def heartbeat(self, job: Job, *, progress: int, now: datetime, lease: timedelta = LEASE) -> bool:
        changes = {"progress": progress, "lease_until": now + lease, "updated_at": now}
        return self._update(_HEARTBEAT, job, changes)

    def finish(self, job: Job, status: JobStatus, *, error: str | None = None, now: datetime) -> bool:
        changes: dict[str, object] = {"status": status.value, "error": error, "lease_until": None, "updated_at": now}
        if status is JobStatus.DONE:
            changes["progress"] = 100
        return self._update(_CLOSE, job, changes)

    def retry(self, job: Job, *, now: datetime, delay: timedelta = timedelta(0)) -> bool:
        changes: dict[str, object] = {
            "status": _QUEUED,
            "lease_until": None,
            "not_before": now + delay,
            "sent_at": None,
            "updated_at": now,
        }
        return self._update(_CLOSE, job, changes)

    def release_all(self, *, now: datetime) -> int:
        statement = sa.update(jobs).where(jobs.c.status == _RUNNING).values(lease_until=now, updated_at=now)
        return self._connection.execute(statement).rowcount

    def _update(self, statement: sa.Update, job: Job, changes: dict[str, object]) -> bool:
        result = self._connection.execute(statement.values(**changes), {"row_id": job.id, "attempt": job.attempts})
        return result.rowcount == 1

    def request_cancel(self, owner: UserId, job_id: JobId, *, now: datetime) -> Job:
        statement = (
            sa.update(jobs)
            .where(jobs.c.id == job_id, jobs.c.owner == owner, jobs.c.status.in_([_QUEUED, _RUNNING]))
            .values(
                cancel_requested=True,
                updated_at=now,
                status=sa.case((jobs.c.status == _QUEUED, JobStatus.CANCELLED.value), else_=jobs.c.status),
            )
            .returning(jobs)
        )
        row = self._connection.execute(statement).one_or_none()
        return _job(row) if row is not None else self.get(owner, job_id)

    def of_subject(self, owner: UserId, subject_id: UUID) -> Sequence[Job]:
        query = sa.select(jobs).where(jobs.c.owner == owner, jobs.c.subject_id == subject_id)
        rows = self._connection.execute(query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()))
        return [_job(row) for row in rows]

    def to_send(self, *, now: datetime, grace: timedelta, resend_after: timedelta, limit: int) -> Sequence[WakeUp]:
        values = {"at": now, "grace": grace, "resend_after": resend_after, "at_most": limit}
        rows = sorted(self._connection.execute(_TO_SEND, values), key=lambda row: (row.created_at, row.id))
        return [WakeUp(JobId(row.id), row.kind, row.request_id) for row in rows]

    def sent(self, job_ids: Collection[JobId], *, at: datetime | None) -> None:
        self._connection.execute(_SENT, {"ids": list(job_ids), "told_at": at})

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE, {"before": before, "at_most": limit}).rowcount


def _job(row: Any) -> Job:
    return Job(
        id=JobId(row.id),
        owner=UserId(row.owner),
        kind=known_kind(row.kind),
        subject_id=row.subject_id,
        arguments=row.arguments,
        status=JobStatus(row.status),
        progress=row.progress,
        error=row.error,
        attempts=row.attempts,
        lease_until=row.lease_until,
        not_before=row.not_before,
        cancel_requested=row.cancel_requested,
        request_id=row.request_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
