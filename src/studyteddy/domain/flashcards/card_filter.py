"""Which cards of a deck a student wants to see in a list, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from studyteddy.domain.flashcards.cards import Card, normalised_tags
from studyteddy.domain.paging import SortOrder

MAX_SEARCH = 200


class CardState(StrEnum):
    """Where a card stands on a study day: never seen, to be reviewed today, or waiting for its day."""

    NEW = "new"
    DUE = "due"
    WAITING = "waiting"

    @classmethod
    def of(cls, card: Card, day: date) -> CardState:
        """The state without regard to suspension and burial, which leave the schedule as it is."""
        if card.schedule.is_new:
            return cls.NEW
        is_due = card.schedule.is_due(day) or card.schedule.is_queued_again(day)
        return cls.DUE if is_due else cls.WAITING


class CardOrder(SortOrder):
    """How a list of cards is sorted; a minus turns the order round. Cards without a day, which were never reviewed,
    come last either way, and the id decides among equals.
    """

    CREATED_AT = "created_at"
    CREATED_AT_DESCENDING = "-created_at"
    DUE_ON = "due_on"
    DUE_ON_DESCENDING = "-due_on"
    INTERVAL_DAYS = "interval_days"
    INTERVAL_DAYS_DESCENDING = "-interval_days"
    EASE_FACTOR = "ease_factor"
    EASE_FACTOR_DESCENDING = "-ease_factor"

    def value_of(self, card: Card) -> datetime | date | int | None:
        """What cards are compared by; the ease in hundredths, so that it goes through a cursor without loss."""
        match self.field:
            case "created_at":
                return card.created_at
            case "due_on":
                return card.schedule.due_on
            case "interval_days":
                return card.schedule.interval_days
            case _:
                return card.schedule.ease_factor_hundredths

    def value_from(self, text: str) -> datetime | date | int:
        """The value that ``str`` made this text of."""
        match self.field:
            case "created_at":
                return datetime.fromisoformat(text)
            case "due_on":
                return date.fromisoformat(text)
            case _:
                return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilter:
    """What must all be true of a card; None lets everything through. ``day`` is the student's present study day,
    by which ``state`` and ``buried`` are judged. ``text`` is looked for in both sides, without regard to case.
    """

    day: date
    tag: str | None = None
    text: str | None = None
    suspended: bool | None = None
    buried: bool | None = None
    flag: int | None = None
    state: CardState | None = None

    @property
    def wanted_tag(self) -> str | None:
        """The tag in the form in which cards carry it; an empty text for one that no card can carry."""
        return None if self.tag is None else next(iter(normalised_tags([self.tag])), "")

    @property
    def wanted_text(self) -> str:
        return (self.text or "").strip().lower()

    def matches(self, card: Card) -> bool:
        return (
            (self.wanted_tag is None or self.wanted_tag in card.tags)
            and self.wanted_text in search_text(card)
            and (self.suspended is None or card.suspended is self.suspended)
            and (self.buried is None or card.is_buried(self.day) is self.buried)
            and (self.flag is None or card.flag == self.flag)
            and (self.state is None or CardState.of(card, self.day) is self.state)
        )


def search_text(card: Card) -> str:
    """What a search looks through: both sides in lower case."""
    return f"{card.front}\n{card.back}".lower()
