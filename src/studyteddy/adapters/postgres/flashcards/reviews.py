"""The review log in PostgreSQL, and reviewing in as few round trips as possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from psycopg.types.numeric import Int4

from studyteddy.adapters.postgres.driver import read, write
from studyteddy.adapters.postgres.flashcards.cards import card_from_row, schedule_row
from studyteddy.adapters.postgres.flashcards.queue import QUEUE, QUEUE_OF_DECK
from studyteddy.adapters.postgres.repository import Values
from studyteddy.adapters.postgres.tables.flashcards import cards, reviews
from studyteddy.application.ports.repositories.flashcards import QueueStart, ReviewContext
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.counts import DeckCounts
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId, UserId
from studyteddy.domain.scheduling import ReviewKind, Schedule, SchedulerName

_SCHEDULE = tuple(schedule_row(Schedule()))
_LOGGED = tuple(column.name for column in reviews.columns if column.name != "seq")
_SCHEDULED = (*_SCHEDULE, "last_review_id", "suspended", "version", "updated_at")

_CONTEXT = """
select cards.*, decks.scheduler, users.time_zone, users.day_starts_at
from cards join decks on decks.id = cards.deck_id join users on users.id = cards.owner
where cards.id = %(card_id)s and cards.owner = %(owner)s
"""


def _assignments(names: Sequence[str], table: sa.Table, prefix: str = "") -> str:
    """Each column set to its parameter, typed, since a parameter that is null has no type of its own."""
    return ", ".join(f"{name} = {_parameter(name, table, prefix)}" for name in names)


def _parameter(name: str, table: sa.Table, prefix: str = "") -> str:
    kind = table.c[name].type.compile(dialect=_DIALECT)
    return f"%({prefix}{name})s::{kind}"


_DIALECT = sa.dialects.postgresql.dialect()  # type: ignore[no-untyped-call]
_SAVED = f"""
    update cards set {_assignments(_SCHEDULED, cards, "card_")}
    where id = %(card_id)s and owner = %(owner)s and version = %(card_version)s - 1
    returning id
"""  # noqa: S608 - names of columns, here and below
_RECORD = f"""
with saved as ({_SAVED})
insert into reviews ({", ".join(_LOGGED)})
select {", ".join(_parameter(name, reviews) for name in _LOGGED)} from saved
"""  # noqa: S608
_UNDO = f"""
with marked as (
    update reviews set undone_at = %(undone_at)s
    where id = %(id)s and owner = %(owner)s and undone_at is null
    returning id
)
update cards set {_assignments(_SCHEDULED, cards, "card_")}
where id = %(card_id)s and owner = %(owner)s and version = %(card_version)s - 1 and exists (select from marked)
"""  # noqa: S608
_ONE = sa.select(reviews).where(reviews.c.id == sa.bindparam("row_id"), reviews.c.owner == sa.bindparam("row_owner"))
_LOG = (
    sa.select(reviews)
    .where(reviews.c.owner == sa.bindparam("row_owner"), reviews.c.card_id == sa.bindparam("row_card"))
    .order_by(reviews.c.seq)
)


class PostgresReviews:
    """The ``Reviews`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def queue(self, owner: UserId, day: date, *, deck_id: DeckId | None, limit: int) -> QueueStart:
        values = {"owner": owner, "day": day, "row_limit": Int4(limit), "deck_id": deck_id}
        rows = read(self._connection, QUEUE if deck_id is None else QUEUE_OF_DECK, values)
        if deck_id is not None and not rows[0].decks:
            raise NotFound("There is no such deck.")
        counts = DeckCounts(new=rows[0].sum_new, due=rows[0].sum_due, total=rows[0].sum_total)
        return QueueStart(cards=tuple(card_from_row(row) for row in rows if row.id is not None), counts=counts)

    def context(self, owner: UserId, card_id: CardId) -> ReviewContext:
        rows = read(self._connection, _CONTEXT, {"owner": owner, "card_id": card_id})
        if not rows:
            raise NotFound("There is no such card.")
        return ReviewContext(
            card=card_from_row(rows[0]),
            scheduler=SchedulerName(rows[0].scheduler),
            time_zone=rows[0].time_zone,
            day_starts_at=rows[0].day_starts_at,
        )

    def record(self, card: Card, review: Review) -> None:
        if write(self._connection, _RECORD, _scheduled(card) | _logged(review)) == 0:
            raise self._stale(card)

    def get(self, owner: UserId, review_id: ReviewId) -> Review:
        row = self._connection.execute(_ONE, {"row_id": review_id, "row_owner": owner}).one_or_none()
        if row is None:
            raise NotFound("There is no such review.")
        return _from_row(row)

    def record_undo(self, card: Card, review: Review) -> None:
        if write(self._connection, _UNDO, _scheduled(card) | _logged(review)) == 0:
            raise self._stale(card)

    def _stale(self, card: Card) -> NotFound | StaleVersion:
        try:
            self.context(card.owner, card.id)
        except NotFound as missing:
            return missing
        return StaleVersion("This card was changed meanwhile. Load it again and repeat your change.")

    def log(self, owner: UserId, card_id: CardId) -> Sequence[Review]:
        return [_from_row(row) for row in self._connection.execute(_LOG, {"row_owner": owner, "row_card": card_id})]


def _scheduled(card: Card) -> Values:
    """The fields of a card that a review changes, with integers of one width: psycopg prepares by type."""
    schedule = card.schedule
    return {
        "card_repetitions": Int4(schedule.repetitions),
        "card_interval_days": Int4(schedule.interval_days),
        "card_ease_factor_hundredths": Int4(schedule.ease_factor_hundredths),
        "card_due_on": schedule.due_on,
        "card_lapses": Int4(schedule.lapses),
        "card_last_reviewed_on": schedule.last_reviewed_on,
        "card_again_on": schedule.again_on,
        "card_last_review_id": card.last_review_id,
        "card_suspended": card.suspended,
        "card_version": Int4(card.version),
        "card_updated_at": card.updated_at,
    }


def _logged(review: Review) -> Values:
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
        "undone_at": review.undone_at,
    }


def _state(schedule: Schedule, prefix: str) -> Values:
    return {
        name: Int4(value) if isinstance(value, int) else value for name, value in schedule_row(schedule, prefix).items()
    }


def _from_row(row: Any) -> Review:
    def state(prefix: str) -> Schedule:
        return Schedule(*(getattr(row, prefix + name) for name in _SCHEDULE))

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
        before=state("before_"),
        after=state("after_"),
        previous=row.previous and ReviewId(row.previous),
        suspended_card=row.suspended_card,
        undone_at=row.undone_at,
    )
