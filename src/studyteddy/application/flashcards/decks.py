"""Make, find, change and remove decks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.flashcards.counts import DeckCounts
from studyteddy.domain.flashcards.decks import Deck, DeckChanges
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.versions import check_version


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDeck:
    """A deck and what it holds and shows on its owner's present study day."""

    deck: Deck
    counts: DeckCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDeck:
    """Keep a new, empty deck. ``Conflict`` (``name_taken``) when the owner has one of that name."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, **fields: Unpack[DeckChanges]) -> CountedDeck:
        deck = Deck.create(id=DeckId(self.new_id()), owner=owner, now=self.clock(), **fields)
        with self.unit_of_work() as uow:
            uow.decks.add(deck)
            uow.commit()
        return CountedDeck(deck=deck, counts=DeckCounts())


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDeck:
    """One deck of its owner."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, deck_id: DeckId) -> CountedDeck:
        with self.unit_of_work() as uow:
            return _counted(uow, uow.decks.get(owner, deck_id), self.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDecks:
    """A page of decks, by name."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, request: PageRequest) -> Page[CountedDeck]:
        with self.unit_of_work() as uow:
            decks = uow.decks.page(owner, request)
            day = uow.users.get(owner).study_day(self.clock())
            counts = uow.decks.counts(owner, day, [deck.id for deck in decks.items])
        items = tuple(CountedDeck(deck=deck, counts=counts.get(deck.id, DeckCounts())) for deck in decks.items)
        return Page(items=items, next=decks.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDeck:
    """Change some fields; ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, *, owner: UserId, deck_id: DeckId, version: int | None = None, **changes: Unpack[DeckChanges]
    ) -> CountedDeck:
        with self.unit_of_work() as uow:
            deck = uow.decks.get(owner, deck_id)
            check_version(deck.version, version)
            deck = deck.edited(self.clock(), **changes)
            uow.decks.save(deck)
            counted = _counted(uow, deck, self.clock)
            uow.commit()
        return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDeck:
    """Remove a deck with its cards and proposals for good; what was reviewed stays in the log."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, deck_id: DeckId, version: int | None = None) -> None:
        with self.unit_of_work() as uow:
            check_version(uow.decks.get(owner, deck_id).version, version)
            uow.decks.delete(owner, deck_id)
            uow.commit()


def _counted(uow: UnitOfWork, deck: Deck, clock: Clock) -> CountedDeck:
    day = uow.users.get(deck.owner).study_day(clock())
    counts = uow.decks.counts(deck.owner, day, [deck.id])
    return CountedDeck(deck=deck, counts=counts.get(deck.id, DeckCounts()))
