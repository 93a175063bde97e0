"""Notifications, wishes and calendar feeds in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from studyteddy.adapters.in_memory.repository import page
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import NotificationId, UserId
from studyteddy.domain.notifications import Notification, Preferences
from studyteddy.domain.paging import Page, PageRequest

_ROWS, _WISHES, _LOOKS, _FEEDS = "notifications", "notification_settings", "notification_looks", "calendar_feeds"
_AT_ONCE = datetime.min.replace(tzinfo=UTC)


class InMemoryNotifications:
    """The ``Notifications`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[UUID, Notification] = store.table(_ROWS)
        self._journal = journal

    def add(self, notification: Notification) -> bool:
        if any(row.owner == notification.owner and row.key == notification.key for row in self._rows.values()):
            return False
        self._journal.put(_ROWS, notification.id, notification)
        return True

    def get(self, owner: UserId, notification_id: NotificationId) -> Notification:
        row = self._rows.get(notification_id)
        if row is None or row.owner != owner:
            raise NotFound("There is no such notification.")
        return row

    def page(self, owner: UserId, request: PageRequest, *, unread: bool) -> Page[Notification]:
        return page(
            (row for row in self._shown(owner) if not unread or row.read_at is None),
            request,
            order="-created_at",
            key=lambda row: row.created_at,
            as_text=datetime.isoformat,
            from_text=datetime.fromisoformat,
            descending=True,
        )

    def unread(self, owner: UserId) -> int:
        return sum(row.read_at is None for row in self._shown(owner))

    def mark_read(self, owner: UserId, ids: Collection[NotificationId] | None, *, now: datetime) -> int:
        read = [row for row in self._shown(owner) if row.read_at is None and (ids is None or row.id in ids)]
        for row in read:
            self._journal.put(_ROWS, row.id, replace(row, read_at=now))
        return len(read)

    def letter_sent(self, owner: UserId, notification_id: NotificationId, *, at: datetime) -> None:
        row = self._rows.get(notification_id)
        if row is not None and row.owner == owner:
            self._journal.put(_ROWS, row.id, replace(row, letter_sent_at=at))

    def of_letter(self, letter_key: str) -> Notification:
        for row in self._rows.values():
            if row.letter_key == letter_key:
                return row
        raise NotFound("There is no such letter.")

    def purge(self, *, before: datetime, limit: int) -> int:
        old = [row.id for row in self._rows.values() if row.created_at < before][:limit]
        for row_id in old:
            self._journal.remove(_ROWS, row_id)
        return len(old)

    def _shown(self, owner: UserId) -> list[Notification]:
        return [row for row in self._rows.values() if row.owner == owner and row.in_app]


class InMemoryNotificationSettings:
    """The ``NotificationSettings`` port over a store, of which one unit of work at a time holds everything."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    def get(self, owner: UserId) -> Preferences:
        found = self._store.table(_WISHES).get(owner)
        return found if isinstance(found, Preferences) else Preferences()

    def save(self, owner: UserId, preferences: Preferences) -> None:
        self._journal.put(_WISHES, owner, preferences)

    def look_at(self, owner: UserId, at: datetime) -> None:
        self._journal.put(_LOOKS, owner, at)

    def due(self, now: datetime) -> UserId | None:
        looks: dict[UserId, datetime] = self._store.table(_LOOKS)
        waiting = ((looks.get(owner, _AT_ONCE), owner) for owner in self._store.table("users"))
        return next((owner for at, owner in sorted(waiting) if at <= now), None)


class InMemoryCalendarFeeds:
    """The ``CalendarFeeds`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[UserId, tuple[str, datetime]] = store.table(_FEEDS)
        self._journal = journal

    def put(self, owner: UserId, secret_hash: str, *, now: datetime) -> None:
        self._journal.put(_FEEDS, owner, (secret_hash, now))

    def made_at(self, owner: UserId) -> datetime | None:
        row = self._rows.get(owner)
        return row[1] if row else None

    def owner_of(self, secret_hash: str) -> UserId:
        for owner, (kept, _) in self._rows.items():
            if kept == secret_hash:
                return owner
        raise NotFound("There is no such calendar.")

    def remove(self, owner: UserId) -> None:
        self._journal.remove(_FEEDS, owner)
