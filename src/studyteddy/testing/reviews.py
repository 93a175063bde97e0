"""What every review log and queue has to do."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound, StaleVersion, StudyTeddyError
from studyteddy.domain.flashcards.cards import Card, undo
from studyteddy.domain.flashcards.counts import QueueCounts
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.queue import ReviewQueue, order_queue
from studyteddy.domain.flashcards.reviews import Review, done_on
from studyteddy.domain.ids import DeckId, ReviewId, UserId
from studyteddy.domain.scheduling import Schedule, replay
from studyteddy.testing.documents import add_user
from studyteddy.testing.flashcards import NOW, TODAY, a_card, a_deck, add_deck, at_once


def reviewed(card: Card, quality: int, day: date = TODAY) -> tuple[Card, Review]:
    now = NOW + (day - TODAY)
    return card.reviewed(review_id=ReviewId(uuid4()), quality=quality, now=now, day=day, took_ms=900)


class ReviewsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def deck(self, unit_of_work: UnitOfWorkFactory) -> Deck:
        return add_deck(unit_of_work, a_deck(add_user(unit_of_work)))

    @pytest.fixture
    def card(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> Card:
        card = a_card(deck)
        with unit_of_work() as uow:
            uow.cards.add([card])
            uow.commit()
        return card

    @pytest.fixture
    def stranger(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    def review(self, unit_of_work: UnitOfWorkFactory, card: Card, quality: int, day: date = TODAY) -> Card:
        with unit_of_work() as uow:
            known = uow.reviews.context(card.owner, card.id).card
            after, row = reviewed(known, quality, day)
            uow.reviews.commit_review(after, row)
        return after

    def test_a_review_needs_no_further_commit(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        after, row = reviewed(card, 2)
        with unit_of_work() as uow:
            uow.reviews.commit_review(after, row)
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id) == after
            assert uow.reviews.get(card.owner, row.id) == row
            assert uow.reviews.log(card.owner, card.id) == [row]

    def test_a_review_commits_what_was_changed_before_it(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        with unit_of_work() as uow:
            edited = card.edited(NOW, front="Edited")
            uow.cards.save(edited)
            uow.reviews.commit_review(*reviewed(edited, 4))
        with unit_of_work() as uow:
            found = uow.cards.get(card.owner, card.id)
        assert (found.front, found.version, found.schedule.repetitions) == ("Edited", 3, 1)

    def test_a_review_of_an_old_version_leaves_no_trace(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        after = self.review(unit_of_work, card, 4)
        stale = reviewed(card, 1)
        with pytest.raises(StaleVersion), unit_of_work() as uow:
            uow.reviews.commit_review(*stale)
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id) == after
            assert len(uow.reviews.log(card.owner, card.id)) == 1

    def test_of_twenty_reviews_of_one_version_at_once_one_is_kept(
        self, unit_of_work: UnitOfWorkFactory, card: Card
    ) -> None:
        def review(number: int) -> Card:
            after, row = reviewed(card, number % 6)
            with unit_of_work() as uow:
                uow.reviews.commit_review(after, row)
            return after

        results = at_once(review, 20)
        kept = [result for result in results if isinstance(result, Card)]
        refusals = [result for result in results if isinstance(result, StudyTeddyError)]
        assert len(kept) == 1
        assert {type(refusal) for refusal in refusals} == {StaleVersion}
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id) == kept[0]
            assert len(uow.reviews.log(card.owner, card.id)) == 1

    def test_the_log_replays_to_the_card(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        for quality, day in ((4, 0), (5, 1), (2, 7), (3, 7), (4, 8), (5, 9)):
            after = self.review(unit_of_work, card, quality, TODAY + timedelta(days=day))
        with unit_of_work() as uow:
            log = uow.reviews.log(card.owner, card.id)
        assert replay(log) == after.schedule
        assert [row.quality for row in log] == [4, 5, 2, 3, 4, 5]
        assert [row.previous for row in log] == [None, *(row.id for row in log[:-1])]

    def test_an_undone_review_stays_in_the_log(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        self.review(unit_of_work, card, 4)
        self.review(unit_of_work, card, 1, TODAY + timedelta(days=1))
        with unit_of_work() as uow:
            first, second = uow.reviews.log(card.owner, card.id)
            restored, marked = undo(uow.cards.get(card.owner, card.id), second, NOW)
            uow.reviews.record_undo(restored, marked)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id) == restored
            assert uow.reviews.log(card.owner, card.id) == [first, marked]
        assert replay([first, marked]) == restored.schedule == first.after

    def test_of_many_undos_at_once_one_counts(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        self.review(unit_of_work, card, 4)

        def take_back(_: int) -> Card:
            with unit_of_work() as uow:
                (row,) = uow.reviews.log(card.owner, card.id)
                restored, marked = undo(uow.cards.get(card.owner, card.id), row, NOW)
                uow.reviews.record_undo(restored, marked)
                uow.commit()
            return restored

        results = at_once(take_back, 8)
        assert len([result for result in results if isinstance(result, Card)]) == 1
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id).version == 3

    def test_an_undo_of_an_old_version_leaves_the_log_alone(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        after = self.review(unit_of_work, card, 4)
        with unit_of_work() as uow:
            (row,) = uow.reviews.log(card.owner, card.id)
            uow.cards.save(after.edited(NOW, front="Edited"))
            uow.commit()
        restored, marked = undo(after, row, NOW)
        with pytest.raises(StaleVersion), unit_of_work() as uow:
            uow.reviews.record_undo(restored, marked)
        with unit_of_work() as uow:
            assert uow.reviews.get(card.owner, row.id) == row

    def test_reviews_outlive_the_card_and_the_deck(self, unit_of_work: UnitOfWorkFactory, card: Card) -> None:
        self.review(unit_of_work, card, 4)
        with unit_of_work() as uow:
            uow.decks.delete(card.owner, card.deck_id)
            uow.commit()
        after, row = reviewed(card, 4)
        with unit_of_work() as uow:
            assert len(uow.reviews.log(card.owner, card.id)) == 1
            with pytest.raises(NotFound):
                uow.reviews.context(card.owner, card.id)
        with pytest.raises(NotFound), unit_of_work() as uow:
            uow.reviews.commit_review(after, row)

    def test_another_persons_cards_and_reviews_are_not_found(
        self, unit_of_work: UnitOfWorkFactory, card: Card, stranger: UserId
    ) -> None:
        self.review(unit_of_work, card, 4)
        with unit_of_work() as uow:
            (row,) = uow.reviews.log(card.owner, card.id)
            assert uow.reviews.log(stranger, card.id) == []
            for attempt in (
                lambda: uow.reviews.get(stranger, row.id),
                lambda: uow.reviews.context(stranger, card.id),
                lambda: uow.reviews.queue(stranger, TODAY, deck_id=card.deck_id, limit=1),
                lambda: uow.reviews.queue(card.owner, TODAY, deck_id=DeckId(uuid4()), limit=1),
            ):
                with pytest.raises(NotFound):
                    attempt()
            assert uow.reviews.queue(stranger, TODAY, deck_id=None, limit=9).cards == ()

    def test_an_empty_queue_has_counts(self, unit_of_work: UnitOfWorkFactory, deck: Deck) -> None:
        with unit_of_work() as uow:
            queue = uow.reviews.queue(deck.owner, TODAY, deck_id=deck.id, limit=5)
        assert (queue.cards, queue.counts) == ((), QueueCounts())

    def test_what_was_done_today_uses_up_the_limits_until_it_is_undone(
        self, unit_of_work: UnitOfWorkFactory, stranger: UserId
    ) -> None:
        deck = add_deck(unit_of_work, replace(a_deck(stranger), new_per_day=2))
        cards = [a_card(deck, str(number), age=9 - number) for number in range(5)]
        with unit_of_work() as uow:
            uow.cards.add(cards)
            uow.commit()
        self.review(unit_of_work, cards[0], 4)
        with unit_of_work() as uow:
            queue = uow.reviews.queue(stranger, TODAY, deck_id=None, limit=5)
            tomorrow = uow.reviews.queue(stranger, TODAY + timedelta(days=1), deck_id=None, limit=5)
        assert [card.front for card in queue.cards] == ["1"]
        assert queue.counts == QueueCounts(new=1)
        assert [card.front for card in tomorrow.cards] == ["0", "1", "2"]
        with unit_of_work() as uow:
            (row,) = uow.reviews.log(stranger, cards[0].id)
            uow.reviews.record_undo(*undo(uow.cards.get(stranger, cards[0].id), row, NOW))
            uow.commit()
        with unit_of_work() as uow:
            queue = uow.reviews.queue(stranger, TODAY, deck_id=None, limit=5)
        assert [card.front for card in queue.cards] == ["0", "1"]

    def test_a_buried_card_comes_back_on_the_day_that_it_was_put_off_to(
        self, unit_of_work: UnitOfWorkFactory, deck: Deck
    ) -> None:
        due = Schedule(1, 1, 250, TODAY, 0, TODAY - timedelta(days=1))
        again = Schedule(1, 1, 250, TODAY + timedelta(days=9), 0, TODAY, TODAY)
        put_off = [
            replace(a_card(deck, name, age=age), schedule=schedule).buried(TODAY)
            for name, schedule, age in (("due", due, 3), ("again", again, 2), ("new", Schedule(), 1))
        ]
        with unit_of_work() as uow:
            uow.cards.add([*put_off, replace(a_card(deck, "dug up"), schedule=due, buried_until=TODAY)])
            uow.commit()
        with unit_of_work() as uow:
            for deck_id in (None, deck.id):
                queue = uow.reviews.queue(deck.owner, TODAY, deck_id=deck_id, limit=9)
                assert ([card.front for card in queue.cards], queue.counts) == (["dug up"], QueueCounts(due=1))
                queue = uow.reviews.queue(deck.owner, TODAY + timedelta(days=1), deck_id=deck_id, limit=9)
                assert [card.front for card in queue.cards] == ["due", "dug up", "new"]
                assert queue.counts == QueueCounts(new=1, due=2)

    def test_reviewing_a_buried_card_and_undoing_that_leave_it_buried(
        self, unit_of_work: UnitOfWorkFactory, card: Card
    ) -> None:
        buried = card.buried(TODAY).edited(NOW, flag=2)
        with unit_of_work() as uow:
            uow.cards.save(buried)
            uow.commit()
        after = self.review(unit_of_work, card, 1)
        with unit_of_work() as uow:
            assert uow.cards.get(card.owner, card.id) == after
            assert uow.reviews.queue(card.owner, TODAY, deck_id=None, limit=9).cards == ()
            (row,) = uow.reviews.log(card.owner, card.id)
            restored, marked = undo(after, row, NOW)
            uow.reviews.record_undo(restored, marked)
            uow.commit()
        with unit_of_work() as uow:
            found = uow.cards.get(card.owner, card.id)
            assert uow.reviews.queue(card.owner, TODAY, deck_id=None, limit=9).cards == ()
        assert (found.buried_until, found.flag, found.schedule) == (buried.buried_until, 2, card.schedule)

    @pytest.mark.parametrize("seed", range(6))
    def test_the_queue_is_that_of_the_domain_for_any_cards(self, unit_of_work: UnitOfWorkFactory, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - for repeatable cards
        owner = add_user(unit_of_work)
        decks = [
            replace(
                a_deck(owner, f"Deck {n}"),
                new_per_day=chance.choice([0, 2, 20]),
                reviews_per_day=chance.choice([0, 5, 200]),
            )
            for n in range(3)
        ]
        cards = [_any_card(chance, chance.choice(decks), number) for number in range(120)]
        with unit_of_work() as uow:
            for deck in decks:
                uow.decks.add(deck)
            uow.cards.add(cards)
            uow.commit()
        rows = []
        for card in chance.sample([card for card in cards if not card.suspended], 15):
            cards.remove(card)
            after, row = reviewed(card, chance.randrange(6), TODAY + timedelta(days=chance.choice([-1, 0, 0])))
            with unit_of_work() as uow:
                uow.reviews.commit_review(after, row)
            cards.append(after)
            rows.append(row)
        for chosen in ([deck] for deck in decks):
            expected = _expected(cards, chosen, rows)
            with unit_of_work() as uow:
                found = uow.reviews.queue(owner, TODAY, deck_id=chosen[0].id, limit=100)
            assert found.cards == expected.cards[:100]
        expected = _expected(cards, decks, rows)
        with unit_of_work() as uow:
            found = uow.reviews.queue(owner, TODAY, deck_id=None, limit=100)
            first = uow.reviews.queue(owner, TODAY, deck_id=None, limit=1)
        counts = QueueCounts(new=len(expected.new), due=len(expected.due) + len(expected.again))
        assert found.cards == expected.cards[:100]
        assert first.cards == expected.cards[:1]
        assert first.counts == found.counts == counts


def _expected(cards: list[Card], decks: list[Deck], rows: list[Review]) -> ReviewQueue:
    allowances = {
        deck.id: deck.allowance(done_on(TODAY, [row for row in rows if row.deck_id == deck.id])) for deck in decks
    }
    return order_queue(cards, TODAY, allowances)


def _any_card(chance: random.Random, deck: Deck, number: int) -> Card:
    """A card with a schedule as it may occur, with many ties."""
    buried_until = chance.choice([None] * 6 + [TODAY, TODAY + timedelta(days=1)])
    card = replace(
        a_card(deck, str(number), age=chance.randrange(5)),
        suspended=chance.random() < 0.1,
        buried_until=buried_until,
    )
    if chance.random() < 0.3:
        return card
    interval = chance.choice([1, 3, 6, 7, 15, 35])
    due_on = TODAY + timedelta(days=chance.randrange(-20, 12))
    again_on = chance.choice([None, None, TODAY, TODAY - timedelta(days=1)])
    schedule = Schedule(2, interval, 250, due_on, 0, due_on - timedelta(days=interval), again_on)
    return replace(card, schedule=schedule, updated_at=NOW - timedelta(minutes=chance.randrange(3)))
