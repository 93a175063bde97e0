"""Where decks of others are found that they have published."""

from __future__ import annotations

from typing import Protocol

from studyteddy.domain.flashcards.publishing import PublishedDeck
from studyteddy.domain.ids import DeckId
from studyteddy.domain.paging import Page, PageRequest


class PublishedDecks(Protocol):
    """Decks that are published, by owners who have one of the roles ``PUBLISHERS`` and are not disabled. Any other deck
    is ``NotFound``, whether or not it exists.
    """

    def get(self, deck_id: DeckId) -> PublishedDeck:
        """The deck, else ``NotFound``."""
        ...

    def page(self, request: PageRequest, *, text: str | None = None) -> Page[PublishedDeck]:
        """Decks by ``name_key``; ``text`` is looked for in their names, without regard to case."""
        ...
