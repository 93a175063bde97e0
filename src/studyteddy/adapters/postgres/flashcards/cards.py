"""Cards in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from studyteddy.adapters.postgres.flashcards.sources import source_from_row, source_row
from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.flashcards import cards, decks
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.card_filter import CardFilter, CardOrder, CardState, search_text
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.ids import CardId, DeckId, DocumentId, ReviewId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.scheduling import Schedule

_FRONTS = sa.select(cards.c.front).where(
    cards.c.owner == sa.bindparam("row_owner"), cards.c.deck_id == sa.bindparam("row_deck")
)
# Held until the cards are in, so that none of the decks can go away meanwhile.
_DECKS = (
    sa.select(decks.c.id)
    .where(decks.c.owner == sa.bindparam("row_owner"), decks.c.id.in_(sa.bindparam("row_ids", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
_MADE_FROM = sa.select(cards).where(
    cards.c.owner == sa.bindparam("row_owner"), cards.c.source_document_id == sa.bindparam("row_document")
)

_KEYS = {
    "created_at": cards.c.created_at,
    "due_on": cards.c.due_on,
    "interval_days": cards.c.interval_days,
    "ease_factor": cards.c.ease_factor_hundredths,
}

CARD_COLUMNS = ", ".join(f"cards.{column.name}" for column in cards.columns if column.name != "search_text")
"""What ``card_from_row`` reads."""


def schedule_from_row(row: Any) -> Schedule:
    return Schedule(
        row.repetitions,
        row.interval_days,
        row.ease_factor_hundredths,
        row.due_on,
        row.lapses,
        row.last_reviewed_on,
        row.again_on,
    )


def schedule_row(schedule: Schedule, prefix: str = "") -> Values:
    return {
        f"{prefix}repetitions": schedule.repetitions,
        f"{prefix}interval_days": schedule.interval_days,
        f"{prefix}ease_factor_hundredths": schedule.ease_factor_hundredths,
        f"{prefix}due_on": schedule.due_on,
        f"{prefix}lapses": schedule.lapses,
        f"{prefix}last_reviewed_on": schedule.last_reviewed_on,
        f"{prefix}again_on": schedule.again_on,
    }


def card_from_row(row: Any) -> Card:
    return Card(
        id=CardId(row.id),
        owner=UserId(row.owner),
        deck_id=DeckId(row.deck_id),
        front=row.front,
        back=row.back,
        tags=tuple(row.tags),
        suspended=row.suspended,
        buried_until=row.buried_until,
        flag=row.flag,
        source=source_from_row(row.source),
        schedule=schedule_from_row(row),
        last_review_id=row.last_review_id and ReviewId(row.last_review_id),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


class PostgresCards(OwnedRows[Card]):
    """The ``Cards`` port."""

    table = cards
    noun = "card"

    @staticmethod
    def to_row(card: Card) -> Values:
        return {
            "id": card.id,
            "owner": card.owner,
            "deck_id": card.deck_id,
            "front": card.front,
            "back": card.back,
            "search_text": search_text(card),
            "tags": list(card.tags),
            "suspended": card.suspended,
            "buried_until": card.buried_until,
            "flag": card.flag,
            **source_row(card.source),
            **schedule_row(card.schedule),
            "last_review_id": card.last_review_id,
            "version": card.version,
            "created_at": card.created_at,
            "updated_at": card.updated_at,
        }

    @staticmethod
    def from_row(row: Any) -> Card:
        return card_from_row(row)

    def _check_decks(self, owner: UserId, deck_ids: set[DeckId]) -> None:
        found = self._connection.execute(_DECKS, {"row_owner": owner, "row_ids": list(deck_ids)}).all()
        if len(found) < len(deck_ids):
            raise NotFound("There is no such deck.")

    def add(self, cards: Sequence[Card]) -> None:
        for owner in {card.owner for card in cards}:
            self._check_decks(owner, {card.deck_id for card in cards if card.owner == owner})
        if cards:
            self._connection.execute(self._insert, [self.to_row(card) for card in cards])

    def get(self, owner: UserId, card_id: CardId) -> Card:
        return self._get(owner, card_id)

    def save(self, card: Card) -> None:
        self._check_decks(card.owner, {card.deck_id})
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
        query = sa.select(cards).where(cards.c.owner == owner, *_conditions(wanted))
        if deck_id is not None:
            query = query.where(cards.c.deck_id == deck_id)
        return page(
            self._connection,
            query,
            {},
            request,
            order=order.value,
            key=_KEYS[order.field],
            row_id=cards.c.id,
            as_text=str,
            from_text=order.value_from,
            from_row=self.from_row,
            descending=order.descending,
        )

    def fronts(self, owner: UserId, deck_id: DeckId) -> Sequence[str]:
        return self._connection.scalars(_FRONTS, {"row_owner": owner, "row_deck": deck_id}).all()

    def forget_document(self, owner: UserId, document_id: DocumentId, now: datetime) -> None:
        made = self._connection.execute(
            _MADE_FROM.with_for_update(), {"row_owner": owner, "row_document": document_id}
        ).all()
        for row in made:
            self._save(card_from_row(row).source_deleted(now))


def _conditions(wanted: CardFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.wanted_tag is not None:
        conditions.append(cards.c.tags.contains([wanted.wanted_tag]))
    if wanted.wanted_text:
        conditions.append(sa.func.strpos(cards.c.search_text, wanted.wanted_text) > 0)
    if wanted.suspended is not None:
        conditions.append(cards.c.suspended.is_(wanted.suspended))
    if wanted.buried is not None:
        conditions.append(sa.func.coalesce(cards.c.buried_until > wanted.day, False).is_(wanted.buried))
    if wanted.flag is not None:
        conditions.append(cards.c.flag == wanted.flag)
    if wanted.state is not None:
        today = sa.or_(cards.c.due_on <= wanted.day, sa.func.coalesce(cards.c.again_on == wanted.day, False))
        conditions.append(
            {
                CardState.NEW: cards.c.due_on.is_(None),
                CardState.DUE: sa.and_(cards.c.due_on.is_not(None), today),
                CardState.WAITING: sa.and_(cards.c.due_on.is_not(None), sa.not_(today)),
            }[wanted.state]
        )
    return conditions
