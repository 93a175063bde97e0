"""Show a deck to others, find the decks that are shown, and make one of them one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.flashcards.card_filter import CardFilter
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.counts import DeckCounts
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.publishing import MOST_COPIED, PublishedDeck, copied_card, names_for_copy
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.paging import MAX_LIMIT, Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDeck:
    """Show a deck of one's own to everybody who is logged in, or take it back. Twice is as good as once."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, deck_id: DeckId, published: bool) -> PublishedDeck | None:
        """The deck as others see it now, None when it was taken back."""
        with self.unit_of_work() as uow:
            deck = uow.decks.get(owner, deck_id)
            changed = deck.published(self.clock()) if published else deck.unpublished(self.clock())
            if changed is not deck:
                uow.decks.save(changed)
                uow.commit()
            return uow.published_decks.get(deck_id) if published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublishedDecks:
    """A page of what teachers show, by name; ``text`` is looked for in the names."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, request: PageRequest, text: str | None = None) -> Page[PublishedDeck]:
        with self.unit_of_work() as uow:
            return uow.published_decks.page(request, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPublishedDeck:
    """A published deck and a page of its cards, oldest first. How their owner learns them is nobody's business."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, deck_id: DeckId, request: PageRequest) -> tuple[PublishedDeck, Page[Card]]:
        with self.unit_of_work() as uow:
            deck = uow.published_decks.get(deck_id)
            return deck, uow.cards.page(deck.owner, deck.id, CardFilter(day=self.clock().date()), request)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPublishedDeck:
    """A deck of one's own with cards of one's own, none of them learnt yet. It stays when the other one is taken back.

    ``Conflict`` (``deck_too_large``) for more than 10,000 cards.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, deck_id: DeckId) -> tuple[Deck, DeckCounts]:
        now = self.clock()
        with self.unit_of_work() as uow:
            shown = uow.published_decks.get(deck_id)
            if shown.card_count > MOST_COPIED:
                raise Conflict(f"This deck has more than {MOST_COPIED:,} cards.", code="deck_too_large")
            deck = self._add(uow, shown, owner)
            for cards in _pages(uow, shown, self.clock):
                copies = [
                    copied_card(card, id=CardId(self.new_id()), owner=owner, deck_id=deck.id, now=now) for card in cards
                ]
                uow.cards.add(copies)
            counts = uow.decks.counts(owner, uow.users.get(owner).study_day(now), [deck.id])
            uow.commit()
        return deck, counts[deck.id]

    def _add(self, uow: UnitOfWork, shown: PublishedDeck, owner: UserId) -> Deck:
        """The new deck, under the first name that its owner has not given yet."""
        deck_id, now = DeckId(self.new_id()), self.clock()
        for name in names_for_copy(shown.name):
            deck = shown.copied(id=deck_id, owner=owner, name=name, now=now)
            try:
                uow.decks.add(deck)
            except Conflict:
                continue
            return deck
        raise Conflict("You have many decks of this name already. Rename one of them first.", code="name_taken")


def _pages(uow: UnitOfWork, shown: PublishedDeck, clock: Clock) -> Iterator[tuple[Card, ...]]:
    request: PageRequest | None = PageRequest(limit=MAX_LIMIT)
    while request is not None:
        page = uow.cards.page(shown.owner, shown.id, CardFilter(day=clock().date()), request)
        if page.items:
            yield page.items
        request = PageRequest(limit=MAX_LIMIT, after=page.next) if page.next else None
