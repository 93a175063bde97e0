"""Any sequence of making, editing, reviewing and undoing, checked against a plain model of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.application.flashcards.cards import AddCards, DeleteCard, EditCard
from studyteddy.application.flashcards.decks import AddDeck
from studyteddy.application.flashcards.reviews import GetQueue, ReviewCard, UndoReview
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import Conflict, NotFound
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.queue import order_queue
from studyteddy.domain.flashcards.reviews import Review, done_on
from studyteddy.domain.ids import CardId, ReviewId
from studyteddy.domain.scheduling import replay
from studyteddy.testing.documents import add_user
from studyteddy.testing.flashcards import NOW


class ReviewMachine(RuleBasedStateMachine):
    """One student at work. ``unit_of_work`` is set by a subclass; the model is what the use cases answered."""

    unit_of_work: ClassVar[UnitOfWorkFactory]
    cards = Bundle("cards")
    reviews = Bundle("reviews")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.model: dict[CardId, Card] = {}
        self.log: dict[ReviewId, Review] = {}
        self.events = InMemoryEvents()

    def clock(self) -> datetime:
        return self.now

    @initialize()
    def a_student_with_a_deck(self) -> None:
        make = type(self).unit_of_work
        owner = add_user(make)
        with make() as uow:
            self.student: User = uow.users.get(owner)
        add = AddDeck(unit_of_work=make, new_id=uuid4, clock=self.clock)
        self.deck: Deck = add(owner=owner, name="Biology", new_per_day=3, reviews_per_day=4).deck

    @rule(target=cards, front=st.sampled_from(["a", "b", "ü"]))
    def make(self, front: str) -> CardId:
        add = AddCards(unit_of_work=type(self).unit_of_work, new_id=uuid4, clock=self.clock)
        (card,) = add(owner=self.student.id, deck_id=self.deck.id, cards=[{"front": front, "back": "z"}])
        self.model[card.id] = card
        self.now += timedelta(seconds=1)
        return card.id

    @rule(target=reviews, card_id=cards, quality=st.integers(0, 5), stale=st.booleans())
    def review(self, card_id: CardId, quality: int, stale: bool) -> ReviewId | None:
        review = ReviewCard(unit_of_work=type(self).unit_of_work, new_id=uuid4, clock=self.clock)
        known = self.model.get(card_id)
        version = (known.version if known else 1) - stale
        self.now += timedelta(seconds=1)
        try:
            done = review(student=self.student, card_id=card_id, quality=quality, card_version=version or None)
        except NotFound:
            assert known is None
            return None
        except Conflict as refusal:
            assert known is not None
            assert refusal.code == ("stale_card" if stale and version else "card_suspended")  # noqa: PT017
            return None
        assert known is not None
        assert done.review.before == known.schedule
        self.model[card_id] = done.card
        self.log[done.review.id] = done.review
        return done.review.id

    @rule(review_id=reviews)
    def undo(self, review_id: ReviewId | None) -> None:
        if review_id is None:
            return
        row = self.log[review_id]
        known = self.model.get(row.card_id)
        self.now += timedelta(seconds=1)
        try:
            card = UndoReview(unit_of_work=type(self).unit_of_work, clock=self.clock)(
                owner=self.student.id, review_id=review_id
            )
        except NotFound:
            assert known is None
            return
        except Conflict as refusal:
            assert known is not None
            assert refusal.code == ("already_undone" if row.undone_at else "not_last_review")  # noqa: PT017
            assert known.last_review_id != review_id
            return
        assert card.schedule == row.before
        self.model[card.id] = card
        self.log[review_id] = row.undone(self.now)

    @rule(card_id=cards, suspended=st.booleans(), buried=st.none() | st.booleans(), flag=st.integers(0, 7))
    def edit(self, card_id: CardId, suspended: bool, buried: bool | None, flag: int) -> None:
        if card_id in self.model:
            edit = EditCard(unit_of_work=type(self).unit_of_work, clock=self.clock)
            self.model[card_id] = edit(
                owner=self.student.id, card_id=card_id, front="edited", suspended=suspended, buried=buried, flag=flag
            )

    @rule(card_id=consumes(cards))
    def delete(self, card_id: CardId) -> None:
        if self.model.pop(card_id, None) is not None:
            DeleteCard(unit_of_work=type(self).unit_of_work)(owner=self.student.id, card_id=card_id)

    @rule(days=st.sampled_from([0.1, 1, 1, 2, 7, 40]))
    def wait(self, days: float) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def what_is_kept_is_what_was_answered(self) -> None:
        if not hasattr(self, "student"):
            return
        with type(self).unit_of_work() as uow:
            for card_id, card in self.model.items():
                assert uow.cards.get(self.student.id, card_id) == card
                log = uow.reviews.log(self.student.id, card_id)
                assert log == [row for row in self.log.values() if row.card_id == card_id]
                assert replay(log) == card.schedule
                standing = [row.id for row in log if row.undone_at is None]
                assert card.last_review_id == (standing[-1] if standing else None)

    @invariant()
    def the_queue_is_that_of_the_domain(self) -> None:
        if not hasattr(self, "student"):
            return
        day = self.student.study_day(self.now)
        allowance = self.deck.allowance(done_on(day, self.log.values()))
        expected = order_queue(self.model.values(), day, {self.deck.id: allowance})
        found = GetQueue(unit_of_work=type(self).unit_of_work, clock=self.clock)(student=self.student, limit=100)
        assert [item.card for item in found.items] == list(expected.cards)
        assert (found.counts.new, found.counts.due) == (len(expected.new), len(expected.due) + len(expected.again))
