from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Allowance
from studyteddy.domain.flashcards.queue import order_queue
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.scheduling import NEW, Schedule

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
DECK, OTHER_DECK = DeckId(UUID(int=100)), DeckId(UUID(int=101))
PLENTY = {DECK: Allowance(new=20, reviews=200), OTHER_DECK: Allowance(new=20, reviews=200)}


def a_card(number: int, schedule: Schedule = NEW, **fields: Any) -> Card:
    made_at = NOW + timedelta(seconds=number)
    return Card(
        id=CardId(UUID(int=number)), owner=UserId(UUID(int=1)), front="Q", back="A", schedule=schedule,
        created_at=made_at, **{"deck_id": DECK, "updated_at": made_at, **fields},
    )  # fmt: skip


def due(number: int, days_late: int, interval: int, **fields: Any) -> Card:
    due_on = TODAY - timedelta(days=days_late)
    schedule = Schedule(
        repetitions=1, interval_days=interval, due_on=due_on, last_reviewed_on=due_on - timedelta(days=interval)
    )
    return a_card(number, schedule, **fields)


def again(number: int, day: date = TODAY, **fields: Any) -> Card:
    schedule = Schedule(interval_days=1, due_on=day + timedelta(days=1), last_reviewed_on=day, again_on=day)
    return a_card(number, schedule, **fields)


def numbers(*cards: Card, allowances: dict[DeckId, Allowance] = PLENTY) -> list[int]:
    return [card.id.int for card in order_queue(cards, TODAY, allowances).cards]


def test_due_cards_come_before_those_to_see_again_and_new_ones_come_last() -> None:
    assert numbers(a_card(1), again(2), due(3, 0, 6)) == [3, 2, 1]


def test_the_most_overdue_in_terms_of_its_interval_comes_first() -> None:
    assert numbers(due(1, 3, 30), due(2, 2, 1), due(3, 0, 1), due(4, 10, 20)) == [2, 4, 1, 3]


def test_equally_overdue_cards_come_in_the_order_in_which_they_were_due_and_made() -> None:
    assert numbers(due(2, 2, 2), due(1, 1, 1), due(3, 1, 1)) == [2, 1, 3]


def test_the_card_not_touched_for_the_longest_is_seen_again_first() -> None:
    assert numbers(again(1, updated_at=NOW + timedelta(hours=2)), again(2)) == [2, 1]


def test_a_card_failed_yesterday_is_due_and_no_longer_one_to_see_again() -> None:
    queue = order_queue([again(1, TODAY - timedelta(days=1))], TODAY, PLENTY)
    assert ([card.id.int for card in queue.due], queue.again) == ([1], ())


def test_cards_not_due_yet_and_suspended_ones_are_left_out() -> None:
    hidden = [due(1, -1, 6), due(2, 3, 6, suspended=True), a_card(3, suspended=True), again(4, suspended=True)]
    assert numbers(*hidden) == []


def test_cards_buried_until_a_later_day_are_left_out() -> None:
    tomorrow = TODAY + timedelta(days=1)
    hidden = [each.buried(TODAY) for each in (due(1, 3, 6), a_card(2), again(3))]
    assert numbers(*hidden, due(4, 3, 6, buried_until=TODAY)) == [4]
    assert [card.id.int for card in order_queue(hidden, tomorrow, PLENTY).cards] == [1, 3, 2]


def test_each_deck_keeps_to_its_own_limits_and_again_cards_to_none() -> None:
    cards = [due(1, 5, 1), due(2, 4, 1), due(3, 3, 1, deck_id=OTHER_DECK), a_card(4), a_card(5), again(6), again(7)]
    tight = {DECK: Allowance(new=1, reviews=1), OTHER_DECK: Allowance(new=0, reviews=5)}
    assert numbers(*cards, allowances=tight) == [1, 3, 6, 7, 4]


def test_a_deck_that_was_not_asked_for_is_left_out() -> None:
    assert numbers(a_card(1), a_card(2, deck_id=OTHER_DECK), allowances={DECK: PLENTY[DECK]}) == [1]


def test_the_same_cards_in_any_order_give_the_same_queue() -> None:
    cards = [due(1, 3, 3), due(2, 3, 3), again(3), again(4), a_card(5), a_card(6)]
    assert numbers(*cards) == numbers(*reversed(cards))
