"""What those who run a server watch of the job table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.jobs import jobs
from studyteddy.application.ports.jobs import JobStatus

_DUE = sa.func.greatest(jobs.c.created_at, sa.func.coalesce(jobs.c.not_before, jobs.c.created_at))
_AGE = sa.func.extract("epoch", sa.func.clock_timestamp() - _DUE)
_WAITS = sa.and_(jobs.c.status == JobStatus.QUEUED.value, sa.func.clock_timestamp() >= _DUE)
# The condition is that of the index of open jobs, which are few however many are done.
_OPEN = (
    sa.select(
        jobs.c.kind,
        sa.func.count().filter(_WAITS).label("waiting"),
        sa.func.count().filter(jobs.c.status == JobStatus.RUNNING.value).label("running"),
        sa.func.coalesce(sa.func.max(_AGE).filter(_WAITS), 0).label("oldest_seconds"),
    )
    .where(sa.text("status in ('queued', 'running')"))
    .group_by(jobs.c.kind)
    .order_by(jobs.c.kind)
)


@dataclass(frozen=True, slots=True)
class OpenJobs:
    """The jobs of a kind that wait for a worker or are worked on; how long the oldest has waited, in seconds.

    A job that waits for another attempt counts from the moment when it may be tried.
    """

    kind: str
    waiting: int
    running: int
    oldest_seconds: float


def open_jobs(engine: sa.Engine) -> Sequence[OpenJobs]:
    """By kind, without the kinds that have none. Raises SQLAlchemy's errors when the database does not answer."""
    with engine.connect() as connection:
        rows = connection.execute(_OPEN).all()
    return [OpenJobs(row.kind, row.waiting, row.running, float(row.oldest_seconds)) for row in rows]
