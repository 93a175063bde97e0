"""Cards in a table of a spreadsheet: how a deck is written into one, and how cards are read out of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.cards import Card, normalised_tags
from studyteddy.domain.spreadsheets import table_lines, text_of

COLUMNS = ("front", "back", "tags")
MOST_ROWS = 5_000
_SEPARATORS = (",", ";", "\t")


class RowState(StrEnum):
    """What becomes of a row: a card, or nothing since the deck asks the same already, or since it is none."""

    NEW = "new"
    DUPLICATE = "duplicate"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table, by its number from 1 as a spreadsheet counts, the names of the columns included."""

    number: int
    front: str
    back: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRow:
    """A row and what becomes of it; ``problem`` says what is wrong with a bad one."""

    row: TableRow
    state: RowState
    problem: str | None = None


def lines_of(cards: Iterable[Card]) -> Iterator[str]:
    """The lines of the table of some cards, the names of its columns first."""
    return table_lines(COLUMNS, ([card.front, card.back, " ".join(card.tags)] for card in cards))


def rows_of(table: str) -> Sequence[TableRow]:
    """The rows that say anything. Columns are found by their names where the first row has those of a front and a
    back, else they are front, back and tags in this order. They are separated by commas, semicolons or tabs, whichever
    the first line has most of. ``Invalid`` for a table that can't be read or has more than 5,000 rows.
    """
    text = table.removeprefix("\ufeff").encode("utf-8", "replace").decode()  # half a pair of surrogates is no text
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    try:
        cells = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1))
    except csv.Error as error:
        raise Invalid.field("table", "This is not a table of comma-separated values.") from error
    if len(cells) > MOST_ROWS + 1:
        raise Invalid.field("table", f"Bring at most {MOST_ROWS:,} rows at a time.", code="too_many_rows")
    named = _places(cells[0][1]) if cells else None
    places = named or dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    return [_row(number, row, places) for number, row in cells[1 if named else 0 :] if any(map(str.strip, row))]


def judge(rows: Iterable[TableRow], known: Iterable[str]) -> Sequence[JudgedRow]:
    """What becomes of each row in a deck that has these questions. Of rows that ask the same, the first is new."""
    asked = {_question(front) for front in known}
    judged = []
    for row in rows:
        problem = _problem(row)
        state = RowState.BAD if problem else RowState.DUPLICATE if _question(row.front) in asked else RowState.NEW
        if state is RowState.NEW:
            asked.add(_question(row.front))
        judged.append(JudgedRow(row=row, state=state, problem=problem))
    return judged


def _places(head: Sequence[str]) -> dict[str, int] | None:
    names = [name.strip().lower() for name in head]
    found = {name: names.index(name) for name in COLUMNS if name in names}
    return found if {"front", "back"} <= found.keys() else None


def _row(number: int, cells: Sequence[str], places: dict[str, int]) -> TableRow:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return text_of(cells[place]).strip() if place < len(cells) else ""

    return TableRow(number=number, front=cell("front"), back=cell("back"), tags=normalised_tags(cell("tags").split()))


def _problem(row: TableRow) -> str | None:
    try:
        Card.check(front=row.front, back=row.back, tags=row.tags)
    except Invalid as refusal:
        return refusal.message
    return None


def _question(front: str) -> str:
    return " ".join(front.split()).casefold()
