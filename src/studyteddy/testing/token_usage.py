"""What every account of spent tokens has to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.testing.accounts import add_user

DAY = date(2026, 3, 2)


class TokenUsageContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @staticmethod
    def book(unit_of_work: UnitOfWorkFactory, owner: UserId, prompt: int, completion: int, day: date = DAY) -> None:
        with unit_of_work() as uow:
            uow.token_usage.book(owner, day, prompt_tokens=prompt, completion_tokens=completion)
            uow.commit()

    @staticmethod
    def spent(unit_of_work: UnitOfWorkFactory, owner: UserId, day: date = DAY) -> int:
        with unit_of_work() as uow:
            return uow.token_usage.spent(owner, day)

    def test_bookings_of_a_day_add_up(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        assert self.spent(unit_of_work, owner) == 0
        self.book(unit_of_work, owner, 100, 20)
        self.book(unit_of_work, owner, 3, 0)
        assert self.spent(unit_of_work, owner) == 123

    def test_days_and_people_are_counted_apart(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        other = add_user(unit_of_work)
        self.book(unit_of_work, owner, 100, 20)
        self.book(unit_of_work, owner, 1, 0, DAY + timedelta(days=1))
        self.book(unit_of_work, other, 7, 7)
        assert self.spent(unit_of_work, owner) == 120
        assert self.spent(unit_of_work, owner, DAY + timedelta(days=1)) == 1
        assert self.spent(unit_of_work, other) == 14

    def test_what_is_not_committed_was_not_spent(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        with unit_of_work() as uow:
            uow.token_usage.book(owner, DAY, prompt_tokens=5, completion_tokens=5)
            assert uow.token_usage.spent(owner, DAY) == 10
        assert self.spent(unit_of_work, owner) == 0

    def test_of_many_bookings_at_once_none_is_lost(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda number: self.book(unit_of_work, owner, number, 1), range(40)))
        assert self.spent(unit_of_work, owner) == sum(range(40)) + 40

    def test_holding_a_day_tells_what_is_spent_and_spends_nothing(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        with unit_of_work() as uow:
            assert uow.token_usage.hold(owner, DAY) == 0
            uow.commit()
        self.book(unit_of_work, owner, 30, 4)
        with unit_of_work() as uow:
            assert uow.token_usage.hold(owner, DAY) == 34
        assert self.spent(unit_of_work, owner) == 34

    def test_who_holds_a_day_is_alone_with_it(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        seen = threading.Event()

        def hold() -> int:
            with unit_of_work() as uow:
                spent = uow.token_usage.hold(owner, DAY)
                seen.set()
                return spent

        with ThreadPoolExecutor(1) as threads:
            with unit_of_work() as uow:
                uow.token_usage.hold(owner, DAY)
                later = threads.submit(hold)
                assert not seen.wait(0.2)
                uow.token_usage.book(owner, DAY, prompt_tokens=9, completion_tokens=1)
                uow.commit()
            assert later.result(10) == 10
