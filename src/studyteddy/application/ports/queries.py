"""Figures that are read straight from the logs, without loading them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from studyteddy.domain.analytics import Period, Retention, TaskFigures
from studyteddy.domain.ids import UserId
from studyteddy.domain.study_sessions import Span


class AnalyticsQueries(Protocol):
    """What a student has done and what is coming, each figure counted in one log and never across two.

    Nobody else's rows count. The functions of ``domain.analytics`` with the same names say what belongs.
    """

    def reviews_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        """Passes over cards on each study day; undone ones don't count, and days without any are left out."""
        ...

    def review_days(self, owner: UserId) -> Collection[date]:
        """All study days on which a card was passed over, each once."""
        ...

    def session_days(self, owner: UserId, zone: ZoneInfo, day_starts_at: int) -> Collection[date]:
        """All study days on which some work of a finished session was done, each once."""
        ...

    def retention(self, owner: UserId, period: Period) -> Retention:
        """True recall of the reviews of a period."""
        ...

    def due_by_day(self, owner: UserId, period: Period) -> Mapping[date, int]:
        """Cards that fall due on each day, overdue ones on the first; suspended and new ones don't count, a
        buried one falls due no sooner than it comes up again, and days without any are left out.
        """
        ...

    def task_figures(self, owner: UserId, within: Span, now: datetime) -> TaskFigures:
        """Tasks completed in ``within.start <= t < within.end``, and those open or overdue at ``now``."""
        ...

    def seconds_a_card(self, owner: UserId, period: Period) -> float | None:
        """What a pass over a card took on average, None where no time was taken. Passes longer than
        ``LONGEST_LOOK_SECONDS`` count as that long: people go away.
        """
        ...
