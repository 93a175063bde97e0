"""Tables for spreadsheets. They are for people: an import reads the records beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.tasks.task import Task

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute instead of showing it (OWASP, CSV injection)."""

_TASK = (
    "title",
    "description",
    "subject",
    "due_at",
    "priority",
    "estimated_minutes",
    "actual_minutes",
    "status",
    "completed_at",
    "recurrence",
    "created_at",
)
_CARD = (
    "front",
    "back",
    "tags",
    "suspended",
    "due_on",
    "interval_days",
    "ease_factor",
    "repetitions",
    "lapses",
    "source",
)


def of_tasks(tasks: Iterable[Task]) -> Iterator[str]:
    """The lines of a table of tasks."""
    return _lines(_TASK, ([getattr(task, name) for name in _TASK] for task in tasks))


def of_cards(cards: Iterable[Card]) -> Iterator[str]:
    """The lines of a table of cards."""
    return _lines(_CARD, map(_card, cards))


def _card(card: Card) -> list[object]:
    schedule = card.schedule
    return [
        card.front,
        card.back,
        " ".join(card.tags),
        card.suspended,
        schedule.due_on,
        schedule.interval_days,
        schedule.ease_factor,
        schedule.repetitions,
        schedule.lapses,
        card.source and card.source.title,
    ]


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(head)
    yield line.text
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield line.text


def _cell(value: object) -> str:
    """A value as a spreadsheet shows it; a text that it would take for a formula has an apostrophe before it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Line:
    """Where the writer of the csv module leaves a line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text
