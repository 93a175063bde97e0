"""Figures in SQL: each counts the rows of one table, from an index alone where there are many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.flashcards import cards, reviews
from studyteddy.adapters.postgres.tables.tasks import tasks
from studyteddy.domain.analytics import LONGEST_LOOK_SECONDS, Period, Retention, TaskFigures
from studyteddy.domain.days import day_starts, study_day
from studyteddy.domain.ids import UserId
from studyteddy.domain.scheduling import RECALLED, ReviewKind
from studyteddy.domain.study_sessions import Span
from studyteddy.domain.tasks.task import TaskStatus

_OWNER: sa.BindParameter[UserId] = sa.bindparam("of")
_FIRST, _LAST = sa.bindparam("first_day", type_=sa.Date), sa.bindparam("last_day", type_=sa.Date)
_STANDING = sa.and_(reviews.c.owner == _OWNER, reviews.c.undone_at.is_(None))
_IN_PERIOD = sa.and_(_STANDING, reviews.c.study_day.between(_FIRST, _LAST))

_REVIEWS_BY_DAY = (
    sa.select(reviews.c.study_day, sa.func.count().label("passes")).where(_IN_PERIOD).group_by(reviews.c.study_day)
)
_RETENTION = sa.select(sa.func.count(), sa.func.count().filter(reviews.c.quality >= RECALLED)).where(
    _IN_PERIOD,
    reviews.c.kind.in_([ReviewKind.REVIEW.value, ReviewKind.RELEARN.value]),
    reviews.c.before_interval_days >= 1,
)
_SECONDS_A_CARD = sa.select(sa.func.avg(sa.func.least(reviews.c.took_ms, LONGEST_LOOK_SECONDS * 1_000))).where(
    _IN_PERIOD, reviews.c.took_ms.is_not(None)
)
# From each day straight to the next one in the index: as many steps as days, however many reviews there are.
_REVIEW_DAYS = sa.text("""
with recursive days (day) as (
    select min(study_day) from reviews where owner = :of and undone_at is null
    union all
    select (select min(study_day) from reviews where owner = :of and undone_at is null and study_day > days.day)
    from days where days.day is not null
)
select day from days where day is not null
""").columns(day=sa.Date)
_SESSION_DAYS_WITHIN = sa.text("""
select min(started_at) as earliest, max(finished_at) as latest
from study_sessions where owner = :of and finished_at is not null
""")
# Python alone knows when a study day starts, so it sends the starts of all of them; a stretch of work then belongs to
# the days from that of its first instant to that of its last. A session without a pause is one stretch; in one with
# pauses a stretch begins at the start or at the end of a pause, and ends at the next pause or at the end.
_SESSION_DAYS = sa.text("""
with starts (starts) as materialized (
    select array_agg(to_timestamp(second) order by second) from unnest(cast(:starts as bigint[])) as second
), worked (begun, ended) as (
    select started_at, finished_at from study_sessions
    where owner = :of and finished_at is not null and pauses = '[]'
    union all
    select (part.pause ->> 1)::timestamptz, coalesce((pauses -> (part.n::int - 1) ->> 0)::timestamptz, finished_at)
    from study_sessions,
        jsonb_array_elements(jsonb_build_array(jsonb_build_array(null, started_at)) || pauses)
            with ordinality as part (pause, n)
    where owner = :of and finished_at is not null and pauses <> '[]'
)
select distinct
    width_bucket(begun, starts) as first_day, width_bucket(ended - interval '1 microsecond', starts) as last_day
from worked, starts where ended > begun
""")

# Of nulls ``greatest`` takes no notice, so that a card that was never buried falls due on its day.
_DUE_DAY = sa.func.greatest(cards.c.due_on, cards.c.buried_until, _FIRST).label("due_day")
_DUE_BY_DAY = (
    sa.select(_DUE_DAY, sa.func.count().label("due"))
    .where(
        cards.c.owner == _OWNER,
        cards.c.suspended.is_(False),
        cards.c.due_on <= _LAST,
        sa.func.coalesce(cards.c.buried_until <= _LAST, True),
    )
    .group_by(_DUE_DAY)
)

_DONE = sa.and_(tasks.c.completed_at >= sa.bindparam("since"), tasks.c.completed_at < sa.bindparam("until"))
_OPEN = tasks.c.status == TaskStatus.OPEN.value
_TASK_FIGURES = sa.select(
    sa.func.count().filter(_DONE).label("completed"),
    sa.func.count().filter(_DONE, tasks.c.completed_at > tasks.c.due_at).label("completed_late"),
    sa.func.count().filter(_OPEN).label("still_open"),
    sa.func.count().filter(_OPEN, tasks.c.due_at < sa.bindparam("now")).label("overdue"),
).where(tasks.c.owner == _OWNER)


class PostgresAnalytics:
    """The ``AnalyticsQueries`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def reviews_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        rows = self._connection.execute(_REVIEWS_BY_DAY, _values(owner, period))
        return {row.study_day: row.passes for row in rows}

    def review_days(self, owner: UserId) -> Collection[date]:
        return self._connection.scalars(_REVIEW_DAYS, {"of": owner}).all()

    def session_days(self, owner: UserId, zone: ZoneInfo, day_starts_at: int) -> Collection[date]:
        bounds = self._connection.execute(_SESSION_DAYS_WITHIN, {"of": owner}).one()
        if bounds.earliest is None:
            return []
        first, last = (study_day(instant, zone, day_starts_at) for instant in bounds)
        starts = [int(start.timestamp()) for start in day_starts(first, last, zone, day_starts_at)]
        rows = self._connection.execute(_SESSION_DAYS, {"of": owner, "starts": starts})
        days = {day for row in rows for day in range(row.first_day - 1, row.last_day)}
        # A day that a zone left out, as Samoa did in 2011, starts and ends at one instant: nobody worked on it.
        return [first + timedelta(days=day) for day in days if starts[day] < starts[day + 1]]

    def retention(self, owner: UserId, period: Period) -> Retention:
        counted, recalled = self._connection.execute(_RETENTION, _values(owner, period)).one()
        return Retention(reviews=counted, recalled=recalled)

    def due_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        rows = self._connection.execute(_DUE_BY_DAY, _values(owner, period))
        return {row.due_day: row.due for row in rows}

    def seconds_a_card(self, owner: UserId, period: Period) -> float | None:
        milliseconds = self._connection.execute(_SECONDS_A_CARD, _values(owner, period)).scalar_one()
        return None if milliseconds is None else float(milliseconds) / 1_000

    def task_figures(self, owner: UserId, within: Span, now: datetime) -> TaskFigures:
        values = {"of": owner, "since": within.start, "until": within.end, "now": now}
        row = self._connection.execute(_TASK_FIGURES, values).one()
        return TaskFigures(
            completed=row.completed, completed_late=row.completed_late, open=row.still_open, overdue=row.overdue
        )


def _values(owner: UserId, period: Period) -> dict[str, object]:
    return {"of": owner, "first_day": period.first, "last_day": period.last}
