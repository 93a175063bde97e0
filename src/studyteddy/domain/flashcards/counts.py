"""How much of a deck is there, and how much of it is meant for today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckCounts:
    """What a student sees beside a deck: cards to meet today, cards to review today (those to be seen again
    among them), and all cards that it holds.
    """

    new: int = 0
    due: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """What is left of a day's queue: cards to meet, cards to review (those to be seen again among them), and both."""

    new: int = 0
    due: int = 0

    @property
    def total(self) -> int:
        return self.new + self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The cards of a deck on a study day, before its daily limits. ``total`` counts suspended and buried
    ones as well, the others do not; no card is in two of ``new``, ``due`` and ``again``.
    """

    new: int = 0
    due: int = 0
    again: int = 0
    total: int = 0

    @classmethod
    def of(cls, cards: Iterable[Card], day: date) -> Tally:
        """Count cards by the rules of ``order_queue``."""
        cards = list(cards)
        active = [card.schedule for card in cards if card.comes_up(day)]
        return cls(
            new=sum(schedule.is_new for schedule in active),
            due=sum(schedule.is_due(day) for schedule in active),
            again=sum(schedule.is_queued_again(day) and not schedule.is_due(day) for schedule in active),
            total=len(cards),
        )

    def within(self, allowance: Allowance) -> DeckCounts:
        """What is left for today: as many cards as the queue of the deck shows."""
        return DeckCounts(
            new=min(self.new, allowance.new), due=min(self.due, allowance.reviews) + self.again, total=self.total
        )
