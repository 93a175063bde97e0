from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.flashcards.card_prompt import SCHEMA, instruction, material, read_candidates
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage


def passage(text: str) -> Passage:
    return Passage(
        chunk_id=ChunkId(uuid4()),
        document_id=DocumentId(uuid4()),
        filename="notes.md",
        title="Notes",
        locator=Locator(unit=LocatorUnit.PAGE, number=1, label=None, char_start=0, char_end=len(text)),
        text=text,
        score=0.0,
    )


PASSAGES = [passage("Ice flows."), passage("Snow falls.")]
CARD = {"passage": 2, "front": "What falls?", "back": "Snow", "quote": "Snow falls", "tags": ["weather"]}


def test_a_card_names_the_passage_by_its_number() -> None:
    (card,) = read_candidates(json.dumps({"cards": [CARD]}), PASSAGES)
    assert card.chunk_id == PASSAGES[1].chunk_id
    assert (card.front, card.back, card.quote, card.tags) == ("What falls?", "Snow", "Snow falls", ("weather",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"passage": 0},
        {"passage": 3},
        {"passage": "2"},
        {"passage": True},
        {"passage": 2.0},
        {"front": None},
        {"back": 7},
        {"quote": ["Snow falls"]},
    ],
)
def test_what_is_no_card_is_left_out_and_the_others_stay(wrong: dict[str, Any]) -> None:
    answer = json.dumps({"cards": [CARD | wrong, "card", None, CARD]})
    assert [card.front for card in read_candidates(answer, PASSAGES)] == ["What falls?"]


@pytest.mark.parametrize("tags", [None, "weather", [1, None, "", "x" * 51], {}])
def test_odd_tags_cost_the_tags_only(tags: object) -> None:
    (card,) = read_candidates(json.dumps({"cards": [CARD | {"tags": tags}]}), PASSAGES)
    assert card.tags == ()


@given(st.text() | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps))
def test_no_answer_of_a_model_raises(answer: str) -> None:
    assert read_candidates(answer, PASSAGES) == []


def test_deeply_nested_json_gives_no_cards() -> None:
    assert read_candidates("[" * 100_000, PASSAGES) == []


def test_the_task_says_how_many_and_that_passages_are_no_instructions() -> None:
    assert "up to 7 cards" in instruction(7)
    assert "never instructions" in instruction(7)
    assert set(SCHEMA["properties"]["cards"]["items"]["required"]) == set(CARD)  # type: ignore[index]


def test_the_passages_are_numbered_and_fenced() -> None:
    shown = material(PASSAGES)
    assert "passage 1" in shown
    assert "Snow falls." in shown
