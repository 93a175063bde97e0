"""What every store of kept answers has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.repositories.idempotency import KEPT_FOR, Attempt, KeptAnswer
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId
from studyteddy.testing.accounts import add_user, at_once, commit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DONE = KeptAnswer(fingerprint="f", status=None, body=None)
_A_MOMENT = timedelta(microseconds=1)


def find(unit_of_work: UnitOfWorkFactory, owner: UserId, key: str = "k", now: datetime = NOW) -> KeptAnswer | None:
    with unit_of_work() as uow:
        return uow.idempotency.find(owner, key, now=now)


def claim(unit_of_work: UnitOfWorkFactory, attempt: Attempt) -> None:
    commit(unit_of_work, lambda uow: uow.idempotency.claim(attempt))


def keep(unit_of_work: UnitOfWorkFactory, attempt: Attempt, body: str = "{}", status: int = 200) -> None:
    commit(unit_of_work, lambda uow: uow.idempotency.keep(attempt, status=status, body=body))


class IdempotencyContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def attempt(self, unit_of_work: UnitOfWorkFactory) -> Attempt:
        return Attempt(id=uuid4(), owner=add_user(unit_of_work), key="k", fingerprint="f", began_at=NOW)

    def test_under_a_fresh_key_nothing_was_done(self, unit_of_work: UnitOfWorkFactory, attempt: Attempt) -> None:
        assert find(unit_of_work, attempt.owner) is None

    def test_a_claim_that_was_committed_says_that_the_request_is_done(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt
    ) -> None:
        claim(unit_of_work, attempt)
        assert find(unit_of_work, attempt.owner) == DONE

    def test_a_claim_that_was_not_committed_never_happened(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt
    ) -> None:
        with unit_of_work() as uow:
            uow.idempotency.claim(attempt)
        assert find(unit_of_work, attempt.owner) is None
        claim(unit_of_work, replace(attempt, id=uuid4()))

    def test_an_attempt_that_commits_twice_claims_twice(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt
    ) -> None:
        for _ in range(2):
            claim(unit_of_work, attempt)
        assert find(unit_of_work, attempt.owner) == DONE

    def test_another_attempt_can_neither_claim_the_key_nor_answer_for_it(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt
    ) -> None:
        claim(unit_of_work, attempt)
        other = replace(attempt, id=uuid4())
        with pytest.raises(Conflict) as refused:
            claim(unit_of_work, other)
        assert refused.value.code == "in_progress"
        keep(unit_of_work, other, body="theirs")
        assert find(unit_of_work, attempt.owner) == DONE
        keep(unit_of_work, attempt, body="ours", status=201)
        keep(unit_of_work, other, body="theirs")
        assert find(unit_of_work, attempt.owner) == replace(DONE, status=201, body="ours")

    @pytest.mark.parametrize("claimed", [True, False])
    def test_an_answer_is_kept_once(self, unit_of_work: UnitOfWorkFactory, attempt: Attempt, claimed: bool) -> None:
        if claimed:
            claim(unit_of_work, attempt)
        for body in ('{"a": "🧸"}', "again"):
            keep(unit_of_work, attempt, body=body, status=201)
        kept = replace(DONE, status=201, body='{"a": "🧸"}')
        assert find(unit_of_work, attempt.owner, now=NOW + KEPT_FOR) == kept

    def test_keys_belong_to_their_owner(self, unit_of_work: UnitOfWorkFactory, attempt: Attempt) -> None:
        other = replace(attempt, id=uuid4(), owner=add_user(unit_of_work))
        claim(unit_of_work, attempt)
        claim(unit_of_work, replace(attempt, id=uuid4(), key="K"))
        assert find(unit_of_work, other.owner) is None
        claim(unit_of_work, other)
        keep(unit_of_work, attempt, body="mine")
        assert find(unit_of_work, other.owner) == DONE

    @pytest.mark.parametrize("answered", [True, False])
    def test_after_a_day_a_key_is_as_if_never_used(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt, answered: bool
    ) -> None:
        claim(unit_of_work, attempt)
        if answered:
            keep(unit_of_work, attempt, body="old")
        later = replace(attempt, id=uuid4(), fingerprint="g", began_at=NOW + KEPT_FOR + _A_MOMENT)
        assert find(unit_of_work, attempt.owner, now=later.began_at) is None
        claim(unit_of_work, later)
        assert find(unit_of_work, attempt.owner, now=later.began_at) == replace(DONE, fingerprint="g")
        keep(unit_of_work, attempt, body="too late")
        keep(unit_of_work, later, body="new")
        assert find(unit_of_work, attempt.owner, now=later.began_at) == KeptAnswer(
            fingerprint="g", status=200, body="new"
        )

    def test_of_many_attempts_at_once_exactly_one_commits(
        self, unit_of_work: UnitOfWorkFactory, attempt: Attempt
    ) -> None:
        attempts = [replace(attempt, id=uuid4()) for _ in range(20)]
        outcomes = at_once(20, lambda number: claim(unit_of_work, attempts[number]))
        assert outcomes.count(None) == 1
        assert {error.code for error in outcomes if isinstance(error, Conflict)} == {"in_progress"}
        keep(unit_of_work, attempts[outcomes.index(None)], body="the winner's")
        assert find(unit_of_work, attempt.owner) == replace(DONE, status=200, body="the winner's")

    def test_old_keys_are_purged(self, unit_of_work: UnitOfWorkFactory, attempt: Attempt) -> None:
        attempts = [
            replace(attempt, id=uuid4(), key=f"k{age}", began_at=NOW - timedelta(hours=age)) for age in range(4)
        ]
        for one in attempts:
            claim(unit_of_work, one)
        purged: list[int] = []
        while not purged or purged[-1]:
            with unit_of_work() as uow:
                purged.append(uow.idempotency.purge(before=NOW - timedelta(hours=1), limit=1))
                uow.commit()
        assert set(purged) == {0, 1}
        assert len(purged) >= 3
        with unit_of_work() as uow:
            left = [uow.idempotency.find(one.owner, one.key, now=NOW) is not None for one in attempts]
        assert left == [True, True, False, False]
