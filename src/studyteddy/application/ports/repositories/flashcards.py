"""Where decks, cards, the review log and proposed cards are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from studyteddy.domain.flashcards.card_filter import CardFilter, CardOrder
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.counts import DeckCounts, QueueCounts
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, DocumentId, ProposalId, ReviewId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.scheduling import SchedulerName


class Decks(Protocol):
    """Decks of an owner, with unique names. Another person's deck is ``NotFound``."""

    def add(self, deck: Deck) -> None:
        """Keep a new deck. Raises ``Conflict`` (``name_taken``) when the owner has one with the same ``name_key``."""
        ...

    def get(self, owner: UserId, deck_id: DeckId) -> Deck:
        """The deck, else ``NotFound``."""
        ...

    def save(self, deck: Deck) -> None:
        """Replace the deck whose version is one less, else ``StaleVersion``; ``Conflict`` (``name_taken``) as above."""
        ...

    def delete(self, owner: UserId, deck_id: DeckId) -> None:
        """Forget the deck with its cards and proposals, else ``NotFound``. The review log stays: the work was done."""
        ...

    def page(self, owner: UserId, request: PageRequest) -> Page[Deck]:
        """Decks by ``name_key``."""
        ...

    def counts(self, owner: UserId, day: date, deck_ids: Collection[DeckId]) -> Mapping[DeckId, DeckCounts]:
        """What each of these decks holds and shows on a study day; decks that aren't the owner's are left out."""
        ...


class Cards(Protocol):
    """Cards of an owner. Another person's card is ``NotFound``."""

    def add(self, cards: Sequence[Card]) -> None:
        """Keep new cards, all or none. ``NotFound`` when a deck is not its card's owner's (or gone)."""
        ...

    def get(self, owner: UserId, card_id: CardId) -> Card:
        """The card, else ``NotFound``."""
        ...

    def save(self, card: Card) -> None:
        """Replace the card whose version is one less, else ``StaleVersion``; ``NotFound`` if it or its deck is gone."""
        ...

    def delete(self, owner: UserId, card_id: CardId) -> None:
        """Forget the card, else ``NotFound``. Its rows of the review log stay."""
        ...

    def page(
        self,
        owner: UserId,
        deck_id: DeckId | None,
        wanted: CardFilter,
        request: PageRequest,
        order: CardOrder = CardOrder.CREATED_AT,
    ) -> Page[Card]:
        """Cards of a deck that match, or of all decks, in the order, ties by id; an unknown deck has none."""
        ...

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        """The questions of all cards of a deck, in no particular order."""
        ...

    def forget_document(self, owner: UserId, document_id: DocumentId, now: datetime) -> None:
        """``Card.source_deleted`` for every card made from the document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewContext:
    """What a review needs to know: the card, and how its deck schedules."""

    card: Card
    scheduler: SchedulerName


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStart:
    """The first cards of a queue in order, and how many it holds in all."""

    cards: tuple[Card, ...]
    counts: QueueCounts


class Reviews(Protocol):
    """The review log, and the queue that follows from it and the cards."""

    def queue(self, owner: UserId, day: date, *, deck_id: DeckId | None, limit: int) -> QueueStart:
        """The first ``limit`` cards of ``order_queue`` over one deck or all, with what each deck's log of that day
        leaves of its limits. ``NotFound`` for a deck that isn't the owner's.
        """
        ...

    def context(self, owner: UserId, card_id: CardId) -> ReviewContext:
        """What ``Card.reviewed`` needs, else ``NotFound``."""
        ...

    def commit_review(self, card: Card, review: Review) -> None:
        """Keep a reviewed card and the new row of its log, both or none, and commit the unit of work.

        A review is always a unit of work of its own, and saying so saves two of four round trips. ``StaleVersion``
        when the card has another version than before this review: of many reviews of one version exactly one is kept.
        ``NotFound`` when the card is gone.
        """
        ...

    def get(self, owner: UserId, review_id: ReviewId) -> Review:
        """The row of the log, else ``NotFound``."""
        ...

    def record_undo(self, card: Card, review: Review) -> None:
        """Keep a card whose last review was taken back, and the row that is now marked so, both or none. Raises like
        ``commit_review``.
        """
        ...

    def log(self, owner: UserId, card_id: CardId) -> Sequence[Review]:
        """All passes over a card, undone ones too, in the order in which they happened."""
        ...


class Proposals(Protocol):
    """The inbox of suggested cards of an owner."""

    def add(self, proposals: Sequence[CardProposal]) -> None:
        """Keep new proposals, all or none; one whose id is there already stays as it is. ``NotFound`` when the deck is
        gone.
        """
        ...

    def get(self, owner: UserId, ids: Collection[ProposalId]) -> Sequence[CardProposal]:
        """These proposals, held against other changes until the unit of work ends, in the order in which they were
        made. ``NotFound`` when one is missing.
        """
        ...

    def save(self, proposals: Sequence[CardProposal]) -> None:
        """Replace proposals that ``get`` gave."""
        ...

    def page(self, owner: UserId, deck_id: DeckId, status: ProposalStatus, request: PageRequest) -> Page[CardProposal]:
        """Proposals for a deck, oldest first; an unknown deck has none."""
        ...

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        """The questions of all proposals for a deck, decided ones too, in no particular order."""
        ...

    def forget_document(self, owner: UserId, document_id: DocumentId) -> None:
        """``CardProposal.source_deleted`` for every proposal made from the document."""
        ...
