"""Which cards to show today, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Allowance
from studyteddy.domain.ids import DeckId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """The cards of a day: due ones, then those to be seen again, then new ones."""

    due: tuple[Card, ...]
    again: tuple[Card, ...]
    new: tuple[Card, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of them in the order in which they are shown."""
        return self.due + self.again + self.new


def order_queue(cards: Iterable[Card], day: date, allowances: Mapping[DeckId, Allowance]) -> ReviewQueue:
    """Choose and order the cards of a study day.

    Due cards come first, the most overdue relative to their interval at the front. Cards graded below 4 today
    follow, the one not touched for the longest first, so that something else is asked in between; they were
    counted at their first pass and use up no limit. New cards come last, in the order in which they were
    made. Each deck shows no more due and new cards than its allowance; decks without one, and cards that
    are suspended or buried on that day, are left out.
    """
    active = [card for card in cards if card.comes_up(day) and card.deck_id in allowances]
    due = [card for card in active if card.schedule.is_due(day)]
    due.sort(key=lambda card: (-card.schedule.overdue(day), card.schedule.due_on, card.created_at, card.id))
    again = [card for card in active if card.schedule.is_queued_again(day) and not card.schedule.is_due(day)]
    again.sort(key=lambda card: (card.updated_at, card.id))
    new = [card for card in active if card.schedule.is_new]
    new.sort(key=lambda card: (card.created_at, card.id))
    return ReviewQueue(
        due=_within(due, lambda deck: allowances[deck].reviews),
        again=tuple(again),
        new=_within(new, lambda deck: allowances[deck].new),
    )


def _within(cards: Iterable[Card], limit: Callable[[DeckId], int]) -> tuple[Card, ...]:
    shown: dict[DeckId, int] = {}
    kept: list[Card] = []
    for card in cards:
        if shown.get(card.deck_id, 0) < limit(card.deck_id):
            shown[card.deck_id] = shown.get(card.deck_id, 0) + 1
            kept.append(card)
    return tuple(kept)
