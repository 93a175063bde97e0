from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.card_table import MOST_ROWS, RowState, judge, lines_of, rows_of
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.portability import NOBODY
from studyteddy.domain.spreadsheets import cell_of, text_of
from studyteddy.testing.flashcards import a_card, a_deck

DECK = a_deck(NOBODY)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)


def states(table: str, known: Sequence[str] = ()) -> list[str]:
    return [one.state.value for one in judge(rows_of(table), known)]


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=5))
def test_what_is_written_is_read_again(texts: list[tuple[str, str]]) -> None:
    cards = [a_card(DECK, front, back=back) for front, back in texts]
    rows = rows_of("".join(lines_of(cards)))
    assert [(row.front, row.back) for row in rows] == [(card.front, card.back) for card in cards]


@given(st.text())
def test_no_cell_is_a_formula_and_each_tells_its_text(text: str) -> None:
    assert not cell_of(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert text_of(cell_of(text)) == text


@pytest.mark.parametrize(
    "table",
    [
        "What is a cell?,A unit,life basics",
        "front,back,tags\nWhat is a cell?,A unit,life basics",
        "\ufeffTags;Notes;BACK;Front\nlife basics;x;A unit;What is a cell?\n;;;\n",
        "What is a cell?\tA unit\tlife  Basics\r\n\r\n",
    ],
)
def test_columns_are_found_by_name_or_place_however_they_are_separated(table: str) -> None:
    (row,) = rows_of(table)
    assert (row.front, row.back, row.tags) == ("What is a cell?", "A unit", ("life", "basics"))


def test_a_cell_holds_lines_separators_and_quotes() -> None:
    (row,) = rows_of('"One, two\nthree","She said ""four"""')
    assert (row.front, row.back) == ("One, two\nthree", 'She said "four"')


def test_rows_are_new_known_or_wrong() -> None:
    table = "front,back\nA cell?,Yes\na  CELL?,Again\nA leaf?,No\nA root?,\n,Nothing\n"
    assert states(table, known=["a leaf?"]) == ["new", "duplicate", "duplicate", "bad", "bad"]
    bad = [one for one in judge(rows_of(table), []) if one.state is RowState.BAD]
    assert [(one.row.number, one.problem) for one in bad] == [
        (5, "Write something on the back of the card."),
        (6, "Write something on the front of the card."),
    ]


def test_a_card_that_is_too_long_is_wrong_and_the_others_are_not() -> None:
    assert states(f"{'x' * 5_001},back\nfront,back") == ["bad", "new"]


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rows_of('"' + "x," * 100_000)
    assert refused.value.faults[0].field == "table"


def test_a_table_of_too_many_rows_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rows_of("a,b\n" * (MOST_ROWS + 2))
    assert refused.value.code == "too_many_rows"


def test_half_a_character_is_replaced() -> None:
    (row,) = rows_of("a\ud800,b")
    assert Card.create(
        id=a_card(DECK).id, owner=NOBODY, deck_id=DECK.id, front=row.front, back=row.back, now=DECK.created_at
    )
