"""P1: the next due card and its grade through the use cases, against a bare transaction.

    python -m benchmarks.review

Ours is ``GetQueue`` with limit 1 (the student's day, the daily limits, the counts, the order, the preview) and
``ReviewCard`` (SM-2, the version check, the append-only log), each in a unit of work of its own. The bare side is one
psycopg transaction of five round trips on the same tables, without any of that: BEGIN, SELECT of the most overdue
card, UPDATE, INSERT into the log, COMMIT. Both commit durably, take turns on students with equal cards, and run on one
PostgreSQL with 200 students of 1,000 cards.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row

from benchmarks.flashcard_data import NOW, TODAY, database, fill
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.system_clock import new_id
from studyteddy.application.flashcards.reviews import GetQueue, ReviewCard
from studyteddy.domain.accounts import User

STUDENTS, CARDS = 200, 1_000
WARM_UP, BATCHES, REVIEWS = 30, 11, 40
GOAL = 1.3

_NEXT = """
select id, deck_id, version, interval_days from cards
where owner = %(owner)s and not suspended and due_on <= %(day)s
order by (%(day)s::date - due_on)::float8 / greatest(1, interval_days) desc, due_on, created_at, id limit 1
"""
_UPDATE = """
update cards set repetitions = repetitions + 1, interval_days = %(days)s, due_on = %(due)s, last_reviewed_on = %(day)s,
    last_review_id = %(review)s, version = version + 1, updated_at = %(now)s
where id = %(card)s and version = %(version)s
"""
_LOG = """
insert into reviews values (%(review)s, default, %(owner)s, %(card)s, %(deck)s, %(now)s, %(day)s, 4, 1000, 'review',
    'sm2', 3, %(before)s, 250, %(day)s, 0, %(day)s, null, 4, %(days)s, 250, %(due)s, 0, %(day)s, null,
    null, false, null)
"""


def bare_review(connection: psycopg.Connection, owner: UUID) -> None:
    """One transaction of five round trips: psycopg sends BEGIN by itself."""
    cursor = connection.cursor(row_factory=namedtuple_row)
    card: Any = cursor.execute(_NEXT, {"owner": owner, "day": TODAY}).fetchone()
    days = card.interval_days * 5 // 2
    values = {"card": card.id, "deck": card.deck_id, "version": card.version, "before": card.interval_days}
    values |= {"owner": owner, "review": new_id(), "day": TODAY, "now": NOW, "days": days}
    values["due"] = TODAY + timedelta(days=days)
    cursor.execute(_UPDATE, values)
    cursor.execute(_LOG, values)
    connection.commit()


def our_review(queue: GetQueue, review: ReviewCard, student: User) -> None:
    card = queue(student=student, limit=1).items[0].card
    review(student=student, card_id=card.id, quality=4, card_version=card.version, took_ms=1_000)


def timed(review: Callable[..., None], *arguments: object) -> float:
    begun = time.perf_counter()
    review(*arguments)
    return time.perf_counter() - begun


def main() -> None:
    with database() as (engine, bare):
        students = fill(engine, bare, students=STUDENTS, decks=1, cards_per_deck=CARDS)
        report(engine, bare, students)


def report(engine: sa.Engine, bare: psycopg.Connection, students: list[User]) -> None:
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    queue = GetQueue(unit_of_work=unit_of_work, clock=lambda: NOW)
    review = ReviewCard(unit_of_work=unit_of_work, new_id=new_id, clock=lambda: NOW)
    pairs = iter(zip(students[::2], students[1::2], strict=True))
    ratios, ours, theirs = [], [], []
    for batch in range(BATCHES + 1):
        plain, own = next(pairs)
        times = [
            (timed(bare_review, bare, plain.id), timed(our_review, queue, review, own))
            for _ in range(WARM_UP if batch == 0 else REVIEWS)
        ]
        if batch:
            middle = [statistics.median(side) for side in zip(*times, strict=True)]
            theirs.append(middle[0])
            ours.append(middle[1])
            ratios.append(middle[1] / middle[0])
    measured = statistics.median(ratios)
    print(
        f"P1 next due + grade, p50: goal <= {GOAL}x of a bare psycopg transaction of 5 round trips, measured "
        f"{measured:.2f}x (spread {min(ratios):.2f} to {max(ratios):.2f} over {BATCHES} batches), "
        f"ours {statistics.median(ours) * 1e3:.2f} ms, bare {statistics.median(theirs) * 1e3:.2f} ms, "
        f"{'met' if measured <= GOAL else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
