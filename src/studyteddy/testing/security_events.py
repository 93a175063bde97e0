"""What every log of security events has to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.security_events import NOBODY, Client, SecurityEvent, SecurityEventKind
from studyteddy.testing.accounts import NOW, add_user, commit

PHONE = Client(device="Firefox/140.0", network="192.0.2.0/24")


class Units(Protocol):
    """Makes units of work that take what ``UnitOfWork`` promises about security events."""

    def __call__(
        self, *, client: Callable[[], Client] = ..., tell: Callable[[SecurityEvent], None] = ...
    ) -> UnitOfWork: ...


class SecurityEventsContract:
    """Subclass it and give the fixture ``units``: a factory of units of work that takes ``client`` and ``tell``."""

    @pytest.fixture
    def units(self) -> Units:
        raise NotImplementedError

    @pytest.fixture
    def unit_of_work(self, units: Units) -> UnitOfWorkFactory:
        return lambda: units(client=lambda: PHONE)

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def of(unit_of_work: UnitOfWorkFactory, owner: UserId) -> list[SecurityEvent]:
        with unit_of_work() as uow:
            return list(uow.security_events.page(owner, PageRequest()).items)

    def test_an_event_is_kept_with_where_it_came_from(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        admin = add_user(unit_of_work)
        kinds = set(SecurityEventKind) - {SecurityEventKind.ACCOUNT_DELETED}
        for kind in kinds:
            commit(
                unit_of_work,
                lambda uow, kind=kind: uow.security_events.add(  # type: ignore[misc]
                    kind, owner=owner, at=NOW, detail="teacher", actor=admin
                ),
            )
        kept = self.of(unit_of_work, owner)
        assert {event.kind for event in kept} == kinds
        assert {(event.owner, event.actor, event.client, event.detail, event.at) for event in kept} == {
            (owner, admin, PHONE, "teacher", NOW)
        }

    def test_pages_hold_ones_own_events_newest_first(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        other = add_user(unit_of_work)
        for minute in range(5):
            at = NOW + timedelta(minutes=minute)
            for whose in (owner, other, None):
                commit(
                    unit_of_work,
                    lambda uow, whose=whose, at=at: uow.security_events.add(  # type: ignore[misc]
                        SecurityEventKind.LOG_IN_FAILED, owner=whose, at=at
                    ),
                )
        seen: list[SecurityEvent] = []
        request: PageRequest | None = PageRequest(limit=2)
        while request is not None:
            with unit_of_work() as uow:
                page = uow.security_events.page(owner, request)
            seen += page.items
            request = PageRequest(limit=2, after=page.next) if page.next else None
        assert [event.at for event in seen] == [NOW + timedelta(minutes=minute) for minute in (4, 3, 2, 1, 0)]
        assert {event.owner for event in seen} == {owner}

    def test_an_event_without_a_request_came_from_nobody(self, units: Units, owner: UserId) -> None:
        commit(units, lambda uow: uow.security_events.add(SecurityEventKind.LOGGED_IN, owner=owner, at=NOW))
        assert [event.client for event in self.of(units, owner)] == [NOBODY]

    def test_what_is_committed_is_told_once_the_unit_of_work_is_left(self, units: Units, owner: UserId) -> None:
        told: list[SecurityEvent] = []
        with units(tell=told.append) as uow:
            uow.security_events.add(SecurityEventKind.LOGGED_OUT, owner=owner, at=NOW)
            uow.commit()
            assert told == []
        assert told == self.of(units, owner)

    def test_the_end_of_an_account_is_told_with_its_owner_and_kept_without(self, units: Units, owner: UserId) -> None:
        told: list[SecurityEvent] = []
        with units(tell=told.append) as uow:
            uow.security_events.add(SecurityEventKind.ACCOUNT_DELETED, owner=owner, at=NOW)
            uow.commit()
        assert [event.owner for event in told] == [owner]
        assert self.of(units, owner) == []

    def test_what_is_not_committed_never_happened(self, units: Units, owner: UserId) -> None:
        told: list[SecurityEvent] = []
        with units(tell=told.append) as uow:
            uow.security_events.add(SecurityEventKind.LOGGED_OUT, owner=owner, at=NOW)
        assert (told, self.of(units, owner)) == ([], [])

    def test_events_of_long_ago_are_purged(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        for days in (0, 1, 2, 3):
            at = NOW - timedelta(days=days)
            commit(
                unit_of_work,
                lambda uow, at=at: uow.security_events.add(  # type: ignore[misc]
                    SecurityEventKind.LOGGED_IN, owner=owner, at=at
                ),
            )
        with unit_of_work() as uow:
            while (count := uow.security_events.purge(before=NOW - timedelta(days=1), limit=1)) > 0:
                assert count == 1
            uow.commit()
        assert [event.at for event in self.of(unit_of_work, owner)] == [NOW, NOW - timedelta(days=1)]
