"""Notifications, wishes and calendar feeds in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.repository import page
from studyteddy.adapters.postgres.tables.accounts import users
from studyteddy.adapters.postgres.tables.notifications import calendar_feeds, notification_settings, notifications
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import NotificationId, UserId
from studyteddy.domain.notifications import (
    Language,
    Notification,
    NotificationKind,
    Preferences,
    QuietHours,
    Switch,
)
from studyteddy.domain.paging import Page, PageRequest

_N, _S, _F = notifications.c, notification_settings.c, calendar_feeds.c
_ADD = insert(notifications).on_conflict_do_nothing(index_elements=[_N.owner, _N.key]).returning(_N.id)
_SHOWN = sa.and_(_N.owner == sa.bindparam("of"), _N.in_app)
_PAGE = sa.select(notifications).where(_SHOWN)
_UNREAD = sa.select(sa.func.count()).select_from(notifications).where(_SHOWN, _N.read_at.is_(None))
_READ = sa.update(notifications).where(_SHOWN, _N.read_at.is_(None)).values(read_at=sa.bindparam("now"))
_ONE = sa.select(notifications).where(_N.id == sa.bindparam("row_id"), _N.owner == sa.bindparam("of"))
_LETTER = sa.select(notifications).where(_N.letter_key == sa.bindparam("letter"))
_SENT = (
    sa.update(notifications)
    .where(_N.id == sa.bindparam("row_id"), _N.owner == sa.bindparam("of"))
    .values(letter_sent_at=sa.bindparam("at"))
)
_OLD = sa.select(_N.id).where(_N.created_at < sa.bindparam("before"))
_PURGE = sa.delete(notifications).where(_N.id.in_(_OLD.limit(sa.bindparam("at_most", type_=sa.Integer))))


class PostgresNotifications:
    """The ``Notifications`` port. The constraint on owner and key decides what was told."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, notification: Notification) -> bool:
        return self._connection.execute(_ADD, _row(notification)).one_or_none() is not None

    def get(self, owner: UserId, notification_id: NotificationId) -> Notification:
        row = self._connection.execute(_ONE, {"row_id": notification_id, "of": owner}).one_or_none()
        if row is None:
            raise NotFound("There is no such notification.")
        return _notification(row)

    def page(self, owner: UserId, request: PageRequest, *, unread: bool) -> Page[Notification]:
        return page(
            self._connection,
            _PAGE.where(_N.read_at.is_(None)) if unread else _PAGE,
            {"of": owner},
            request,
            order="-created_at",
            key=_N.created_at,
            row_id=_N.id,
            as_text=datetime.isoformat,
            from_text=datetime.fromisoformat,
            from_row=_notification,
            descending=True,
        )

    def unread(self, owner: UserId) -> int:
        return int(self._connection.execute(_UNREAD, {"of": owner}).scalar_one())

    def mark_read(self, owner: UserId, ids: Collection[NotificationId] | None, *, now: datetime) -> int:
        read = _READ if ids is None else _READ.where(_N.id.in_(list(ids)))
        return self._connection.execute(read, {"of": owner, "now": now}).rowcount

    def letter_sent(self, owner: UserId, notification_id: NotificationId, *, at: datetime) -> None:
        self._connection.execute(_SENT, {"row_id": notification_id, "of": owner, "at": at})

    def of_letter(self, letter_key: str) -> Notification:
        row = self._connection.execute(_LETTER, {"letter": letter_key}).one_or_none()
        if row is None:
            raise NotFound("There is no such letter.")
        return _notification(row)

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE, {"before": before, "at_most": limit}).rowcount


def _row(notification: Notification) -> dict[str, Any]:
    return {
        "id": notification.id,
        "owner": notification.owner,
        "kind": notification.kind.value,
        "key": notification.key,
        "subject_id": notification.subject_id,
        "data": dict(notification.data),
        "in_app": notification.in_app,
        "letter_key": notification.letter_key,
        "letter_sent_at": notification.letter_sent_at,
        "read_at": notification.read_at,
        "created_at": notification.created_at,
    }


