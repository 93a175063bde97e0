"""Decks, cards, the review log and proposed cards in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from studyteddy.adapters.in_memory.repository import OwnedRows, page
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.repositories.flashcards import QueueStart, ReviewContext
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion
from studyteddy.domain.flashcards.card_filter import CardFilter, CardOrder
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.counts import DeckCounts, QueueCounts, Tally
from studyteddy.domain.flashcards.decks import Allowance, Deck
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.flashcards.queue import order_queue
from studyteddy.domain.flashcards.reviews import Review, done_on
from studyteddy.domain.ids import CardId, DeckId, DocumentId, ProposalId, ReviewId, UserId
from studyteddy.domain.paging import Page, PageRequest


class InMemoryDecks(OwnedRows[Deck]):
    """The ``Decks`` port over a store."""

    table = "decks"
    noun = "deck"

    def _check_name(self, deck: Deck) -> None:
        if any(row.name_key == deck.name_key and row.id != deck.id for row in self._of(deck.owner)):
            raise Conflict("You have a deck of this name already. Choose another name.", code="name_taken")

    def add(self, deck: Deck) -> None:
        self._check_name(deck)
        self._add(deck)

    def get(self, owner: UserId, deck_id: DeckId) -> Deck:
        return self._get(owner, deck_id)

    def save(self, deck: Deck) -> None:
        self._save(deck)
        self._check_name(deck)

    def delete(self, owner: UserId, deck_id: DeckId) -> None:
        self._delete(owner, deck_id)
        for table in ("cards", "card_proposals"):
            rows: dict[UUID, Card | CardProposal] = self._store.table(table)
            for row_id in [row.id for row in rows.values() if row.deck_id == deck_id]:
                self._journal.remove(table, row_id)

    def page(self, owner: UserId, request: PageRequest) -> Page[Deck]:
        return page(self._of(owner), request, order="name", key=lambda deck: deck.name_key, as_text=str, from_text=str)

    def counts(self, owner: UserId, day: date, deck_ids: Collection[DeckId]) -> Mapping[DeckId, DeckCounts]:
        return {
            deck.id: Tally.of(_cards_of(self._store, owner, deck.id), day).within(_allowance(self._store, deck, day))
            for deck in self._of(owner)
            if deck.id in deck_ids
        }


def _cards_of(store: Store, owner: UserId, deck_id: DeckId | None) -> list[Card]:
    cards: Iterable[Card] = store.table("cards").values()
    return [card for card in cards if card.owner == owner and deck_id in (None, card.deck_id)]


def _allowance(store: Store, deck: Deck, day: date) -> Allowance:
    log: Iterable[Review] = store.table("reviews").values()
    return deck.allowance(done_on(day, (row for row in log if row.owner == deck.owner and row.deck_id == deck.id)))


class InMemoryCards(OwnedRows[Card]):
    """The ``Cards`` port over a store."""

    table = "cards"
    noun = "card"

    def _check_deck(self, owner: UserId, deck_id: DeckId) -> None:
        deck = self._store.table("decks").get(deck_id)
        if deck is None or deck.owner != owner:
            raise NotFound("There is no such deck.")

    def add(self, cards: Sequence[Card]) -> None:
        for card in cards:
            self._check_deck(card.owner, card.deck_id)
        for card in cards:
            self._add(card)

    def get(self, owner: UserId, card_id: CardId) -> Card:
        return self._get(owner, card_id)

    def save(self, card: Card) -> None:
        self._get(card.owner, card.id)
        self._check_deck(card.owner, card.deck_id)
        self._save(card)

    def delete(self, owner: UserId, card_id: CardId) -> None:
        self._delete(owner, card_id)

    def page(
        self,
        owner: UserId,
        deck_id: DeckId | None,
        wanted: CardFilter,
        request: PageRequest,
        order: CardOrder = CardOrder.CREATED_AT,
    ) -> Page[Card]:
        return page(
            (card for card in _cards_of(self._store, owner, deck_id) if wanted.matches(card)),
            request,
            order=order.value,
            key=order.value_of,
            as_text=str,
            from_text=order.value_from,
            descending=order.descending,
        )

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        return [card.front for card in _cards_of(self._store, owner, deck_id)]

    def forget_document(self, owner: UserId, document_id: DocumentId, now: datetime) -> None:
        for card in list(self._of(owner)):
            if card.source is not None and card.source.document_id == document_id:
                self._save(card.source_deleted(now))


class InMemoryReviews:
    """The ``Reviews`` port over a store; ``commit`` is that of its unit of work."""

    def __init__(self, store: Store, journal: Journal, commit: Callable[[], None]) -> None:
        self._store = store
        self._journal = journal
        self._commit = commit
        self._cards = InMemoryCards(store, journal)
        self._decks = InMemoryDecks(store, journal)
        self._rows: dict[UUID, Review] = store.table("reviews")

    def queue(self, owner: UserId, day: date, *, deck_id: DeckId | None, limit: int) -> QueueStart:
        mine: Iterable[Deck] = [row for row in self._store.table("decks").values() if row.owner == owner]
        decks = list(mine) if deck_id is None else [self._decks.get(owner, deck_id)]
        allowances = {deck.id: _allowance(self._store, deck, day) for deck in decks}
        cards = [card for deck in decks for card in _cards_of(self._store, owner, deck.id)]
        queue = order_queue(cards, day, allowances)
        counts = QueueCounts(new=len(queue.new), due=len(queue.due) + len(queue.again))
        return QueueStart(cards=queue.cards[:limit], counts=counts)

    def context(self, owner: UserId, card_id: CardId) -> ReviewContext:
        card = self._cards.get(owner, card_id)
        return ReviewContext(card=card, scheduler=self._decks.get(owner, card.deck_id).scheduler)

    def commit_review(self, card: Card, review: Review) -> None:
        self._cards.save(card)
        self._journal.put("reviews", review.id, review)
        self._commit()

    def get(self, owner: UserId, review_id: ReviewId) -> Review:
        review = self._rows.get(review_id)
        if review is None or review.owner != owner:
            raise NotFound("There is no such review.")
        return review

    def record_undo(self, card: Card, review: Review) -> None:
        if self.get(review.owner, review.id).undone_at is not None:
            raise StaleVersion("This review was undone meanwhile.")
        self._cards.save(card)
        self._journal.put("reviews", review.id, review)

    def log(self, owner: UserId, card_id: CardId) -> Sequence[Review]:
        return [row for row in self._rows.values() if row.owner == owner and row.card_id == card_id]


class InMemoryProposals:
    """The ``Proposals`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._rows: dict[UUID, CardProposal] = store.table("card_proposals")

    def _in_deck(self, owner: UserId, deck_id: DeckId) -> Iterable[CardProposal]:
        return (row for row in self._rows.values() if row.owner == owner and row.deck_id == deck_id)

    def add(self, proposals: Sequence[CardProposal]) -> None:
        decks = InMemoryDecks(self._store, self._journal)
        for proposal in proposals:
            decks.get(proposal.owner, proposal.deck_id)
        self.save([proposal for proposal in proposals if proposal.id not in self._rows])

    def get(self, owner: UserId, ids: Collection[ProposalId]) -> Sequence[CardProposal]:
        found = [self._rows[row_id] for row_id in set(ids) if row_id in self._rows]
        found = [row for row in found if row.owner == owner]
        if len(found) < len(set(ids)):
            raise NotFound("There is no such proposal.")
        return sorted(found, key=lambda row: (row.created_at, row.id))

    def save(self, proposals: Sequence[CardProposal]) -> None:
        for proposal in proposals:
            self._journal.put("card_proposals", proposal.id, proposal)

    def page(self, owner: UserId, deck_id: DeckId, status: ProposalStatus, request: PageRequest) -> Page[CardProposal]:
        return page(
            (row for row in self._in_deck(owner, deck_id) if row.status is status),
            request,
            order="created_at",
            key=lambda row: row.created_at,
            as_text=str,
            from_text=datetime.fromisoformat,
        )

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        return [row.front for row in self._in_deck(owner, deck_id)]

    def forget_document(self, owner: UserId, document_id: DocumentId) -> None:
        made_from_it = [
            row for row in self._rows.values() if row.owner == owner and row.source.document_id == document_id
        ]
        self.save([row.source_deleted() for row in made_from_it])
