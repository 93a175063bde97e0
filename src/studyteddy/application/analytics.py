"""What a student has done and what is coming, by their own study days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain import analytics
from studyteddy.domain.analytics import ForecastDay, HeatmapDay, Period, Retention, SubjectTime, Summary
from studyteddy.domain.days import time_zone
from studyteddy.domain.ids import UserId
from studyteddy.domain.study_sessions import StudySession

GLANCE_DAYS = 30
HEATMAP_DAYS = 365
FORECAST_DAYS = 30
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was found, and the period that it is about."""

    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFigures(Figures):
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatmapFigures(Figures):
    days: Sequence[HeatmapDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastFigures(Figures):
    days: Sequence[ForecastDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFigures(Figures):
    subjects: Sequence[SubjectTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionFigures(Figures):
    retention: Retention


F_co = TypeVar("F_co", bound=Figures, covariant=True)


class FiguresOf(Protocol[F_co]):
    """A use case of this module, or what keeps its answers for a while."""

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> F_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """How an owner's days run."""

    zone: ZoneInfo
    day_starts_at: int
    today: date


def _calendar(uow: UnitOfWork, owner: UserId, now: datetime) -> _Calendar:
    user = uow.users.get(owner)
    return _Calendar(zone=time_zone(user.time_zone), day_starts_at=user.day_starts_at, today=user.study_day(now))


def _sessions(uow: UnitOfWork, owner: UserId, period: Period, calendar: _Calendar) -> Sequence[StudySession]:
    bounds = period.bounds(calendar.zone, calendar.day_starts_at)
    return uow.study_sessions.finished(owner, bounds.start, bounds.end)


def _active_on(uow: UnitOfWork, owner: UserId, calendar: _Calendar) -> set[date]:
    """The study days of all time on which anything was done."""
    worked = uow.analytics.session_days(owner, calendar.zone, calendar.day_starts_at)
    return {*worked, *uow.analytics.review_days(owner)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarise:
    """The figures of a period (by default the last 30 days) at one glance."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> SummaryFigures:
        now = self.clock()
        with self.unit_of_work() as uow:
            calendar = _calendar(uow, owner, now)
            period = Period.asked(first, last, days=GLANCE_DAYS, today=calendar.today)
            bounds = period.bounds(calendar.zone, calendar.day_starts_at)
            summary = analytics.summary(
                # One that ended in the first instant counts as a session of the period, with no minute in it.
                sessions=uow.study_sessions.finished(owner, bounds.start - _A_MOMENT, bounds.end),
                reviews=uow.analytics.reviews_by_day(owner, period),
                active_on=_active_on(uow, owner, calendar),
                retention=uow.analytics.retention(owner, period),
                tasks=uow.analytics.task_figures(owner, bounds, now),
                period=period,
                today=calendar.today,
                zone=calendar.zone,
                day_starts_at=calendar.day_starts_at,
            )
        return SummaryFigures(period=period, summary=summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """Reviews and minutes on every day of a period, by default the last 365 days."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> HeatmapFigures:
        with self.unit_of_work() as uow:
            calendar = _calendar(uow, owner, self.clock())
            period = Period.asked(first, last, days=HEATMAP_DAYS, today=calendar.today)
            reviews = uow.analytics.reviews_by_day(owner, period)
            sessions = _sessions(uow, owner, period, calendar)
        days = analytics.heatmap(reviews, sessions, period, calendar.zone, calendar.day_starts_at)
        return HeatmapFigures(period=period, days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Cards that fall due on every day of a period, by default the next 30 days."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> ForecastFigures:
        with self.unit_of_work() as uow:
            today = _calendar(uow, owner, self.clock()).today
            period = Period.asked(first, last, days=FORECAST_DAYS, today=today, ahead=True)
            due = uow.analytics.due_by_day(owner, period)
        return ForecastFigures(period=period, days=analytics.forecast(due, period))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Minutes by subject in a period, by default the last 30 days."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> SubjectFigures:
        with self.unit_of_work() as uow:
            calendar = _calendar(uow, owner, self.clock())
            period = Period.asked(first, last, days=GLANCE_DAYS, today=calendar.today)
            sessions = _sessions(uow, owner, period, calendar)
        times = analytics.time_by_subject(sessions, period, calendar.zone, calendar.day_starts_at)
        return SubjectFigures(period=period, subjects=times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """How many of the reviews of a period (by default the last 30 days) were remembered."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, first: date | None = None, last: date | None = None) -> RetentionFigures:
        with self.unit_of_work() as uow:
            period = Period.asked(first, last, days=GLANCE_DAYS, today=_calendar(uow, owner, self.clock()).today)
            return RetentionFigures(period=period, retention=uow.analytics.retention(owner, period))
