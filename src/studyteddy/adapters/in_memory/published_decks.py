"""Published decks in memory."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from studyteddy.adapters.in_memory.repository import page
from studyteddy.adapters.in_memory.store import Store
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.publishing import PUBLISHERS, PublishedDeck
from studyteddy.domain.ids import DeckId
from studyteddy.domain.paging import Page, PageRequest


class InMemoryPublishedDecks:
    """The ``PublishedDecks`` port over a store."""

    def __init__(self, store: Store) -> None:
        self._decks: dict[UUID, Deck] = store.table("decks")
        self._users: dict[UUID, User] = store.table("users")
        self._cards: dict[UUID, Card] = store.table("cards")

    def get(self, deck_id: DeckId) -> PublishedDeck:
        found = next((deck for deck in self._shown() if deck.id == deck_id), None)
        if found is None:
            raise NotFound("There is no such published deck.")
        return found

    def page(self, request: PageRequest, *, text: str | None = None) -> Page[PublishedDeck]:
        wanted = (text or "").casefold()
        return page(
            (deck for deck in self._shown() if wanted in deck.name.casefold()),
            request,
            order="published_name",
            key=lambda deck: deck.name.casefold(),
            as_text=str,
            from_text=str,
        )

    def _shown(self) -> Iterable[PublishedDeck]:
        for deck in self._decks.values():
            teacher = self._users.get(deck.owner)
            if teacher is None or teacher.disabled or not teacher.roles & PUBLISHERS:
                continue
            if deck.published_at is not None:
                yield PublishedDeck(
                    id=deck.id,
                    owner=deck.owner,
                    name=deck.name,
                    description=deck.description,
                    teacher=teacher.display_name,
                    card_count=sum(card.deck_id == deck.id for card in self._cards.values()),
                    published_at=deck.published_at,
                )
