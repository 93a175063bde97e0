"""Published decks: what a teacher shows to everybody who is logged in, and how it becomes a student's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from studyteddy.domain.flashcards.cards import Card, CardSource
from studyteddy.domain.flashcards.decks import MAX_NAME, Deck
from studyteddy.domain.ids import CardId, DeckId, UserId
from studyteddy.domain.permissions import Capability, roles_for

PUBLISHERS = roles_for(Capability.PUBLISH_DECKS)
"""A deck is shown as long as its owner has one of these roles and is not disabled."""

MOST_COPIED = 10_000
"""Cards of a deck that can be copied, in one transaction."""

_NAMES_TRIED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDeck:
    """A deck as others see it: the live one, without how its owner learns it. ``teacher`` is a display name."""

    id: DeckId
    owner: UserId
    name: str
    description: str
    teacher: str
    card_count: int
    published_at: datetime

    def copied(self, *, id: DeckId, owner: UserId, name: str, now: datetime) -> Deck:
        """A deck of somebody's own with the same description, and the daily limits that every new deck has."""
        return Deck.create(id=id, owner=owner, now=now, name=name, description=self.description)


def names_for_copy(name: str) -> Iterator[str]:
    """The name itself, then "name (2)", "name (3)" ..., cut to what a name may hold."""
    yield name
    for number in range(2, _NAMES_TRIED + 1):
        ending = f" ({number})"
        yield name[: MAX_NAME - len(ending)].rstrip() + ending


def copied_card(card: Card, *, id: CardId, owner: UserId, deck_id: DeckId, now: datetime) -> Card:
    """A card to be learnt from the beginning. Of its source stays what it is called and where in it: nobody reads
    another person's document, not even a passage of it.
    """
    source = card.source
    named = None if source is None else CardSource(title=source.title, locator=source.locator)
    return Card.create(
        id=id, owner=owner, deck_id=deck_id, front=card.front, back=card.back, tags=card.tags, source=named, now=now
    )
