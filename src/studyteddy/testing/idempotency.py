"""What every store of kept answers has to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from studyteddy.application.ports.repositories.idempotency import KEPT_FOR, RESERVED_FOR, KeptAnswer
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.testing.accounts import add_user, at_once, commit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_A_MOMENT = timedelta(microseconds=1)


def reserve(
    unit_of_work: UnitOfWorkFactory, owner: UserId, key: str = "k", fingerprint: str = "f", now: datetime = NOW
) -> KeptAnswer | None:
    with unit_of_work() as uow:
        kept = uow.idempotency.reserve(owner, key, fingerprint, now=now)
        uow.commit()
    return kept


class IdempotencyContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    def test_a_fresh_key_is_taken_and_then_under_way(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        assert reserve(unit_of_work, owner) is None
        assert reserve(unit_of_work, owner, fingerprint="other") == KeptAnswer(
            fingerprint="f", status=None, body=None, created_at=NOW
        )

    def test_an_answer_is_given_again(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        reserve(unit_of_work, owner)
        commit(unit_of_work, lambda uow: uow.idempotency.keep(owner, "k", status=201, body='{"a": "🧸"}'))
        assert reserve(unit_of_work, owner, now=NOW + KEPT_FOR) == KeptAnswer(
            fingerprint="f", status=201, body='{"a": "🧸"}', created_at=NOW
        )

    def test_keys_belong_to_their_owner(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        other = add_user(unit_of_work)
        assert reserve(unit_of_work, owner) is None
        assert reserve(unit_of_work, other) is None
        assert reserve(unit_of_work, owner, key="K") is None
        commit(unit_of_work, lambda uow: uow.idempotency.keep(owner, "k", status=200, body="mine"))
        kept = reserve(unit_of_work, other)
        assert kept is not None
        assert kept.status is None

    def test_a_key_that_was_given_back_is_free(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        reserve(unit_of_work, owner)
        commit(unit_of_work, lambda uow: uow.idempotency.release(owner, "k"))
        assert reserve(unit_of_work, owner) is None

    def test_a_reservation_that_was_never_answered_is_free_after_a_minute(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        reserve(unit_of_work, owner)
        assert reserve(unit_of_work, owner, now=NOW + RESERVED_FOR) is not None
        assert reserve(unit_of_work, owner, fingerprint="g", now=NOW + RESERVED_FOR + _A_MOMENT) is None
        kept = reserve(unit_of_work, owner, now=NOW + RESERVED_FOR + _A_MOMENT)
        assert kept is not None
        assert kept.fingerprint == "g"

    def test_an_answer_is_forgotten_after_a_day(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        reserve(unit_of_work, owner)
        commit(unit_of_work, lambda uow: uow.idempotency.keep(owner, "k", status=200, body="old"))
        assert reserve(unit_of_work, owner, now=NOW + KEPT_FOR + _A_MOMENT) is None
        kept = reserve(unit_of_work, owner, now=NOW + KEPT_FOR + _A_MOMENT)
        assert kept is not None
        assert (kept.status, kept.body) == (None, None)

    def test_nothing_happens_to_a_key_that_is_not_reserved(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        commit(unit_of_work, lambda uow: uow.idempotency.keep(owner, "k", status=200, body="?"))
        commit(unit_of_work, lambda uow: uow.idempotency.release(owner, "k"))
        assert reserve(unit_of_work, owner) is None

    def test_a_reservation_that_was_not_committed_never_happened(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        with unit_of_work() as uow:
            uow.idempotency.reserve(owner, "k", "f", now=NOW)
        assert reserve(unit_of_work, owner) is None

    @pytest.mark.parametrize("left_behind", [False, True])
    def test_of_many_takers_at_once_exactly_one_gets_the_key(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, left_behind: bool
    ) -> None:
        if left_behind:
            reserve(unit_of_work, owner, now=NOW - timedelta(hours=1))
        outcomes = at_once(20, lambda number: reserve(unit_of_work, owner, fingerprint=str(number)))
        assert outcomes.count(None) == 1
        winner = str(outcomes.index(None))
        assert all(isinstance(kept, KeptAnswer) and kept.fingerprint == winner for kept in outcomes if kept is not None)
