"""Make, find, change, move and remove cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.card_filter import CardFilter, CardOrder, CardState
from studyteddy.domain.flashcards.cards import Card, CardChanges
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.versions import check_version

MAX_CARDS_AT_ONCE = 500


class NewCard(TypedDict, total=False):
    """The fields of a card to be made; both sides are needed."""

    front: str
    back: str
    tags: Iterable[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCards:
    """Keep new cards in a deck, all or none, at most 500 at once."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, deck_id: DeckId, cards: Sequence[NewCard]) -> Sequence[Card]:
        if not 1 <= len(cards) <= MAX_CARDS_AT_ONCE:
            raise Invalid.field("cards", f"Send 1 to {MAX_CARDS_AT_ONCE} cards at a time.")
        now = self.clock()
        made = [
            Card.create(
                id=CardId(self.new_id()),
                owner=owner,
                deck_id=deck_id,
                front=card.get("front", ""),
                back=card.get("back", ""),
                tags=card.get("tags", ()),
                now=now,
            )
            for card in cards
        ]
        with self.unit_of_work() as uow:
            uow.cards.add(made)
            uow.commit()
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCard:
    """One card of its owner."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, card_id: CardId) -> Card:
        with self.unit_of_work() as uow:
            return uow.cards.get(owner, card_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCards:
    """A page of the cards of a deck that match, or of all decks, in the order; ``NotFound`` for an unknown deck."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        deck_id: DeckId | None,
        request: PageRequest,
        order: CardOrder = CardOrder.CREATED_AT,
        tag: str | None = None,
        text: str | None = None,
        suspended: bool | None = None,
        buried: bool | None = None,
        flag: int | None = None,
        state: CardState | None = None,
    ) -> Page[Card]:
        with self.unit_of_work() as uow:
            if deck_id is not None:
                uow.decks.get(owner, deck_id)
            day = uow.users.get(owner).study_day(self.clock())
            wanted = CardFilter(day=day, tag=tag, text=text, suspended=suspended, buried=buried, flag=flag, state=state)
            return uow.cards.page(owner, deck_id, wanted, request, order)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCard:
    """Change texts, tags or the flag, move to another deck, suspend or let back in, bury until the owner's next study
    day or dig up.

    ``version`` guards against overwriting a newer change. ``NotFound`` for a deck that isn't the owner's.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        card_id: CardId,
        version: int | None = None,
        buried: bool | None = None,
        **changes: Unpack[CardChanges],
    ) -> Card:
        now = self.clock()
        with self.unit_of_work() as uow:
            card = uow.cards.get(owner, card_id)
            check_version(card.version, version)
            if buried is not None:
                card = card.buried(uow.users.get(owner).study_day(now)) if buried else card.unburied()
            card = card.edited(now, **changes)
            uow.cards.save(card)
            uow.commit()
        return card


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCard:
    """Remove a card for good; its reviews stay in the log."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, card_id: CardId, version: int | None = None) -> None:
        with self.unit_of_work() as uow:
            check_version(uow.cards.get(owner, card_id).version, version)
            uow.cards.delete(owner, card_id)
            uow.commit()
