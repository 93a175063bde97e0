"""People who are reminded through a simulated year, by workers that die now and then."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.notifications.letters import SendNotification
from studyteddy.application.notifications.reminding import RemindPeople
from studyteddy.application.notifications.writing import WriteNotices
from studyteddy.application.ports.jobs import LEASE, JobKind
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.notifications import Notification, NotificationKind, Preferences
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.tasks.task import Task
from studyteddy.testing.accounts import add_user


def new_secret() -> str:
    return uuid4().hex


class WorkerDied(BaseException):
    """A worker was killed."""


@dataclass
class Reminded:
    """A clock, a mail server, and workers that die at every ``dies``-th chance, before a commit or right after it."""

    unit_of_work: UnitOfWorkFactory
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    dies: float = 0.0
    mailer: InMemoryMailer = field(default_factory=lambda: InMemoryMailer(most=100_000))
    deaths: int = 0
    _broken: UserId | None = None

    def clock(self) -> datetime:
        return self.now

    def _maybe_die(self) -> None:
        if self.chance.random() < self.dies:
            self.deaths += 1
            raise WorkerDied

    @contextmanager
    def _mortal(self) -> Iterator[UnitOfWork]:
        with self.unit_of_work() as uow:
            commit = uow.commit

            def dying() -> None:
                self._maybe_die()
                commit()
                self._maybe_die()

            uow.commit = dying  # type: ignore[method-assign]
            yield uow

    def break_for(self, owner: UserId | None) -> None:
        """From now on, whatever concerns this person fails."""
        self._broken = owner

    @property
    def remind(self) -> RemindPeople:
        notices = _Breaking(WriteNotices(events=InMemoryEvents(), new_id=uuid4, new_secret=new_secret), self)
        return RemindPeople(unit_of_work=self._mortal, notices=notices, clock=self.clock)

    @property
    def run_next(self) -> RunNextJob:
        send = SendNotification(
            unit_of_work=self._mortal,
            mailer=self.mailer,
            clock=self.clock,
            address="https://teddy.example.org",
            unsubscribe="/api/v1/notifications/unsubscribe",
        )
        return RunNextJob(unit_of_work=self._mortal, clock=self.clock, handlers={JobKind.SEND_NOTIFICATION: send})

    def work(self) -> None:
        """What workers do when all goes well: remind, then send letters."""
        self.remind_all()
        self.send_letters()

    def remind_all(self) -> None:
        """Beat's minute, by workers that are started anew when they die."""
        self._until_done(self.remind)

    def send_letters(self) -> None:
        """All that wait. One that a dead worker held is taken when its lease is over."""
        deaths = -1
        while deaths != self.deaths:
            deaths = self.deaths
            while self._until_done(lambda: self.run_next(kinds=[JobKind.SEND_NOTIFICATION])):
                pass
            if deaths != self.deaths:
                self.now += LEASE

    def _until_done(self, work: Callable[[], Any]) -> Any:
        for _ in range(100):
            try:
                return work()
            except WorkerDied:
                continue
        raise AssertionError("no worker lives long enough")

    def person(self, zone: str, wishes: Preferences, **fields: Any) -> UserId:
        owner = add_user(self.unit_of_work, time_zone=zone, email_verified_at=self.now, **fields)
        with self.unit_of_work() as uow:
            uow.notification_settings.save(owner, wishes)
            uow.notification_settings.look_at(owner, self.now)
            uow.commit()
        return owner

    def tasks(self, owner: UserId, dues: list[datetime]) -> None:
        with self.unit_of_work() as uow:
            for due in dues:
                uow.tasks.add(Task.create(id=TaskId(uuid4()), owner=owner, now=self.now, title="Essay", due_at=due))
            uow.commit()

    def told(self, owner: UserId) -> list[Notification]:
        """All of a person's notifications, oldest first."""
        found: list[Notification] = []
        request = PageRequest(limit=100)
        while True:
            with self.unit_of_work() as uow:
                page = uow.notifications.page(owner, request, unread=False)
            found += page.items
            if page.next is None:
                return found[::-1]
            request = PageRequest(limit=100, after=page.next)


@dataclass
class _Breaking:
    """Notices that can't be written for one person."""

    inner: WriteNotices
    world: Reminded

    def write(self, uow: UnitOfWork, kind: NotificationKind, **about: Any) -> Notification | None:
        if about["owner"] == self.world._broken:
            raise ValueError("a fault of ours")
        return self.inner.write(uow, kind, **about)

    def tell(self, notification: Notification | None) -> None:
        self.inner.tell(notification)


def copies(mailer: InMemoryMailer, owners: Collection[UserId]) -> Counter[str]:
    """How often each letter to these people was handed over."""
    return Counter(letter.number for letter in mailer.letters if letter.owner in owners)
