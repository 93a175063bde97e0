"""Texts in the cells of a spreadsheet, which must take none of them for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute instead of showing it (OWASP, CSV injection)."""


def table_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table, the names of its columns first."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(head)
    yield line.text
    for row in rows:
        writer.writerow([cell_of(value) for value in row])
        yield line.text


def cell_of(value: object) -> str:
    """A value as a spreadsheet shows it; a text that it would take for a formula has an apostrophe before it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def text_of(cell: str) -> str:
    """The text that ``cell_of`` made this cell of."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


class _Line:
    """Where the writer of the csv module leaves a line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text
