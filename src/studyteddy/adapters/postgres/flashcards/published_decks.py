"""Published decks in PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from studyteddy.adapters.postgres.repository import page
from studyteddy.adapters.postgres.tables.accounts import users
from studyteddy.adapters.postgres.tables.flashcards import cards, decks
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.publishing import PUBLISHERS, PublishedDeck
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.paging import Page, PageRequest

_ROLES = sa.cast(array(sorted(role.value for role in PUBLISHERS)), ARRAY(sa.Text))
_SHOWN = (
    sa.select(
        decks.c.id,
        decks.c.owner,
        decks.c.name,
        decks.c.description,
        decks.c.published_at,
        users.c.display_name.label("teacher"),
        sa.select(sa.func.count())
        .where(cards.c.owner == decks.c.owner, cards.c.deck_id == decks.c.id)
        .scalar_subquery()
        .label("card_count"),
    )
    .join(users, users.c.id == decks.c.owner)
    .where(decks.c.published_at.is_not(None), users.c.disabled.is_(False), users.c.roles.overlap(_ROLES))
)
_ONE = _SHOWN.where(decks.c.id == sa.bindparam("deck_id"))


def _published(row: Any) -> PublishedDeck:
    return PublishedDeck(
        id=DeckId(row.id),
        owner=UserId(row.owner),
        name=row.name,
        description=row.description,
        teacher=row.teacher,
        card_count=row.card_count,
        published_at=row.published_at,
    )


class PostgresPublishedDecks:
    """The ``PublishedDecks`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, deck_id: DeckId) -> PublishedDeck:
        row = self._connection.execute(_ONE, {"deck_id": deck_id}).one_or_none()
        if row is None:
            raise NotFound("There is no such published deck.")
        return _published(row)

    def page(self, request: PageRequest, *, text: str | None = None) -> Page[PublishedDeck]:
        wanted = _SHOWN if not text else _SHOWN.where(decks.c.name_key.contains(text.casefold(), autoescape=True))
        return page(
            self._connection,
            wanted,
            {},
            request,
            order="published_name",
            key=decks.c.name_key,
            row_id=decks.c.id,
            as_text=str,
            from_text=str,
            from_row=_published,
        )
