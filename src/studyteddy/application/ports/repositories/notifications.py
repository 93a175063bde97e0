"""Where notifications, what people wish to be told, and their calendar feeds are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from studyteddy.domain.ids import NotificationId, UserId
from studyteddy.domain.notifications import Notification, Preferences
from studyteddy.domain.paging import Page, PageRequest


class Notifications(Protocol):
    """Notifications of an owner. Another person's is ``NotFound``."""

    def add(self, notification: Notification) -> bool:
        """Keep it. False, and nothing changes, when its owner has one with this key: of two at once one is kept."""
        ...

    def get(self, owner: UserId, notification_id: NotificationId) -> Notification:
        """One, else ``NotFound``."""
        ...

    def page(self, owner: UserId, request: PageRequest, *, unread: bool) -> Page[Notification]:
        """Those that are shown in the app, newest first; with ``unread`` only those."""
        ...

    def unread(self, owner: UserId) -> int:
        """How many are shown in the app and unread."""
        ...

    def mark_read(self, owner: UserId, ids: Collection[NotificationId] | None, *, now: datetime) -> int:
        """Note that these (None: all) were read, and tell how many became so. Unknown ones are passed over."""
        ...

    def letter_sent(self, owner: UserId, notification_id: NotificationId, *, at: datetime) -> None:
        """Note that its letter was handed over."""
        ...

    def of_letter(self, letter_key: str) -> Notification:
        """The one whose letter carries this secret, else ``NotFound``."""
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` that were written before an instant, and tell how many."""
        ...


class NotificationSettings(Protocol):
    """What people wish, and when to look at whom."""

    def get(self, owner: UserId) -> Preferences:
        """What they wish; the defaults for somebody who said nothing."""
        ...

    def save(self, owner: UserId, preferences: Preferences) -> None:
        """Keep their wishes."""
        ...

    def look_at(self, owner: UserId, at: datetime) -> None:
        """Look at this person at that instant, and not before. A new account is looked at at once."""
        ...

    def due(self, now: datetime) -> UserId | None:
        """Somebody who is to be looked at, the longest waiting first. They are locked until the end of this unit of
        work; who is locked by another one is passed over. The time it takes doesn't grow with the number of accounts.
        """
        ...


class CalendarFeeds(Protocol):
    """Secret addresses of people's calendars, one each; only hashes are kept."""

    def put(self, owner: UserId, secret_hash: str, *, now: datetime) -> None:
        """Name the one that is good from now on."""
        ...

    def made_at(self, owner: UserId) -> datetime | None:
        """Since when there is one, None when there is none."""
        ...

    def owner_of(self, secret_hash: str) -> UserId:
        """Whose it is, else ``NotFound``."""
        ...

    def remove(self, owner: UserId) -> None:
        """End it, if there is one."""
        ...
