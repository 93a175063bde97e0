"""What every store of notifications, wishes and calendar feeds has to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import NotificationId, UserId
from studyteddy.domain.notifications import Language, Notification, NotificationKind, Preferences, QuietHours
from studyteddy.domain.paging import Cursor, PageRequest
from studyteddy.testing.accounts import NOW, add_user

LONG_AGO = datetime.min.replace(year=1970, tzinfo=NOW.tzinfo)


def a_notification(owner: UserId, **fields: Any) -> Notification:
    """One about something of its owner, with a key of its own."""
    made = Notification(
        id=NotificationId(uuid4()),
        owner=owner,
        kind=NotificationKind.LEECH,
        key=uuid4().hex,
        subject_id=uuid4(),
        data={"front": "What is a tide?", "lapses": 8},
        created_at=NOW,
    )
    return replace(made, **fields)


class NotificationsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def add(unit_of_work: UnitOfWorkFactory, *notifications: Notification) -> list[bool]:
        with unit_of_work() as uow:
            added = [uow.notifications.add(one) for one in notifications]
            uow.commit()
        return added

    def test_it_comes_back_as_it_was_written(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        written = a_notification(owner, letter_key=uuid4().hex, read_at=NOW, letter_sent_at=NOW)
        assert self.add(unit_of_work, written) == [True]
        with unit_of_work() as uow:
            assert uow.notifications.get(owner, written.id) == written
            assert uow.notifications.of_letter(written.letter_key or "") == written

    def test_nobody_elses_is_found(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        written, other = a_notification(owner), add_user(unit_of_work)
        self.add(unit_of_work, written)
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.notifications.get(other, written.id)
            with pytest.raises(NotFound):
                uow.notifications.of_letter("unknown")
            uow.notifications.letter_sent(other, written.id, at=NOW)
            assert uow.notifications.mark_read(other, [written.id], now=NOW) == 0
            assert uow.notifications.page(other, PageRequest(), unread=False).items == ()
            assert uow.notifications.get(owner, written.id) == written

    def test_one_key_is_told_once_to_each(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        other = add_user(unit_of_work)
        keys = [a_notification(who, key="task_due:2026-03-29") for who in (owner, owner, other)]
        assert self.add(unit_of_work, *keys) == [True, False, True]
        assert self.add(unit_of_work, keys[1]) == [False]

    def test_of_many_at_once_one_is_kept(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        start = threading.Barrier(6)

        def write(_: int) -> bool:
            start.wait()
            return self.add(unit_of_work, a_notification(owner, key="once"))[0]

        with ThreadPoolExecutor(6) as threads:
            assert sorted(threads.map(write, range(6))) == [False] * 5 + [True]

    def test_what_is_not_committed_may_be_told_again(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        with unit_of_work() as uow:
            assert uow.notifications.add(a_notification(owner, key="again"))
        assert self.add(unit_of_work, a_notification(owner, key="again")) == [True]

    def test_pages_are_newest_first_and_stable(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        written = [a_notification(owner, created_at=NOW + timedelta(minutes=n // 2)) for n in range(7)]
        self.add(unit_of_work, *written, a_notification(owner, in_app=False))
        expected = sorted(written, key=lambda one: (one.created_at, one.id), reverse=True)
        seen: list[Notification] = []
        after: Cursor | None = None
        while len(seen) < len(written):
            with unit_of_work() as uow:
                page = uow.notifications.page(owner, PageRequest(limit=3, after=after), unread=False)
            seen += page.items
            after = page.next
            self.add(unit_of_work, a_notification(owner, created_at=NOW + timedelta(hours=1)))
        assert (seen, after) == (expected, None)

    def test_reading_some_leaves_the_others_unread(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        one, two, hidden = (a_notification(owner, in_app=shown) for shown in (True, True, False))
        self.add(unit_of_work, one, two, hidden)
        with unit_of_work() as uow:
            assert uow.notifications.unread(owner) == 2
            assert uow.notifications.mark_read(owner, [one.id, NotificationId(uuid4())], now=NOW) == 1
            assert uow.notifications.mark_read(owner, [one.id], now=NOW + timedelta(hours=1)) == 0
            assert [left.id for left in uow.notifications.page(owner, PageRequest(), unread=True).items] == [two.id]
            assert uow.notifications.get(owner, one.id).read_at == NOW
            assert uow.notifications.mark_read(owner, None, now=NOW) == 1
            assert uow.notifications.unread(owner) == 0
            assert uow.notifications.mark_read(owner, [], now=NOW) == 0

    def test_a_letter_is_noted_as_sent(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        written = a_notification(owner, letter_key=uuid4().hex)
        self.add(unit_of_work, written)
        with unit_of_work() as uow:
            uow.notifications.letter_sent(owner, written.id, at=NOW)
            assert uow.notifications.get(owner, written.id).letter_sent_at == NOW

    def test_old_ones_are_purged_a_part_at_a_time(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        old = [a_notification(owner, created_at=LONG_AGO) for _ in range(3)]
        self.add(unit_of_work, *old, a_notification(owner))
        with unit_of_work() as uow:
            before = LONG_AGO + timedelta(days=1)
            assert [uow.notifications.purge(before=before, limit=2) for _ in range(3)] == [2, 1, 0]
            assert len(uow.notifications.page(owner, PageRequest(), unread=False).items) == 1

    def test_wishes_are_kept_and_default_for_who_said_nothing(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        wishes = Preferences(
            reminder_hour=19, digest_weekday=6, quiet_hours=QuietHours(start=23, end=6), language=Language.GERMAN
        ).without_letters(NotificationKind.TASK_DUE)
        with unit_of_work() as uow:
            assert uow.notification_settings.get(owner) == Preferences()
            uow.notification_settings.save(owner, wishes)
            assert uow.notification_settings.get(owner) == wishes
            uow.notification_settings.save(owner, replace(wishes, quiet_hours=None))
            assert uow.notification_settings.get(owner) == replace(wishes, quiet_hours=None)
            assert uow.notification_settings.get(add_user(unit_of_work)) == Preferences()

    def test_people_are_looked_at_when_their_time_comes(self, unit_of_work: UnitOfWorkFactory) -> None:
        early, late = add_user(unit_of_work), add_user(unit_of_work)
        with unit_of_work() as uow:
            uow.notification_settings.look_at(late, LONG_AGO + timedelta(hours=2))
            uow.notification_settings.look_at(early, LONG_AGO + timedelta(hours=1))
            uow.commit()
        found = []
        for hours in (0, 1, 2, 2):
            with unit_of_work() as uow:
                whom = uow.notification_settings.due(LONG_AGO + timedelta(hours=hours))
                found.append(whom)
                if whom is not None:
                    uow.notification_settings.look_at(whom, NOW + timedelta(days=36_500))
                uow.commit()
        assert found == [None, early, late, None]

    def test_a_new_account_is_looked_at_at_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        someone, far = add_user(unit_of_work), NOW + timedelta(days=36_500)
        found = set()
        while True:
            with unit_of_work() as uow:
                whom = uow.notification_settings.due(far - timedelta(days=1))
                if whom is None:
                    break
                uow.notification_settings.look_at(whom, far)
                uow.commit()
            found.add(whom)
        assert someone in found

    def test_a_feed_is_found_by_its_newest_secret(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        first, second = uuid4().hex, uuid4().hex
        with unit_of_work() as uow:
            assert uow.calendar_feeds.made_at(owner) is None
            uow.calendar_feeds.put(owner, first, now=NOW)
            uow.calendar_feeds.put(owner, second, now=NOW + timedelta(days=1))
            assert uow.calendar_feeds.made_at(owner) == NOW + timedelta(days=1)
            assert uow.calendar_feeds.owner_of(second) == owner
            with pytest.raises(NotFound):
                uow.calendar_feeds.owner_of(first)
            uow.calendar_feeds.remove(owner)
            uow.calendar_feeds.remove(owner)
            with pytest.raises(NotFound):
                uow.calendar_feeds.owner_of(second)
