"""Decks in PostgreSQL, and what each of them holds for today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.flashcards import decks
from studyteddy.domain.errors import Conflict
from studyteddy.domain.flashcards.counts import DeckCounts, Tally
from studyteddy.domain.flashcards.decks import Deck, DoneToday
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.scheduling import SchedulerName

_ADD = insert(decks).on_conflict_do_nothing(index_elements=["owner", "name_key"]).returning(decks.c.id)
# Cards of today are counted no further than the daily limit goes, so that a backlog of years costs nothing.
_COUNTS = sa.text(
    """
    select decks.*, done.new as done_new, done.reviews as done_reviews,
           (select count(*) from cards where owner = :owner and deck_id = decks.id) as total,
           (select count(*) from (
               select from cards
               where owner = :owner and deck_id = decks.id and due_on <= :day and not suspended
                     and (buried_until is null or buried_until <= :day)
               limit greatest(0, reviews_per_day - done.reviews)
           ) as shown) as due,
           (select count(*) from cards
            where owner = :owner and deck_id = decks.id and again_on = :day and due_on > :day
                  and not suspended and (buried_until is null or buried_until <= :day)) as again,
           (select count(*) from (
               select from cards
               where deck_id = decks.id and due_on is null and not suspended
                     and (buried_until is null or buried_until <= :day)
               limit greatest(0, new_per_day - done.new)
           ) as shown) as new
    from decks
    cross join lateral (
        select count(*) filter (where kind = 'learn') as new,
               count(*) filter (where kind in ('review', 'relearn')) as reviews
        from reviews
        where owner = :owner and study_day = :day and undone_at is null and deck_id = decks.id
    ) as done
    where decks.owner = :owner and decks.id = any(:deck_ids)
    """
)


class PostgresDecks(OwnedRows[Deck]):
    """The ``Decks`` port."""

    table = decks
    noun = "deck"

    @staticmethod
    def to_row(deck: Deck) -> Values:
        return {
            "id": deck.id,
            "owner": deck.owner,
            "name": deck.name,
            "name_key": deck.name_key,
            "description": deck.description,
            "scheduler": deck.scheduler.value,
            "new_per_day": deck.new_per_day,
            "reviews_per_day": deck.reviews_per_day,
            "desired_retention": deck.desired_retention,
            "version": deck.version,
            "created_at": deck.created_at,
            "updated_at": deck.updated_at,
            "published_at": deck.published_at,
        }

    @staticmethod
    def from_row(row: Any) -> Deck:
        return Deck(
            id=DeckId(row.id),
            owner=UserId(row.owner),
            name=row.name,
            description=row.description,
            scheduler=SchedulerName(row.scheduler),
            new_per_day=row.new_per_day,
            reviews_per_day=row.reviews_per_day,
            desired_retention=row.desired_retention,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            published_at=row.published_at,
        )

    def add(self, deck: Deck) -> None:
        if self._connection.execute(_ADD, self.to_row(deck)).one_or_none() is None:
            raise name_taken()

    def get(self, owner: UserId, deck_id: DeckId) -> Deck:
        return self._get(owner, deck_id)

    def save(self, deck: Deck) -> None:
        try:
            self._save(deck)
        except sa.exc.IntegrityError as error:
            if "uq_decks_owner_name_key" not in str(error.orig):
                raise
            raise name_taken() from None

    def delete(self, owner: UserId, deck_id: DeckId) -> None:
        self._delete(owner, deck_id)

    def page(self, owner: UserId, request: PageRequest) -> Page[Deck]:
        return page(
            self._connection,
            sa.select(decks).where(decks.c.owner == owner),
            {},
            request,
            order="name",
            key=decks.c.name_key,
            row_id=decks.c.id,
            as_text=str,
            from_text=str,
            from_row=self.from_row,
        )

    def counts(self, owner: UserId, day: date, deck_ids: Collection[DeckId]) -> Mapping[DeckId, DeckCounts]:
        rows = self._connection.execute(_COUNTS, {"owner": owner, "day": day, "deck_ids": list(deck_ids)})
        return {DeckId(row.id): self._counts(row) for row in rows}

    def _counts(self, row: Any) -> DeckCounts:
        allowance = self.from_row(row).allowance(DoneToday(new=row.done_new, reviews=row.done_reviews))
        return Tally(new=row.new, due=row.due, again=row.again, total=row.total).within(allowance)


def name_taken() -> Conflict:
    return Conflict("You have a deck of this name already. Choose another name.", code="name_taken")
