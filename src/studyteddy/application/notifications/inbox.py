"""Reading notifications, and saying which ones are wanted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import NotificationId, UserId
from studyteddy.domain.notifications import Notification, Preferences
from studyteddy.domain.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A page of notifications, and how many are unread in all."""

    page: Page[Notification]
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNotifications:
    """A page of what is shown in the app, newest first."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, request: PageRequest, unread: bool = False) -> Inbox:
        with self.unit_of_work() as uow:
            page = uow.notifications.page(owner, request, unread=unread)
            return Inbox(page=page, unread=uow.notifications.unread(owner))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNotifications:
    """Note that notifications were read, all of them for None, and tell how many are left unread."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, ids: Collection[NotificationId] | None = None) -> int:
        with self.unit_of_work() as uow:
            uow.notifications.mark_read(owner, ids, now=self.clock())
            left = uow.notifications.unread(owner)
            uow.commit()
        return left


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPreferences:
    """What a person wishes to be told."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId) -> Preferences:
        with self.unit_of_work() as uow:
            return uow.notification_settings.get(owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """Keep what a person wishes, and look at them anew: their hour may have come."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, preferences: Preferences) -> Preferences:
        with self.unit_of_work() as uow:
            uow.notification_settings.save(owner, preferences)
            uow.notification_settings.look_at(owner, self.clock())
            uow.commit()
        return preferences
