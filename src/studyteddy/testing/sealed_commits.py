"""What every unit of work has to do for requests that have a key: each commit carries the key along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from studyteddy.application.idempotency import AttemptAtHand
from studyteddy.application.ports.repositories.idempotency import Attempt
from studyteddy.application.ports.unit_of_work import BeforeCommit, UnitOfWorkFactory
from studyteddy.domain.errors import Conflict, StaleVersion
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import ReviewId, UserId
from studyteddy.domain.scheduling import SchedulerName
from studyteddy.testing.accounts import a_user, add_user, commit
from studyteddy.testing.analytics import CardDraft, keep_cards

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _attempt_of(owner: UserId) -> Attempt:
    return Attempt(id=uuid4(), owner=owner, key="k", fingerprint="f", began_at=NOW)


def _graded(card: Card) -> tuple[Card, Review]:
    return card.reviewed(
        review_id=ReviewId(uuid4()),
        quality=4,
        now=NOW,
        day=date(2026, 3, 2),
        took_ms=None,
        scheduler=SchedulerName.SM2,
    )


class SealedCommitsContract:
    """Subclass it and give the fixture ``opened_with``: units of work over one store that call a seal."""

    @pytest.fixture
    def opened_with(self) -> Callable[[BeforeCommit], UnitOfWorkFactory]:
        raise NotImplementedError

    @pytest.fixture
    def at_hand(self) -> AttemptAtHand:
        return AttemptAtHand()

    @pytest.fixture
    def unit_of_work(
        self, opened_with: Callable[[BeforeCommit], UnitOfWorkFactory], at_hand: AttemptAtHand
    ) -> UnitOfWorkFactory:
        return opened_with(at_hand)

    def is_done(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> bool:
        with unit_of_work() as uow:
            return uow.idempotency.find(owner, "k", now=NOW) is not None

    def test_a_commit_carries_the_key_along(self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand) -> None:
        owner = add_user(unit_of_work)
        at_hand.take(_attempt_of(owner))
        with unit_of_work() as uow:
            uow.users.get(owner)
        assert not self.is_done(unit_of_work, owner)
        for _ in range(2):
            add_user(unit_of_work)
        assert self.is_done(unit_of_work, owner)

    def test_without_a_key_nothing_is_written(self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand) -> None:
        owner = add_user(unit_of_work)
        attempt = _attempt_of(owner)
        at_hand.take(attempt)
        assert at_hand.drop() == attempt
        add_user(unit_of_work)
        assert not self.is_done(unit_of_work, owner)

    def test_a_change_whose_key_is_taken_is_not_made(
        self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand
    ) -> None:
        owner, late = add_user(unit_of_work), a_user()
        at_hand.take(_attempt_of(owner))
        add_user(unit_of_work)
        at_hand.take(_attempt_of(owner))
        with pytest.raises(Conflict) as refused:
            commit(unit_of_work, lambda uow: uow.users.add(late))
        assert refused.value.code == "in_progress"
        with unit_of_work() as uow:
            assert uow.users.by_email(late.email) is None

    def test_a_review_carries_the_key_along(self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand) -> None:
        owner = add_user(unit_of_work)
        (card,) = keep_cards(unit_of_work, owner, [CardDraft(due_on=None, suspended=False)])
        at_hand.take(_attempt_of(owner))
        with unit_of_work() as uow:
            uow.reviews.commit_review(*_graded(card))
        assert self.is_done(unit_of_work, owner)
        with unit_of_work() as uow:
            assert len(uow.reviews.log(owner, card.id)) == 1

    def test_a_review_that_is_refused_leaves_the_key_alone(
        self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand
    ) -> None:
        owner = add_user(unit_of_work)
        (card,) = keep_cards(unit_of_work, owner, [CardDraft(due_on=None, suspended=False)])
        at_hand.take(_attempt_of(owner))
        with pytest.raises(StaleVersion), unit_of_work() as uow:
            uow.reviews.commit_review(*_graded(replace(card, version=7)))
        assert not self.is_done(unit_of_work, owner)

    def test_a_review_whose_key_is_taken_is_not_made(
        self, unit_of_work: UnitOfWorkFactory, at_hand: AttemptAtHand
    ) -> None:
        owner = add_user(unit_of_work)
        (card,) = keep_cards(unit_of_work, owner, [CardDraft(due_on=None, suspended=False)])
        at_hand.take(_attempt_of(owner))
        add_user(unit_of_work)
        at_hand.take(_attempt_of(owner))
        with pytest.raises(Conflict), unit_of_work() as uow:
            uow.reviews.commit_review(*_graded(card))
        with unit_of_work() as uow:
            assert uow.reviews.log(owner, card.id) == []
