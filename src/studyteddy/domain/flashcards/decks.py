"""Decks: what belongs together, and how much of it a student wants to see a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict, Unpack

from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.scheduling import SchedulerName
from studyteddy.domain.text_rules import require_storable, require_text

MAX_NAME = 100
MAX_DESCRIPTION = 2_000
MAX_PER_DAY = 9_999
LEAST_RETENTION = 0.7
GREATEST_RETENTION = 0.99


class DeckChanges(TypedDict, total=False):
    """The fields of a deck that its owner may change; what is left out stays as it is."""

    name: str
    description: str
    new_per_day: int
    reviews_per_day: int
    desired_retention: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneToday:
    """How many cards of a deck were met for the first time, and how many reviewed on schedule, on a study
    day.
    """

    new: int = 0
    reviews: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many new cards and how many due ones may still be shown today."""

    new: int
    reviews: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """A named set of cards; the name is unique for its owner (``name_key`` says what counts as the same).

    ``desired_retention`` is the share of reviews that should succeed; SM-2 does not use it. ``published_at`` tells
    since when others may read its cards, None while they may not.
    """

    id: DeckId
    owner: UserId
    name: str
    description: str = ""
    scheduler: SchedulerName = SchedulerName.SM2
    new_per_day: int = 20
    reviews_per_day: int = 200
    desired_retention: float = 0.9
    version: int = 1
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        require_text("name", self.name, limit=MAX_NAME)
        require_storable("description", self.description, limit=MAX_DESCRIPTION)
        for field, amount in (("new_per_day", self.new_per_day), ("reviews_per_day", self.reviews_per_day)):
            if not 0 <= amount <= MAX_PER_DAY:
                raise Invalid.field(field, f"A daily limit runs from 0 to {MAX_PER_DAY:,} cards.")
        if not LEAST_RETENTION <= self.desired_retention <= GREATEST_RETENTION:
            raise Invalid.field(
                "desired_retention",
                f"The desired retention runs from {LEAST_RETENTION} to {GREATEST_RETENTION}; 0.9 suits most.",
            )

    @classmethod
    def create(cls, *, id: DeckId, owner: UserId, now: datetime, **fields: Unpack[DeckChanges]) -> Deck:
        """A new deck; blanks around the name are dropped."""
        if "name" not in fields:
            raise Invalid.field("name", "Give the deck a name.")
        return cls(id=id, owner=owner, created_at=now, updated_at=now, **_tidy(fields))

    @property
    def name_key(self) -> str:
        """What must be unique for an owner: the name without regard to case."""
        return self.name.casefold()

    def edited(self, now: datetime, **changes: Unpack[DeckChanges]) -> Deck:
        """The deck with some fields changed."""
        tidy = _tidy(changes)
        return replace(self, version=self.version + 1, updated_at=now, **tidy)

    def published(self, now: datetime) -> Deck:
        """The deck shown to others; one that is shown already stays as it is."""
        if self.published_at is not None:
            return self
        return replace(self, published_at=now, version=self.version + 1, updated_at=now)

    def unpublished(self, now: datetime) -> Deck:
        """The deck taken back; one that is not shown stays as it is."""
        if self.published_at is None:
            return self
        return replace(self, published_at=None, version=self.version + 1, updated_at=now)

    def allowance(self, done: DoneToday) -> Allowance:
        """What is left of the daily limits."""
        return Allowance(new=max(0, self.new_per_day - done.new), reviews=max(0, self.reviews_per_day - done.reviews))


def _tidy(changes: DeckChanges) -> DeckChanges:
    tidy = changes.copy()
    if "name" in tidy:
        tidy["name"] = tidy["name"].strip()
    return tidy
