from __future__ import annotations

from uuid import uuid4

import pytest

from studyteddy.adapters.extractive_cards import ExtractiveCards
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.flashcards.proposals import Candidate, gate
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage


def passage(text: str, label: str | None = None) -> Passage:
    return Passage(
        chunk_id=ChunkId(uuid4()),
        document_id=DocumentId(uuid4()),
        filename="notes.md",
        title="Notes",
        locator=Locator(unit=LocatorUnit.PAGE, number=1, label=label, char_start=0, char_end=len(text)),
        text=text,
        score=0.0,
    )


def cards(text: str, label: str | None = None) -> list[Candidate]:
    return list(ExtractiveCards().candidates([passage(text, label)], count=10))


def sides(text: str, label: str | None = None) -> list[tuple[str, str]]:
    return [(card.front, card.back) for card in cards(text, label)]


@pytest.mark.parametrize(
    ("sentence", "front", "back"),
    [
        ("A glacier is a slow river of ice.", "What is a glacier?", "A slow river of ice."),
        (
            "The lithosphere is the rigid shell of the Earth.",
            "What is the lithosphere?",
            "The rigid shell of the Earth.",
        ),
        ("Moraines are the stones that a glacier leaves.", "What are Moraines?", "The stones that a glacier leaves."),
        ("Albedo refers to the share of light sent back.", "What does “Albedo” mean?", "The share of light sent back."),
        ("Ein Fjord ist ein vom Meer geflutetes Tal.", "Was ist ein Fjord?", "Ein vom Meer geflutetes Tal."),
    ],
)
def test_a_definition_becomes_a_question(sentence: str, front: str, back: str) -> None:
    assert sides(f"Some words before. {sentence} And after.") == [(front, back)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a slow river of ice.",
        "This is the rigid shell of the Earth.",
        "Every glacier is a slow river of ice.",
        "A loop is a { block }.",
        "A glacier is slow.",
        "The result is a large number of stones.",
    ],
)
def test_a_sentence_that_defines_nothing_makes_no_card(sentence: str) -> None:
    assert sides(sentence) == []


def test_glossary_lines_become_cards() -> None:
    text = "Words\n\nmoraine: stones that a glacier has left behind\nfirn – old snow on its way to become ice\nA: b"
    assert sides(text) == [
        ("What does “moraine” mean?", "Stones that a glacier has left behind"),
        ("What does “firn” mean?", "Old snow on its way to become ice"),
    ]


def test_a_single_line_with_a_colon_is_no_glossary() -> None:
    assert sides("Note on ice: it flows downhill under its own weight") == []


def test_the_rows_of_a_table_become_cards() -> None:
    text = "Ice ages\n\nName | Began | Ended\nWürm | 115,000 | 11,700\nRiss | 300,000 | 130,000"
    assert sides(text) == [
        ("Name Würm: Began?", "115,000"),
        ("Name Würm: Ended?", "11,700"),
        ("Name Riss: Began?", "300,000"),
        ("Name Riss: Ended?", "130,000"),
    ]


@pytest.mark.parametrize(
    ("sentence", "label", "hidden"),
    [
        ("Agassiz spoke of an ice age before the scholars of Neuchâtel in 1837.", None, "1837"),
        ("Glaciers hold about 69% of all the fresh water on the planet today.", None, "69%"),
        ("Ideas of drifting ice were put forward by Charles Lyell before that.", None, "Charles Lyell"),
        ("Meltwater carries fine rock flour into lakes and turns them green.", "Ice > Meltwater", "Meltwater"),
    ],
)
def test_a_telling_word_is_left_out_of_a_sentence(sentence: str, label: str | None, hidden: str) -> None:
    assert sides(sentence, label) == [(sentence.replace(hidden, "____"), hidden)]


@pytest.mark.parametrize(
    "sentence",
    [
        "He spoke of an ice age before the scholars of Neuchâtel in 1837.",
        "Write down what Charles Lyell thought of ice that drifts on the sea.",
        "Figures 100 and 100 show the same valley before and after the ice had left.",
        "Glaciers cover ten percent of the land, which is less than they once did.",
    ],
)
def test_nothing_is_left_out_where_the_sentence_could_not_be_answered(sentence: str) -> None:
    assert sides(sentence) == []


def test_every_card_passes_the_gate() -> None:
    text = (
        "A glacier is a slow river of ice. Albedo means the share of light that is sent back.\n\n"
        "moraine: stones that a glacier has left behind\nfirn: old snow on its way to become ice\n\n"
        "Agassiz spoke of an ice age before the scholars of Neuchâtel in 1837."
    )
    source = passage(text)
    made = list(ExtractiveCards().candidates([source], count=10))
    gated = gate(made, [], {source.chunk_id: source}, cards_per_page=10)
    assert len(gated.passed) == len(made) == 5
    assert gated.refused == ()


def test_the_same_passages_give_the_same_cards() -> None:
    source = passage("A glacier is a slow river of ice.\n\nName | Age\nWürm | 1\nRiss | 2")
    maker = ExtractiveCards()
    assert list(maker.candidates([source], count=3)) == list(maker.candidates([source], count=3))


def test_sure_cards_of_all_passages_come_before_gaps() -> None:
    gap, sure = (
        passage("Agassiz spoke of an ice age to scholars of the town in 1837."),
        passage("Firn is a kind of snow."),
    )
    assert [card.back for card in ExtractiveCards().candidates([gap, sure], count=2)] == ["A kind of snow.", "1837"]
