"""Analytics over HTTP."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from flask_openapi import APIBlueprint
from pydantic import BeforeValidator, Field

from studyteddy.application import analytics as use_cases
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import OMITTED, Answer, Query

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Give a day as YYYY-MM-DD.")
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A study day, written YYYY-MM-DD; other ways to write a date are refused, numbers above all."""


class PeriodQuery(Query):
    """From which study day to which, both included."""

    first: Day = Field(OMITTED, alias="from")
    last: Day = Field(OMITTED, alias="to")


class PeriodOut(Answer):
    """The study days that the figures are about, both included."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")


class RetentionFields(Answer):
    """Scheduled reviews of cards with an interval of a day or more, how many were remembered, and the share (null
    without any).
    """

    reviews: int
    recalled: int
    rate: float | None


class StreakOut(Answer):
    """Days of work in a row."""

    current: int
    longest: int


class SummaryOut(PeriodOut):
    """The figures of a period. Open and overdue tasks and the streak are those of now."""

    minutes: int
    sessions: int
    reviews: int
    retention: RetentionFields
    tasks_completed: int
    tasks_completed_late: int
    tasks_open: int
    tasks_overdue: int
    streak: StreakOut


class HeatmapDayOut(Answer):
    """Passes over cards and minutes of study on one day."""

    day: date
    reviews: int
    minutes: int


class HeatmapOut(PeriodOut):
    """Every day of the period."""

    days: list[HeatmapDayOut]


class ForecastDayOut(Answer):
    """Cards that fall due on one day; the first day also holds all that are overdue."""

    day: date
    due: int


class ForecastOut(PeriodOut):
    """Every day of the period."""

    days: list[ForecastDayOut]


class SubjectOut(Answer):
    """Minutes of study on a subject; null for sessions without one."""

    subject: str | None
    minutes: int


class SubjectsOut(PeriodOut):
    """Minutes by subject, most first."""

    subjects: list[SubjectOut]


class RetentionOut(RetentionFields, PeriodOut):
    """True recall in a period."""


def _period(found: use_cases.Figures) -> dict[str, Any]:
    return {"first": found.period.first, "last": found.period.last}


def _present_summary(found: use_cases.SummaryFigures) -> SummaryOut:
    summary = found.summary
    return SummaryOut(
        **_period(found),
        minutes=summary.minutes,
        sessions=summary.sessions,
        reviews=summary.reviews,
        retention=RetentionFields.model_validate(summary.retention),
        tasks_completed=summary.tasks.completed,
        tasks_completed_late=summary.tasks.completed_late,
        tasks_open=summary.tasks.open,
        tasks_overdue=summary.tasks.overdue,
        streak=StreakOut.model_validate(summary.streak),
    )


def _answer(out: PeriodOut) -> dict[str, Any]:
    return out.model_dump(mode="json", by_alias=True)


def analytics_blueprint(
    *,
    protect: Protect,
    summarise: use_cases.FiguresOf[use_cases.SummaryFigures],
    heatmap: use_cases.FiguresOf[use_cases.HeatmapFigures],
    forecast: use_cases.FiguresOf[use_cases.ForecastFigures],
    subjects: use_cases.FiguresOf[use_cases.SubjectFigures],
    recall: use_cases.FiguresOf[use_cases.RetentionFigures],
) -> APIBlueprint:
    """The routes under ``/analytics``."""
    api = blueprint("analytics", tag="analytics", protect=protect, needs=Capability.STUDY)

    @api.get("/analytics/summary", summary="The last weeks at a glance", responses={200: SummaryOut})
    def get_summary(query: PeriodQuery) -> Any:
        return _answer(_present_summary(summarise(owner=owner(), first=query.first, last=query.last)))

    @api.get("/analytics/heatmap", summary="Reviews and minutes by day", responses={200: HeatmapOut})
    def get_heatmap(query: PeriodQuery) -> Any:
        found = heatmap(owner=owner(), first=query.first, last=query.last)
        days = [HeatmapDayOut.model_validate(day) for day in found.days]
        return _answer(HeatmapOut(**_period(found), days=days))

    @api.get("/analytics/forecast", summary="Cards that fall due by day", responses={200: ForecastOut})
    def get_forecast(query: PeriodQuery) -> Any:
        found = forecast(owner=owner(), first=query.first, last=query.last)
        days = [ForecastDayOut.model_validate(day) for day in found.days]
        return _answer(ForecastOut(**_period(found), days=days))

    @api.get("/analytics/subjects", summary="Minutes by subject", responses={200: SubjectsOut})
    def get_subjects(query: PeriodQuery) -> Any:
        found = subjects(owner=owner(), first=query.first, last=query.last)
        times = [SubjectOut.model_validate(time) for time in found.subjects]
        return _answer(SubjectsOut(**_period(found), subjects=times))

    @api.get("/analytics/retention", summary="How much was remembered", responses={200: RetentionOut})
    def get_retention(query: PeriodQuery) -> Any:
        found = recall(owner=owner(), first=query.first, last=query.last)
        recalled = RetentionFields.model_validate(found.retention)
        return _answer(RetentionOut(**_period(found), **recalled.model_dump()))

    return api
