"""Everything that somebody has, in bulk: for taking it along, and for forgetting it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.portability import Kind, Thing


class Belongings(Protocol):
    """All rows of one person. What is read is read a few rows at a time, however many there are."""

    def hold_still(self) -> None:
        """Let this unit of work see one moment and write nothing. To be called before anything is read."""
        ...

    def hold_empty(self, owner: UserId) -> bool:
        """Whether the person has nothing yet. Until the unit of work ends, nobody else can add something."""
        ...

    def ids(self, owner: UserId, kind: Kind) -> Iterator[UUID]:
        """The ids of one kind, in their order."""
        ...

    def things(self, owner: UserId, kind: Kind) -> Iterator[Thing]:
        """All of one kind, by id."""
        ...

    def cards(self, owner: UserId, deck_id: DeckId) -> Iterator[Card]:
        """The cards of one deck, by id."""
        ...

    def reviews(self, owner: UserId) -> Iterator[Review]:
        """The whole log, card by card in the order of their ids, those of deleted cards at the end; of each card in the
        order in which it was reviewed."""
        ...

    def add_reviews(self, reviews: Sequence[Review]) -> None:
        """Append to the log, in this order."""
        ...

    def end_access(self, owner: UserId, *, now: datetime) -> None:
        """Forget every way in but the account itself, such as identities at providers, and ask all jobs to stop."""
        ...

    def erase(self, owner: UserId, *, limit: int) -> int:
        """Forget about ``limit`` rows, or one document with all that search knows of it; tell how many, 0 when nothing
        is left to be forgotten piece by piece."""
        ...

    def erase_account(self, owner: UserId) -> bool:
        """Forget the person with whatever is left of them. False, and nothing is forgotten, while documents are left.
        A person who is gone already is fine."""
        ...


class Tombstones(Protocol):
    """Which accounts are gone, told by nothing but the digest of an id, so that no backup brings one back."""

    def add(self, digest: str, *, at: datetime) -> None:
        """Note one; noting it again keeps the first moment."""
        ...

    def all(self) -> dict[str, datetime]: ...
