"""Figures in memory: the rules of the domain over all rows of an owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from studyteddy.adapters.in_memory.store import Store
from studyteddy.domain import analytics
from studyteddy.domain.analytics import Period, Retention, TaskFigures
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import UserId
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.task import Task


class InMemoryAnalytics:
    """The ``AnalyticsQueries`` port over a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reviews_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        return analytics.reviews_by_day(self._reviews(owner), period)

    def review_days(self, owner: UserId) -> Collection[date]:
        return analytics.review_days(self._reviews(owner))

    def session_days(self, owner: UserId, zone: ZoneInfo, day_starts_at: int) -> Collection[date]:
        rows: Iterable[StudySession] = self._store.table("study_sessions").values()
        return analytics.session_days((row for row in rows if row.owner == owner), zone, day_starts_at)

    def retention(self, owner: UserId, period: Period) -> Retention:
        return analytics.retention(self._reviews(owner), period)

    def due_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        cards: Iterable[Card] = self._store.table("cards").values()
        return analytics.due_by_day((card for card in cards if card.owner == owner), period)

    def task_figures(self, owner: UserId, within: Span, now: datetime) -> TaskFigures:
        tasks: Iterable[Task] = self._store.table("tasks").values()
        return analytics.task_figures((task for task in tasks if task.owner == owner), within, now)

    def seconds_a_card(self, owner: UserId, period: Period) -> float | None:
        return analytics.seconds_a_card(self._reviews(owner), period)

    def _reviews(self, owner: UserId) -> Iterable[Review]:
        rows: Iterable[Review] = self._store.table("reviews").values()
        return (row for row in rows if row.owner == owner)
