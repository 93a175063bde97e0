"""Tables for spreadsheets. They are for people: an import reads the records beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.spreadsheets import table_lines
from studyteddy.domain.tasks.task import Task

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
    return table_lines(_TASK, ([getattr(task, name) for name in _TASK] for task in tasks))


def of_cards(cards: Iterable[Card]) -> Iterator[str]:
    """The lines of a table of cards."""
    return table_lines(_CARD, map(_card, cards))


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
