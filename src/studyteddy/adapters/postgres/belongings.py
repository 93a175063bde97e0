"""Everything of one person in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.copying import copy_rows
from studyteddy.adapters.postgres.documents import PostgresDocuments
from studyteddy.adapters.postgres.flashcards.cards import card_from_row, schedule_row
from studyteddy.adapters.postgres.flashcards.decks import PostgresDecks
from studyteddy.adapters.postgres.flashcards.proposals import proposal_from_row
from studyteddy.adapters.postgres.flashcards.reviews import review_from_row
from studyteddy.adapters.postgres.study_sessions import PostgresStudySessions
from studyteddy.adapters.postgres.tables.accounts import one_use_tokens, outside_identities, users
from studyteddy.adapters.postgres.tables.api_tokens import api_tokens
from studyteddy.adapters.postgres.tables.documents import documents
from studyteddy.adapters.postgres.tables.flashcards import card_proposals, cards, decks
from studyteddy.adapters.postgres.tables.flashcards import reviews as review_log
from studyteddy.adapters.postgres.tables.jobs import jobs
from studyteddy.adapters.postgres.tables.operations import tombstones
from studyteddy.adapters.postgres.tables.study_sessions import study_sessions
from studyteddy.adapters.postgres.tables.tasks import tasks
from studyteddy.adapters.postgres.tables.tutor import messages, threads
from studyteddy.adapters.postgres.tasks import PostgresTasks
from studyteddy.adapters.postgres.tutor.messages import PostgresMessages
from studyteddy.adapters.postgres.tutor.threads import PostgresThreads
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.portability import Kind, Thing

_AT_ONCE = 500
"""Rows that are fetched at a time."""

_KINDS: dict[Kind, tuple[sa.Table, Callable[[Any], Any]]] = {
    Kind.TASK: (tasks, PostgresTasks.from_row),
    Kind.DOCUMENT: (documents, PostgresDocuments.from_row),
    Kind.DECK: (decks, PostgresDecks.from_row),
    Kind.CARD: (cards, card_from_row),
    Kind.PROPOSAL: (card_proposals, proposal_from_row),
    Kind.STUDY_SESSION: (study_sessions, PostgresStudySessions.from_row),
    Kind.THREAD: (threads, PostgresThreads.from_row),
    Kind.MESSAGE: (messages, PostgresMessages.from_row),
}
_STILL = "set transaction isolation level repeatable read, read only"
_HOLD = sa.select(users.c.id).where(users.c.id == sa.bindparam("row_owner")).with_for_update()
_ANYTHING = sa.select(
    sa.or_(
        *(
            sa.exists().where(table.c.owner == sa.bindparam("row_owner"))
            for table in (*(table for table, _ in _KINDS.values()), review_log)
        )
    )
)
_LOG = (
    sa.select(review_log)
    .join(cards, cards.c.id == review_log.c.card_id, isouter=True)
    .where(review_log.c.owner == sa.bindparam("row_owner"))
    .order_by(cards.c.id.is_(None), review_log.c.card_id, review_log.c.seq)
)
_STATE = (
    ("repetitions", "int4"),
    ("interval_days", "int4"),
    ("ease_factor_hundredths", "int4"),
    ("due_on", "date"),
    ("lapses", "int4"),
    ("last_reviewed_on", "date"),
    ("again_on", "date"),
)
_LOGGED = [
    ("id", "uuid"),
    ("owner", "uuid"),
    ("card_id", "uuid"),
    ("deck_id", "uuid"),
    ("reviewed_at", "timestamptz"),
    ("study_day", "date"),
    ("quality", "int2"),
    ("took_ms", "int4"),
    ("kind", "text"),
    ("scheduler", "text"),
    *((f"before_{name}", kind) for name, kind in _STATE),
    *((f"after_{name}", kind) for name, kind in _STATE),
    ("previous", "uuid"),
    ("suspended_card", "bool"),
    ("undone_at", "timestamptz"),
]
_ERASED = (review_log, cards, messages)
"""What there may be so much of that it is forgotten piece by piece; the rest goes with the person."""


def _few(table: sa.Table) -> sa.Delete:
    chosen = sa.select(table.c.id).where(table.c.owner == sa.bindparam("row_owner")).limit(sa.bindparam("at_most"))
    return sa.delete(table).where(table.c.id.in_(chosen.scalar_subquery()))


_ERASE = [_few(table) for table in _ERASED]
_ERASE_DOCUMENTS = _few(documents)
_DOCUMENT_LEFT = sa.select(sa.exists().where(documents.c.owner == sa.bindparam("row_owner")))
_ERASE_ACCOUNT = sa.delete(users).where(users.c.id == sa.bindparam("row_owner"))

_WAYS_IN = (one_use_tokens, outside_identities)
_STOP_JOBS = (
    sa.update(jobs)
    .where(jobs.c.owner == sa.bindparam("row_owner"), jobs.c.status.in_(["queued", "running"]))
    .values(
        status=sa.case((jobs.c.status == "queued", "cancelled"), else_=jobs.c.status),
        cancel_requested=True,
        updated_at=sa.bindparam("at"),
    )
)


class PostgresBelongings:
    """The ``Belongings`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def hold_still(self) -> None:
        self._connection.exec_driver_sql(_STILL)

    def hold_empty(self, owner: UserId) -> bool:
        self._connection.execute(_HOLD, {"row_owner": owner})
        return not self._connection.execute(_ANYTHING, {"row_owner": owner}).scalar_one()

    def _streamed(self, query: sa.Select[Any], owner: UserId) -> Iterator[Any]:
        options = {"yield_per": _AT_ONCE}
        return iter(self._connection.execute(query, {"row_owner": owner}, execution_options=options))

    def ids(self, owner: UserId, kind: Kind) -> Iterator[UUID]:
        table, _ = _KINDS[kind]
        query = sa.select(table.c.id).where(table.c.owner == sa.bindparam("row_owner")).order_by(table.c.id)
        return (row.id for row in self._streamed(query, owner))

    def things(self, owner: UserId, kind: Kind) -> Iterator[Thing]:
        table, from_row = _KINDS[kind]
        query = sa.select(table).where(table.c.owner == sa.bindparam("row_owner")).order_by(table.c.id)
        return map(from_row, self._streamed(query, owner))

    def cards(self, owner: UserId, deck_id: DeckId) -> Iterator[Card]:
        mine = sa.and_(cards.c.owner == sa.bindparam("row_owner"), cards.c.deck_id == deck_id)
        return map(card_from_row, self._streamed(sa.select(cards).where(mine).order_by(cards.c.id), owner))

    def reviews(self, owner: UserId) -> Iterator[Review]:
        return map(review_from_row, self._streamed(_LOG, owner))

    def add_reviews(self, reviews: Sequence[Review]) -> None:
        copy_rows(self._connection, review_log, _LOGGED, map(_logged, reviews))

    def end_access(self, owner: UserId, *, now: datetime) -> None:
        for table in _WAYS_IN:
            self._connection.execute(sa.delete(table).where(table.c.user_id == owner))
        self._connection.execute(sa.delete(api_tokens).where(api_tokens.c.owner == owner))
        self._connection.execute(_STOP_JOBS, {"row_owner": owner, "at": now})

    def erase(self, owner: UserId, *, limit: int) -> int:
        for statement in _ERASE:
            if erased := self._connection.execute(statement, {"row_owner": owner, "at_most": limit}).rowcount:
                return erased
        return self._connection.execute(_ERASE_DOCUMENTS, {"row_owner": owner, "at_most": 1}).rowcount

    def erase_account(self, owner: UserId) -> bool:
        self._connection.execute(_HOLD, {"row_owner": owner})
        if self._connection.execute(_DOCUMENT_LEFT, {"row_owner": owner}).scalar_one():
            return False
        self._connection.execute(_ERASE_ACCOUNT, {"row_owner": owner})
        return True


def _logged(review: Review) -> list[Any]:
    return [
        review.id,
        review.owner,
        review.card_id,
        review.deck_id,
        review.reviewed_at,
        review.study_day,
        review.quality,
        review.took_ms,
        review.kind.value,
        review.scheduler.value,
        *schedule_row(review.before).values(),
        *schedule_row(review.after).values(),
        review.previous,
        review.suspended_card,
        review.undone_at,
    ]


class PostgresTombstones:
    """The ``Tombstones`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, digest: str, *, at: datetime) -> None:
        statement = insert(tombstones).values(digest=digest, deleted_at=at).on_conflict_do_nothing()
        self._connection.execute(statement)

    def all(self) -> dict[str, datetime]:
        return {row.digest: row.deleted_at for row in self._connection.execute(sa.select(tombstones))}
