from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.flashcards.cards import CardSource
from studyteddy.domain.flashcards.proposals import (
    Candidate,
    CardProposal,
    ProposalStatus,
    RefusalReason,
    gate,
    propose,
)
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, ProposalId, UserId
from studyteddy.domain.retrieval.passages import Passage

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OWNER, DECK, CHUNK = UserId(UUID(int=1)), DeckId(UUID(int=2)), ChunkId(UUID(int=3))
TEXT = (
    "Lanterns were first lit in the harbour town in 1742. A lantern burned whale oil, bought by the guild in spring. "
    "The keeper trimmed each wick twice a night. Fog shortened the working life of a wick to nine days."
)


def a_passage(chunk: ChunkId = CHUNK, page: int = 1, text: str = TEXT) -> Passage:
    return Passage(
        chunk_id=chunk, document_id=DocumentId(UUID(int=4)), filename="lanterns.pdf", title="Lanterns", score=1.0,
        locator=Locator(unit=LocatorUnit.PAGE, number=page, label=None, char_start=0, char_end=len(text)), text=text,
    )  # fmt: skip


GOOD = Candidate(
    front="What did the lanterns burn?", back="Whale oil", quote="A lantern burned whale oil", chunk_id=CHUNK
)
OTHERS = [
    Candidate(front="When were lanterns first lit?", back="In 1742", quote="harbour town in 1742", chunk_id=CHUNK),
    Candidate(
        front="How often did the keeper trim a wick?", back="Twice a night",
        quote="trimmed each wick twice a night", chunk_id=CHUNK,
    ),
    Candidate(
        front="How long does a wick last in fog?", back="Nine days",
        quote="Fog shortened the working life of a wick to nine days", chunk_id=CHUNK,
    ),
]  # fmt: skip


def refusal(existing: list[str] | None = None, **changes: Any) -> RefusalReason | None:
    result = gate([replace(GOOD, **changes)], existing or [], {CHUNK: a_passage()})
    assert len(result.passed) + len(result.refused) == 1
    return result.refused[0].reason if result.refused else None


def test_a_card_whose_answer_stands_in_its_passage_passes() -> None:
    assert refusal() is None
    assert refusal(quote="a LANTERN burned\n whale   oil,") is None


def test_an_answer_in_other_words_of_the_quote_passes() -> None:
    assert refusal(back="They were burning whale oil.") is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"front": "  "}, "empty"),
        ({"back": ""}, "empty"),
        ({"front": "x" * 301}, "too_long"),
        ({"back": "x" * 601}, "too_long"),
        ({"front": "What\0?"}, "bad_characters"),
        ({"quote": "\ud800"}, "bad_characters"),
        ({"chunk_id": ChunkId(UUID(int=99))}, "unknown_passage"),
        ({"front": "What did they burn? Who bought it?"}, "several_facts"),
        ({"back": "Whale oil.\nTallow.\nWax."}, "several_facts"),
        ({"back": "Whale oil. The guild bought it. It did so in spring."}, "several_facts"),
        ({"quote": ""}, "not_supported"),
        ({"quote": "A lantern burned olive oil"}, "not_supported"),
        ({"quote": "antern burned whale oi"}, "not_supported"),
        ({"back": "Petroleum"}, "not_supported"),
        ({"back": "Whale oil since 1750"}, "not_supported"),
    ],
)
def test_a_card_that_breaks_a_rule_is_refused_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    assert refusal(**changes) == reason


def test_a_card_that_the_deck_has_already_is_refused() -> None:
    assert refusal(["what did the LANTERNS burn"]) is RefusalReason.NEAR_DUPLICATE
    assert refusal(["What did the keeper trim?"]) is None


def test_of_two_cards_that_ask_the_same_the_first_passes() -> None:
    twin = replace(GOOD, front="What did the lanterns burn")
    result = gate([GOOD, twin], [], {CHUNK: a_passage()})
    assert result.passed == (GOOD,)
    assert [(entry.candidate, entry.reason) for entry in result.refused] == [(twin, RefusalReason.NEAR_DUPLICATE)]


def test_a_page_gives_three_cards_unless_more_are_asked_for() -> None:
    result = gate([GOOD, *OTHERS], [], {CHUNK: a_passage()})
    assert result.passed == (GOOD, *OTHERS[:2])
    assert [entry.reason for entry in result.refused] == [RefusalReason.PAGE_LIMIT]
    assert len(gate([GOOD, *OTHERS], [], {CHUNK: a_passage()}, cards_per_page=4).passed) == 4


def test_the_limit_counts_pages_and_not_passages() -> None:
    second, third = ChunkId(UUID(int=31)), ChunkId(UUID(int=32))
    passages = {CHUNK: a_passage(), second: a_passage(second), third: a_passage(third, page=2)}
    spread = [replace(card, chunk_id=second) for card in OTHERS[:2]]
    last = OTHERS[2]
    assert len(gate([GOOD, *spread, last], [], passages).passed) == 3
    assert len(gate([GOOD, *spread, replace(last, chunk_id=third)], [], passages).passed) == 4


def test_a_refused_card_takes_no_room_on_its_page() -> None:
    bad = replace(GOOD, back="Petroleum")
    assert len(gate([bad, bad, bad, GOOD], [], {CHUNK: a_passage()}).passed) == 1


def a_proposal() -> CardProposal:
    tagged = replace(GOOD, tags=("#History",))
    return propose(tagged, a_passage(), id=ProposalId(UUID(int=7)), owner=OWNER, deck_id=DECK, now=NOW)


def test_a_proposal_keeps_the_quote_and_its_place() -> None:
    proposal = a_proposal()
    assert (proposal.status, proposal.tags) == (ProposalStatus.PENDING, ("history",))
    assert (proposal.source.text, proposal.source.title) == ("A lantern burned whale oil", "Lanterns")
    assert proposal.source.locator == a_passage().locator


def test_accepting_a_proposal_makes_a_new_card_of_it() -> None:
    card = a_proposal().card(CardId(UUID(int=8)), NOW)
    assert (card.front, card.back, card.deck_id) == (GOOD.front, GOOD.back, DECK)
    assert (card.source, card.schedule.is_new) == (a_proposal().source, True)


def test_a_proposal_is_decided_once() -> None:
    assert a_proposal().rejected().status is ProposalStatus.REJECTED
    with pytest.raises(Conflict) as caught:
        a_proposal().accepted().rejected()
    assert caught.value.code == "already_decided"


def test_a_proposal_survives_its_document_as_text() -> None:
    source = a_proposal().source_deleted().source
    assert source == CardSource(locator=a_passage().locator, title="Lanterns", text="A lantern burned whale oil")


def test_a_proposal_that_is_too_long_cannot_be_built() -> None:
    with pytest.raises(Invalid):
        replace(a_proposal(), front="x" * 301)
    with pytest.raises(Invalid):
        replace(a_proposal(), back=" ")