def _notification(row: Any) -> Notification:
    return Notification(
        id=NotificationId(row.id),
        owner=UserId(row.owner),
        kind=NotificationKind(row.kind),
        key=row.key,
        subject_id=row.subject_id,
        data=row.data,
        in_app=row.in_app,
        letter_key=row.letter_key,
        letter_sent_at=row.letter_sent_at,
        read_at=row.read_at,
        created_at=row.created_at,
    )


_WISHES = sa.select(notification_settings).where(_S.owner == sa.bindparam("of"))
_NEW_WISHES = insert(notification_settings)
_KEEP = _NEW_WISHES.on_conflict_do_update(
    index_elements=[_S.owner],
    set_={
        column.name: _NEW_WISHES.excluded[column.name] for column in notification_settings.c if column is not _S.owner
    },
)
_LOOK_AT = sa.update(users).where(users.c.id == sa.bindparam("of")).values(look_at=sa.bindparam("at"))
_DUE = (
    sa.select(users.c.id)
    .where(users.c.look_at <= sa.bindparam("now"))
    .order_by(users.c.look_at)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)


class PostgresNotificationSettings:
    """The ``NotificationSettings`` port. When to look at somebody stands with their account, so that nobody is
    forgotten."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, owner: UserId) -> Preferences:
        row = self._connection.execute(_WISHES, {"of": owner}).one_or_none()
        return Preferences() if row is None else _preferences(row)

    def save(self, owner: UserId, preferences: Preferences) -> None:
        quiet = preferences.quiet_hours
        row = {
            "owner": owner,
            "switches": {
                kind.value: {"in_app": switch.in_app, "email": switch.email}
                for kind, switch in preferences.switches.items()
            },
            "reminder_hour": preferences.reminder_hour,
            "digest_weekday": preferences.digest_weekday,
            "quiet_from": quiet.start if quiet else None,
            "quiet_to": quiet.end if quiet else None,
            "language": preferences.language.value,
        }
        self._connection.execute(_KEEP, row)

    def look_at(self, owner: UserId, at: datetime) -> None:
        self._connection.execute(_LOOK_AT, {"of": owner, "at": at})

    def due(self, now: datetime) -> UserId | None:
        found = self._connection.execute(_DUE, {"now": now}).scalar_one_or_none()
        return None if found is None else UserId(found)


def _preferences(row: Any) -> Preferences:
    known = set(NotificationKind)
    return Preferences(
        switches={NotificationKind(kind): Switch(**switch) for kind, switch in row.switches.items() if kind in known},
        reminder_hour=row.reminder_hour,
        digest_weekday=row.digest_weekday,
        quiet_hours=None if row.quiet_from is None else QuietHours(start=row.quiet_from, end=row.quiet_to),
        language=Language(row.language),
    )


_NEW_FEED = insert(calendar_feeds)
_PUT_FEED = _NEW_FEED.on_conflict_do_update(
    index_elements=[_F.owner],
    set_={"secret_hash": _NEW_FEED.excluded.secret_hash, "created_at": _NEW_FEED.excluded.created_at},
)
_MADE_AT = sa.select(_F.created_at).where(_F.owner == sa.bindparam("of"))
_OWNER_OF = sa.select(_F.owner).where(_F.secret_hash == sa.bindparam("hash"))
_REMOVE = sa.delete(calendar_feeds).where(_F.owner == sa.bindparam("of"))


class PostgresCalendarFeeds:
    """The ``CalendarFeeds`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, owner: UserId, secret_hash: str, *, now: datetime) -> None:
        self._connection.execute(_PUT_FEED, {"owner": owner, "secret_hash": secret_hash, "created_at": now})

    def made_at(self, owner: UserId) -> datetime | None:
        return self._connection.execute(_MADE_AT, {"of": owner}).scalar_one_or_none()

    def owner_of(self, secret_hash: str) -> UserId:
        found = self._connection.execute(_OWNER_OF, {"hash": secret_hash}).scalar_one_or_none()
        if found is None:
            raise NotFound("There is no such calendar.")
        return UserId(found)

    def remove(self, owner: UserId) -> None:
        self._connection.execute(_REMOVE, {"of": owner})
