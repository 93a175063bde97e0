"""Reminding people of what is due, each at their own hour."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.notices import Notices
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain import analytics
from studyteddy.domain.accounts import User
from studyteddy.domain.analytics import Period
from studyteddy.domain.days import day_bounds, local_time, time_zone
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId
from studyteddy.domain.notifications import (
    MOST_TASKS,
    Notification,
    NotificationKind,
    Preferences,
    minutes_for,
    outlook,
)
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.study_sessions import Span, total_minutes
from studyteddy.domain.tasks.task import TaskFilter, TaskOrder, TaskStatus

log = logging.getLogger(__name__)

AT_ONCE = 2_000
"""People that one call looks at; who is left is looked at by the next one."""
DISABLED_PAUSE = timedelta(days=1)
FAULT_PAUSE = timedelta(hours=1)
WEEK = timedelta(days=7)
PACE_DAYS = timedelta(days=29)
"""How far back a person's seconds for a card are looked at, beside today."""

Content = tuple[NotificationKind, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPeople:
    """Look at everybody whose time has come, one after the other, and tell how many were looked at.

    Each is a transaction of their own: notifications, letters to be sent, and when to look again. Whoever is killed in
    between leaves nothing or all of it, and several may look at a time.
    """

    unit_of_work: UnitOfWorkFactory
    notices: Notices
    clock: Clock

    def __call__(self) -> int:
        for count in range(AT_ONCE):
            if not self._next():
                return count
        return AT_ONCE

    def _next(self) -> bool:
        now = self.clock()
        with self.unit_of_work() as uow:
            owner = uow.notification_settings.due(now)
            if owner is None:
                return False
            try:
                written = self._look_at(uow, owner, now)
                uow.commit()
            except Unavailable:
                raise
            except Exception:
                log.exception("somebody can't be reminded now")
                written = None
        if written is None:  # nobody may wait behind them for ever
            self._postpone(owner, now)
            return True
        for notification in written:
            self.notices.tell(notification)
        return True

    def _look_at(self, uow: UnitOfWork, owner: UserId, now: datetime) -> list[Notification | None]:
        person, preferences = uow.users.get(owner), uow.notification_settings.get(owner)
        if person.disabled:
            uow.notification_settings.look_at(owner, now + DISABLED_PAUSE)
            return []
        found = outlook(now, time_zone(person.time_zone), person.day_starts_at, preferences)
        uow.notification_settings.look_at(owner, found.look_again_at)
        if (day := found.day) is None:
            return []
        return [
            self.notices.write(uow, kind, owner=owner, subject_id=owner, occasion=day, data=data, now=now)
            for kind, data in _contents(uow, person, preferences, day, now)
        ]

    def _postpone(self, owner: UserId, now: datetime) -> None:
        with self.unit_of_work() as uow:
            uow.notification_settings.look_at(owner, now + FAULT_PAUSE)
            uow.commit()


def _contents(uow: UnitOfWork, person: User, preferences: Preferences, day: date, now: datetime) -> Iterator[Content]:
    """What a person is reminded of on a study day. A kind that is switched off is not even looked at."""

    def wanted(kind: NotificationKind) -> bool:
        switch = preferences.switch(kind)
        return switch.in_app or switch.email

    if wanted(NotificationKind.TASK_DUE) and (due := _tasks_due(uow, person, day, now)):
        yield NotificationKind.TASK_DUE, due
    if wanted(NotificationKind.REVIEWS_DUE) and (waiting := _reviews_due(uow, person.id, day)):
        yield NotificationKind.REVIEWS_DUE, waiting
    its_day = day.weekday() == preferences.digest_weekday
    if its_day and wanted(NotificationKind.WEEKLY_DIGEST) and (week := _digest(uow, person, day, now)):
        yield NotificationKind.WEEKLY_DIGEST, week


def _tasks_due(uow: UnitOfWork, person: User, day: date, now: datetime) -> Mapping[str, object] | None:
    zone = time_zone(person.time_zone)
    start, end = day_bounds(day, zone, person.day_starts_at)
    wanted = TaskFilter(status=TaskStatus.OPEN, due_from=start, due_to=end)
    tasks = uow.tasks.page(person.id, wanted, TaskOrder.DUE_AT, PageRequest(limit=100)).items
    if not tasks:
        return None
    late_today = sum(task.due_at is not None and task.due_at < now for task in tasks)
    overdue = uow.analytics.task_figures(person.id, Span(start=start, end=end), now).overdue - late_today
    named = [
        {"id": str(task.id), "title": task.title, "due_at": task.due_at.isoformat(),
         "time": f"{local_time(task.due_at, zone):%H:%M}"}
        for task in tasks[:MOST_TASKS] if task.due_at is not None
    ]  # fmt: skip
    return {"day": day.isoformat(), "count": len(tasks), "overdue": overdue, "tasks": named}


def _reviews_due(uow: UnitOfWork, owner: UserId, day: date) -> Mapping[str, object] | None:
    due = uow.analytics.due_by_day(owner, Period(first=day, last=day)).get(day, 0)
    if not due:
        return None
    pace = uow.analytics.seconds_a_card(owner, Period(first=day - PACE_DAYS, last=day))
    return {"day": day.isoformat(), "count": due, "minutes": minutes_for(due, pace)}


def _digest(uow: UnitOfWork, person: User, day: date, now: datetime) -> Mapping[str, object] | None:
    """The seven study days before this one, and the seven that begin with it; None where there is nothing but zeros."""
    zone, starts = time_zone(person.time_zone), person.day_starts_at
    last_week = Period(first=day - WEEK, last=day - timedelta(days=1))
    bounds = last_week.bounds(zone, starts)
    tasks = uow.analytics.task_figures(person.id, bounds, now)
    active = {*uow.analytics.session_days(person.id, zone, starts), *uow.analytics.review_days(person.id)}
    ahead = uow.analytics.due_by_day(person.id, Period(first=day, last=day + WEEK - timedelta(days=1)))
    figures = {
        "minutes": total_minutes(uow.study_sessions.finished(person.id, bounds.start, bounds.end)),
        "reviews": sum(uow.analytics.reviews_by_day(person.id, last_week).values()),
        "tasks_done": tasks.completed,
        "streak": analytics.streak(active, day).current,
        "tasks_open": tasks.open,
        "tasks_overdue": tasks.overdue,
        "reviews_coming": sum(ahead.values()),
    }
    return {"day": day.isoformat(), **figures} if any(figures.values()) else None
