from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.flashcards.cards import Card, CardSource, normalised_tags, undo
from studyteddy.domain.flashcards.decks import Allowance, Deck, DoneToday
from studyteddy.domain.flashcards.reviews import Review, done_on
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, ReviewId, UserId
from studyteddy.domain.scheduling import NEW, Rating, replay

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
OWNER, DECK = UserId(UUID(int=1)), DeckId(UUID(int=2))


def a_card(**fields: Any) -> Card:
    given_fields = {"id": CardId(UUID(int=3)), "front": "What is mitosis?", "back": "Division", **fields}
    return Card.create(owner=OWNER, deck_id=DECK, now=NOW, **given_fields)


def a_deck(**fields: Any) -> Deck:
    return Deck.create(id=DECK, owner=OWNER, now=NOW, **{"name": "Biology", **fields})


def answered(card: Card, quality: int, day: date = TODAY, number: int = 1, **fields: Any) -> tuple[Card, Review]:
    now = NOW + timedelta(days=(day - TODAY).days, seconds=number)
    return card.reviewed(review_id=ReviewId(UUID(int=number)), quality=quality, now=now, day=day, **fields)


def test_a_new_card_is_tidy_and_new() -> None:
    card = a_card(front=" Q \n", back=" A ", tags=["#Cell Biology", "cell biology", " ", "Größe"])
    assert (card.front, card.back, card.tags) == ("Q", "A", ("cell-biology", "größe"))
    assert (card.schedule, card.suspended, card.version) == (NEW, False, 1)
    assert (card.buried_until, card.flag) == (None, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"front": " "}, "front"),
        ({"back": ""}, "back"),
        ({"front": "x" * 5_001}, "front"),
        ({"back": "x" * 20_001}, "back"),
        ({"front": "a\0"}, "front"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"tags": ["x" * 51]}, "tags"),
    ],
)
def test_an_invalid_card_cannot_be_built(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        a_card(**fields)
    assert caught.value.faults[0].field == field


@given(st.lists(st.text(max_size=20), max_size=8))
def test_normalising_tags_twice_changes_nothing_more(tags: list[str]) -> None:
    once = normalised_tags(tags)
    assert normalised_tags(once) == once


def test_editing_a_card_keeps_its_schedule() -> None:
    card, _ = answered(a_card(), 4)
    edited = card.edited(NOW, front=" New ", tags=["B"])
    assert (edited.front, edited.back, edited.tags) == ("New", "Division", ("b",))
    assert (edited.schedule, edited.version) == (card.schedule, card.version + 1)


def test_a_deleted_document_leaves_the_text_it_was_learnt_from() -> None:
    locator = Locator(unit=LocatorUnit.PAGE, number=7, label=None, char_start=0, char_end=9)
    source = CardSource(
        document_id=DocumentId(UUID(int=5)),
        chunk_id=ChunkId(UUID(int=6)),
        locator=locator,
        title="Cells",
        text="A cell.",
    )
    card = a_card(source=source).source_deleted(NOW)
    assert card.source == CardSource(locator=locator, title="Cells", text="A cell.")
    assert card.source_deleted(NOW) is card
    without = a_card()
    assert without.source_deleted(NOW) is without


def test_a_review_moves_the_card_and_is_logged_with_both_states() -> None:
    card, review = answered(a_card(), 5, took_ms=4_000)
    assert card.schedule.due_on == TODAY + timedelta(days=1)
    assert (card.version, card.last_review_id) == (2, review.id)
    assert (review.before, review.after, review.kind, review.rating) == (NEW, card.schedule, "learn", Rating.EASY)
    assert (review.card_id, review.deck_id, review.took_ms, review.previous) == (card.id, DECK, 4_000, None)


def test_an_hour_is_the_longest_time_that_a_review_takes() -> None:
    _, review = answered(a_card(), 4, took_ms=2**40)
    assert review.took_ms == 3_600_000
    with pytest.raises(Invalid):
        answered(a_card(), 4, took_ms=-1)


def test_a_suspended_card_cannot_be_reviewed_until_it_is_let_back_in() -> None:
    card = a_card().suspend(NOW)
    assert card.suspend(NOW) is card
    with pytest.raises(Conflict) as caught:
        answered(card, 4)
    assert caught.value.code == "card_suspended"
    back = card.unsuspend(NOW)
    assert back.unsuspend(NOW) is back
    assert not answered(back, 4)[0].suspended


def test_a_buried_card_stays_away_for_the_rest_of_the_study_day() -> None:
    card = a_card().buried(TODAY)
    assert card.buried_until == TODAY + timedelta(days=1)
    assert [card.is_buried(TODAY + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [True, True, False, False]
    assert not card.unburied().is_buried(TODAY)
    assert not a_card().is_buried(TODAY)


def test_burying_is_a_part_of_one_change_of_a_card() -> None:
    card = a_card()
    assert card.buried(TODAY).version == card.version
    assert card.buried(TODAY).edited(NOW, flag=1).version == card.version + 1


def test_a_card_comes_up_unless_it_is_suspended_or_buried() -> None:
    card = a_card()
    assert card.comes_up(TODAY)
    assert not card.suspend(NOW).comes_up(TODAY)
    assert not card.buried(TODAY).comes_up(TODAY)
    assert card.buried(TODAY).comes_up(TODAY + timedelta(days=1))


def test_a_burial_outlives_edits_moves_reviews_and_undoing_them() -> None:
    card = a_card().buried(TODAY)
    moved = card.edited(NOW, front="Edited", deck_id=DeckId(UUID(int=9)))
    reviewed, review = answered(moved, 1)
    restored, _ = undo(reviewed, review, NOW)
    assert {one.buried_until for one in (moved, reviewed, restored)} == {TODAY + timedelta(days=1)}
    assert (reviewed.schedule.again_on, restored.schedule) == (TODAY, NEW)


@pytest.mark.parametrize("flag", [-1, 8])
def test_there_are_seven_flags(flag: int) -> None:
    card, _ = answered(a_card().edited(NOW, flag=7), 4)
    assert (card.flag, card.edited(NOW, flag=0).flag) == (7, 0)
    with pytest.raises(Invalid) as caught:
        card.edited(NOW, flag=flag)
    assert caught.value.faults[0].field == "flag"


def test_the_eighth_lapse_suspends_a_card_and_so_does_the_sixteenth() -> None:
    card, _ = answered(a_card(), 4)
    suspended_at = []
    for number in range(1, 17):
        card, review = answered(card.unsuspend(NOW), 1, TODAY + timedelta(days=number), number)
        assert review.suspended_card == card.suspended
        if card.suspended:
            suspended_at.append(card.schedule.lapses)
    assert suspended_at == [8, 16]


def test_failing_again_on_the_same_day_is_not_another_lapse() -> None:
    card, _ = answered(a_card(), 4)
    for number in range(20):
        card, _ = answered(card, 1, TODAY + timedelta(days=1), number + 2)
    assert (card.schedule.lapses, card.suspended) == (1, False)


def test_undoing_restores_the_card_and_marks_the_row() -> None:
    card, first = answered(a_card(), 4)
    later, second = answered(card, 1, TODAY + timedelta(days=1), 2)
    restored, undone = undo(later.edited(NOW, front="Edited"), second, NOW)
    assert (restored.schedule, restored.last_review_id, restored.front) == (card.schedule, first.id, "Edited")
    assert undone.undone_at == NOW
    fresh, _ = undo(restored, first, NOW)
    assert (fresh.schedule, fresh.last_review_id) == (NEW, None)


def test_undoing_the_review_that_made_a_leech_lets_the_card_back_in() -> None:
    card, _ = answered(a_card(), 4)
    for number in range(1, 9):
        card, review = answered(card, 1, TODAY + timedelta(days=number), number)
    assert card.suspended
    assert not undo(card, review, NOW)[0].suspended


def test_undoing_leaves_a_card_suspended_by_hand_as_it_is() -> None:
    card, review = answered(a_card(), 4)
    assert undo(card.suspend(NOW), review, NOW)[0].suspended


def test_only_the_last_standing_review_of_a_card_can_be_undone() -> None:
    card, first = answered(a_card(), 4)
    later, second = answered(card, 4, TODAY + timedelta(days=1), 2)
    with pytest.raises(Conflict) as caught:
        undo(later, first, NOW)
    assert caught.value.code == "not_last_review"
    restored, undone = undo(later, second, NOW)
    with pytest.raises(Conflict) as again:
        undo(restored, undone, NOW)
    assert again.value.code == "already_undone"


def test_a_review_of_another_card_cannot_be_undone_on_this_one() -> None:
    _, review = answered(a_card(), 4)
    other, _ = answered(a_card(id=CardId(UUID(int=9))), 4)
    with pytest.raises(Conflict):
        undo(other, review, NOW)


@given(st.lists(st.one_of(st.integers(0, 5), st.just("undo"), st.just("next day")), max_size=40))
def test_the_log_rebuilds_the_card_however_it_was_reviewed_and_undone(steps: list[int | str]) -> None:
    card, log, day = a_card(), dict[ReviewId, Review](), TODAY
    for number, step in enumerate(steps, start=1):
        if step == "next day":
            day += timedelta(days=1)
        elif step == "undo" and card.last_review_id is not None:
            card, undone = undo(card, log[card.last_review_id], NOW)
            log[undone.id] = undone
        elif isinstance(step, int):
            card, row = answered(card.unsuspend(NOW), step, day, number)
            log[row.id] = row
    assert replay(log.values()) == card.schedule


def test_done_today_counts_first_and_scheduled_passes_that_stand() -> None:
    learnt, first = answered(a_card(), 1)
    _, extra = answered(learnt, 4, TODAY, 2)
    tomorrow = TODAY + timedelta(days=1)
    _, second = answered(learnt, 4, tomorrow, 3)
    assert done_on(TODAY, [first, extra, second]) == DoneToday(new=1, reviews=0)
    assert done_on(tomorrow, [first, extra, second]) == DoneToday(new=0, reviews=1)
    assert done_on(TODAY, [first.undone(NOW)]) == DoneToday()


def test_what_was_done_today_is_taken_off_the_limits_of_a_deck() -> None:
    deck = a_deck(new_per_day=5, reviews_per_day=10)
    assert deck.allowance(DoneToday(new=2, reviews=30)) == Allowance(new=3, reviews=0)


def test_deck_names_are_the_same_whatever_their_case() -> None:
    assert a_deck(name=" Größe ").name_key == a_deck(name="GRÖSSE").name_key


def test_a_deck_is_edited_in_part() -> None:
    deck = a_deck().edited(NOW, name=" Chemistry ")
    assert (deck.name, deck.new_per_day, deck.version) == ("Chemistry", 20, 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"new_per_day": -1},
        {"reviews_per_day": 2**63},
        {"desired_retention": float("nan")},
        {"desired_retention": 1.0},
        {"desired_retention": 0.5},
        {"description": "x" * 2_001},
    ],
)
def test_an_invalid_deck_cannot_be_built(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        a_deck(**fields)
    assert caught.value.faults[0].field == next(iter(fields))
