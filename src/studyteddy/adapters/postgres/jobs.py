"""The job table in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from studyteddy.adapters.postgres.driver import change, read
from studyteddy.adapters.postgres.tables.jobs import jobs
from studyteddy.adapters.postgres.tables.metadata import INSTANT
from studyteddy.application.ports.jobs import (
    LEASE,
    LONGEST_PAUSE,
    Job,
    JobKind,
    JobStatus,
    QueueHealth,
    WakeUp,
    known_kind,
)
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import JobId, UserId

_QUEUED, _RUNNING = JobStatus.QUEUED.value, JobStatus.RUNNING.value
_ONE = sa.select(jobs).where(jobs.c.id == sa.bindparam("row_id"), jobs.c.owner == sa.bindparam("row_owner"))
# The commit need not wait for the disk. What a crash of the database may forget of the last half second is that a job
# was taken, told of or closed; then it is done once more. That it was queued or cancelled is never forgotten.
_UNHURRIED = "set_config('synchronous_commit', 'off', true) is not null"
_HELD = f"id = %(job_id)s and status = 'running' and attempts = %(attempt)s and {_UNHURRIED}"
_HEARTBEAT = f"""
update jobs set progress = %(progress)s, lease_until = %(until)s, updated_at = %(now)s
where {_HELD} and not cancel_requested
"""  # noqa: S608 - as the others here, it is put together of constants
_CLOSE = f"""
update jobs set status = %(status)s, error = %(error)s, lease_until = null, updated_at = %(now)s,
    progress = case when %(status)s = 'done' then 100 else progress end
where {_HELD}
"""  # noqa: S608
_RETRY = f"""
update jobs set status = 'queued', lease_until = null, not_before = %(then)s, sent_at = null, updated_at = %(now)s
where {_HELD}
"""  # noqa: S608
_FREE = """
(status = 'queued' and (not_before is null or not_before <= %(now)s) or status = 'running' and lease_until <= %(now)s)
and kind = any(%(kinds)s)
"""
_OLDEST = f"(select id from jobs where {_FREE} order by created_at, id limit 1 for update skip locked)"  # noqa: S608
_CLAIM = """
update jobs set status = 'running', attempts = attempts + 1, losses = losses + (status = 'running')::int,
    lease_until = %(until)s, not_before = null, sent_at = null, updated_at = %(now)s
where id = {} and {} returning *
"""
_CLAIM_ONE = _CLAIM.format("%(job_id)s", f"{_FREE} and {_UNHURRIED}")
_CLAIM_ANY = _CLAIM.format(_OLDEST, _UNHURRIED)
_ADD = sa.insert(jobs)
_AT: sa.BindParameter[datetime] = sa.bindparam("at", type_=INSTANT)


def _health() -> sa.Select[Any]:
    due = sa.func.greatest(jobs.c.created_at, sa.func.coalesce(jobs.c.not_before, jobs.c.created_at))
    waits = sa.and_(jobs.c.status == _QUEUED, due <= _AT)
    failed = sa.and_(
        jobs.c.status == JobStatus.FAILED.value, jobs.c.updated_at > sa.bindparam("day_ago", type_=INSTANT)
    )
    return sa.select(
        jobs.c.kind,
        sa.func.count().filter(waits).label("waiting"),
        sa.func.count().filter(jobs.c.status == _RUNNING).label("running"),
        sa.func.coalesce(sa.func.max(sa.func.extract("epoch", _AT - due)).filter(waits), 0).label("oldest_seconds"),
        sa.func.count().filter(failed).label("failed"),
    ).group_by(jobs.c.kind)


_HEALTH = _health()


def _to_send() -> sa.Update:
    waits = sa.and_(jobs.c.status == _QUEUED, sa.or_(jobs.c.not_before.is_(None), jobs.c.not_before <= _AT))
    abandoned = sa.and_(jobs.c.status == _RUNNING, jobs.c.lease_until <= _AT)
    grace = sa.bindparam("grace", type_=sa.Interval)
    since = sa.case(
        (jobs.c.status == _RUNNING, jobs.c.lease_until), else_=sa.func.greatest(jobs.c.updated_at, jobs.c.not_before)
    )
    grown = sa.func.least(jobs.c.sent_at - since, LONGEST_PAUSE)
    pause = sa.func.greatest(sa.bindparam("resend_after", type_=sa.Interval), grown)
    overlooked = sa.or_(jobs.c.status == _RUNNING, jobs.c.not_before.is_not(None), jobs.c.updated_at <= _AT - grace)
    untold = sa.and_(jobs.c.sent_at.is_(None), overlooked)
    wanted = sa.or_(untold, jobs.c.sent_at <= _AT - pause)
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
        .where(jobs.c.id == due.c.id, sa.text(_UNHURRIED))
        .values(sent_at=_AT)
        .returning(jobs.c.id, jobs.c.kind, jobs.c.request_id, jobs.c.created_at)
    )


_TO_SEND = _to_send()
_SENT = (
    sa.update(jobs)
    .where(jobs.c.id == sa.func.any(sa.bindparam("ids")), jobs.c.status == _QUEUED, sa.text(_UNHURRIED))
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
            "losses": job.losses,
            "lease_until": job.lease_until,
            "not_before": job.not_before,
            "cancel_requested": job.cancel_requested,
            "created_at": job.created_at,
            "updated_at": job.updated_at,
            "request_id": request_id,
        }
        self._connection.execute(_ADD, values)
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
        values = {"now": now, "until": now + lease, "kinds": chosen, "job_id": job_id}
        rows = read(self._connection, _CLAIM_ANY if job_id is None else _CLAIM_ONE, values)
        return _job(rows[0]) if rows else None

    def heartbeat(self, job: Job, *, progress: int, now: datetime, lease: timedelta = LEASE) -> bool:
        return self._changed(_HEARTBEAT, job, now, progress=progress, until=now + lease)

    def finish(self, job: Job, status: JobStatus, *, error: str | None = None, now: datetime) -> bool:
        return self._changed(_CLOSE, job, now, status=status.value, error=error)

    def retry(self, job: Job, *, now: datetime, delay: timedelta = timedelta(0)) -> bool:
        return self._changed(_RETRY, job, now, then=now + delay)

    def _changed(self, statement: str, job: Job, now: datetime, **values: object) -> bool:
        values |= {"now": now, "job_id": job.id, "attempt": job.attempts}
        return change(self._connection, statement, values) == 1

    def release_all(self, *, now: datetime) -> int:
        statement = sa.update(jobs).where(jobs.c.status == _RUNNING).values(lease_until=now, updated_at=now)
        return self._connection.execute(statement).rowcount

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

    def health(self, *, now: datetime) -> Sequence[QueueHealth]:
        rows = self._connection.execute(_HEALTH, {"at": now, "day_ago": now - timedelta(days=1)})
        found = {
            row.kind: QueueHealth(
                kind=row.kind,
                waiting=row.waiting,
                running=row.running,
                oldest_seconds=float(row.oldest_seconds),
                failed_last_day=row.failed,
            )
            for row in rows
        }
        kinds = sorted({str(kind) for kind in JobKind} | found.keys())
        return [found.get(kind, QueueHealth(kind=kind)) for kind in kinds]

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
        losses=row.losses,
        lease_until=row.lease_until,
        not_before=row.not_before,
        cancel_requested=row.cancel_requested,
        request_id=row.request_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
