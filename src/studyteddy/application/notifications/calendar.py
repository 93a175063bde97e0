"""A private feed of what is due, for calendar programs: whoever knows its secret address can read it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.analytics import Period
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import UserId
from studyteddy.domain.notifications import minutes_for
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.tasks.task import Task, TaskFilter, TaskOrder, TaskStatus

DAYS_AHEAD = 14
"""Days whose reviews are foretold."""
MOST_TASKS = 1_000
TASKS_SINCE = timedelta(days=30)
PACE_DAYS = timedelta(days=29)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDay:
    """So many reviews, about so many minutes, on a study day."""

    day: date
    cards: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What stands in a person's calendar."""

    owner: UserId
    tasks: Sequence[Task]
    reviews: Sequence[ReviewDay]
    today: date


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalendar:
    """The feed behind a secret; ``NotFound`` for one that is unknown or was replaced, and for a disabled account.

    Tasks that are open and dated, from those overdue by thirty days on, and the reviews of the coming days.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, secret: str) -> Feed:
        now = self.clock()
        with self.unit_of_work() as uow:
            person = uow.users.get(uow.calendar_feeds.owner_of(_hash(secret)))
            if person.disabled:
                raise NotFound("There is no such calendar.")
            today = person.study_day(now)
            return Feed(
                owner=person.id,
                tasks=_dated(uow, person.id, now - TASKS_SINCE),
                reviews=_reviews(uow, person.id, today),
                today=today,
            )


def _dated(uow: UnitOfWork, owner: UserId, since: datetime) -> Sequence[Task]:
    wanted = TaskFilter(status=TaskStatus.OPEN, due_from=since)
    tasks: list[Task] = []
    request = PageRequest(limit=100)
    while len(tasks) < MOST_TASKS:
        page = uow.tasks.page(owner, wanted, TaskOrder.DUE_AT, request)
        tasks += page.items
        if page.next is None:
            break
        request = PageRequest(limit=100, after=page.next)
    return tasks


def _reviews(uow: UnitOfWork, owner: UserId, today: date) -> Sequence[ReviewDay]:
    due = uow.analytics.due_by_day(owner, Period(first=today, last=today + timedelta(days=DAYS_AHEAD - 1)))
    pace = uow.analytics.seconds_a_card(owner, Period(first=today - PACE_DAYS, last=today))
    return [
        ReviewDay(day=day, cards=cards, minutes=minutes_for(cards, pace)) for day, cards in sorted(due.items()) if cards
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateCalendar:
    """A new secret for a person's feed, told once; the one before is good no longer."""

    unit_of_work: UnitOfWorkFactory
    new_secret: NewSecret
    clock: Clock

    def __call__(self, *, owner: UserId) -> str:
        secret = self.new_secret()
        with self.unit_of_work() as uow:
            uow.calendar_feeds.put(owner, _hash(secret), now=self.clock())
            uow.commit()
        return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCalendar:
    """Since when a person has a feed, None without one."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId) -> datetime | None:
        with self.unit_of_work() as uow:
            return uow.calendar_feeds.made_at(owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCalendar:
    """No feed any more."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId) -> None:
        with self.unit_of_work() as uow:
            uow.calendar_feeds.remove(owner)
            uow.commit()
