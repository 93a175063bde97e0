"""The review log in PostgreSQL, and reviewing in as few round trips as possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from psycopg.types.numeric import Int4

from studyteddy.adapters.postgres.driver import commit_one, read
from studyteddy.adapters.postgres.flashcards.cards import CARD_COLUMNS, card_from_row, schedule_row
from studyteddy.adapters.postgres.flashcards.queue import QUEUE, QUEUE_OF_DECK
from studyteddy.adapters.postgres.idempotency import PostgresIdempotency
from studyteddy.adapters.postgres.repository import Values
from studyteddy.adapters.postgres.tables.flashcards import reviews
from studyteddy.application.ports.repositories.flashcards import QueueStart, ReviewContext
from studyteddy.application.ports.unit_of_work import BeforeCommit
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.counts import QueueCounts
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId, UserId
from studyteddy.domain.scheduling import ReviewKind, Schedule, SchedulerName

_SCHEDULE = tuple(schedule_row(Schedule()))
_LOGGED = tuple(column.name for column in reviews.columns if column.name not in ("seq", "undone_at"))
_DIALECT = sa.dialects.postgresql.dialect()  # type: ignore[no-untyped-call]

_CONTEXT = f"""
select {CARD_COLUMNS}, (select scheduler from decks where decks.id = cards.deck_id) as scheduler
from cards
where cards.id = %(card_id)s and cards.owner = %(owner)s
"""  # noqa: S608 - names of columns, here and below


def _parameter(name: str) -> str:
    """A value of the log with its type, since a parameter that is null has none of its own."""
    return f"%({name})s::{reviews.c[name].type.compile(dialect=_DIALECT)}"


def _save(prefix: str) -> str:
    """Set the card to the state before or after a review; everything else that changes has a parameter of its own."""
    schedule = ", ".join(f"{name} = {_parameter(prefix + name)}" for name in _SCHEDULE)
    return f"""
        update cards
        set {schedule}, suspended = %(card_suspended)s, last_review_id = %(card_last_review)s::uuid,
            version = %(card_version)s, updated_at = %(card_updated_at)s
        where id = %(card_id)s and owner = %(owner)s and version = %(card_version)s - 1
    """  # noqa: S608


_RECORD = f"""
with saved as ({_save("after_")} returning id)
insert into reviews ({", ".join(_LOGGED)})
select {", ".join(map(_parameter, _LOGGED))} from saved
"""  # noqa: S608
_UNDO = f"""
with saved as (
    {_save("before_")} and exists (select from reviews where id = %(id)s and owner = %(owner)s and undone_at is null)
    returning id
)
update reviews set undone_at = %(card_updated_at)s where id = %(id)s and exists (select from saved)
"""  # noqa: S608
_ONE = sa.select(reviews).where(reviews.c.id == sa.bindparam("row_id"), reviews.c.owner == sa.bindparam("row_owner"))
_LOG = (
    sa.select(reviews)
    .where(reviews.c.owner == sa.bindparam("row_owner"), reviews.c.card_id == sa.bindparam("row_card"))
    .order_by(reviews.c.seq)
)


class PostgresReviews:
    """The ``Reviews`` port."""

    def __init__(self, connection: sa.Connection, seal: BeforeCommit = lambda _: None) -> None:
        self._connection = connection
        self._seal = seal

    def queue(self, owner: UserId, day: date, *, deck_id: DeckId | None, limit: int) -> QueueStart:
        values = {"owner": owner, "day": day, "row_limit": Int4(limit), "deck_id": deck_id}
        rows = read(self._connection, QUEUE if deck_id is None else QUEUE_OF_DECK, values)
        if deck_id is not None and not rows[0].decks:
            raise NotFound("There is no such deck.")
        counts = QueueCounts(new=rows[0].left_new, due=rows[0].left_due)
        return QueueStart(cards=tuple(card_from_row(row) for row in rows if row.id is not None), counts=counts)

    def context(self, owner: UserId, card_id: CardId) -> ReviewContext:
        rows = read(self._connection, _CONTEXT, {"owner": owner, "card_id": card_id})
        if not rows:
            raise NotFound("There is no such card.")
        return ReviewContext(card=card_from_row(rows[0]), scheduler=SchedulerName(rows[0].scheduler))

    def commit_review(self, card: Card, review: Review) -> None:
        self._seal(PostgresIdempotency(self._connection))
        if commit_one(self._connection, _RECORD, _values(card, review)) == 0:
            raise self._stale(card)

    def get(self, owner: UserId, review_id: ReviewId) -> Review:
        row = self._connection.execute(_ONE, {"row_id": review_id, "row_owner": owner}).one_or_none()
        if row is None:
            raise NotFound("There is no such review.")
        return review_from_row(row)

    def record_undo(self, card: Card, review: Review) -> None:
        if self._connection.exec_driver_sql(_UNDO, _values(card, review)).rowcount == 0:
            raise self._stale(card)

    def _stale(self, card: Card) -> NotFound | StaleVersion:
        try:
            self.context(card.owner, card.id)
        except NotFound as missing:
            return missing
        return StaleVersion("This card was changed meanwhile. Load it again and repeat your change.")

    def log(self, owner: UserId, card_id: CardId) -> Sequence[Review]:
        return [
            review_from_row(row) for row in self._connection.execute(_LOG, {"row_owner": owner, "row_card": card_id})
        ]


def _values(card: Card, review: Review) -> Values:
    """The parameters of both changes, with integers of one width: psycopg prepares by type."""
    return {
        "id": review.id,
        "owner": review.owner,
        "card_id": review.card_id,
        "deck_id": review.deck_id,
        "reviewed_at": review.reviewed_at,
        "study_day": review.study_day,
        "quality": Int4(review.quality),
        "took_ms": review.took_ms if review.took_ms is None else Int4(review.took_ms),
        "kind": review.kind.value,
        "scheduler": review.scheduler.value,
        **_state(review.before, "before_"),
        **_state(review.after, "after_"),
        "previous": review.previous,
        "suspended_card": review.suspended_card,
        "card_suspended": card.suspended,
        "card_last_review": card.last_review_id,
        "card_version": Int4(card.version),
        "card_updated_at": card.updated_at,
    }


def _state(schedule: Schedule, prefix: str) -> Values:
    return {
        prefix + "repetitions": Int4(schedule.repetitions),
        prefix + "interval_days": Int4(schedule.interval_days),
        prefix + "ease_factor_hundredths": Int4(schedule.ease_factor_hundredths),
        prefix + "due_on": schedule.due_on,
        prefix + "lapses": Int4(schedule.lapses),
        prefix + "last_reviewed_on": schedule.last_reviewed_on,
        prefix + "again_on": schedule.again_on,
    }


def _places_of(prefix: str) -> slice:
    """Where a schedule stands in a row: by its place it is found faster than by seven names."""
    first = reviews.columns.keys().index(prefix + _SCHEDULE[0])
    return slice(first, first + len(_SCHEDULE))


_BEFORE, _AFTER = _places_of("before_"), _places_of("after_")


def review_from_row(row: Any) -> Review:
    return Review(
        id=ReviewId(row.id),
        owner=UserId(row.owner),
        card_id=CardId(row.card_id),
        deck_id=DeckId(row.deck_id),
        reviewed_at=row.reviewed_at,
        study_day=row.study_day,
        quality=row.quality,
        took_ms=row.took_ms,
        kind=ReviewKind(row.kind),
        scheduler=SchedulerName(row.scheduler),
        before=Schedule(*row[_BEFORE]),
        after=Schedule(*row[_AFTER]),
        previous=row.previous and ReviewId(row.previous),
        suspended_card=row.suspended_card,
        undone_at=row.undone_at,
    )
