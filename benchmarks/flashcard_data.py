"""Students with decks and cards, for the benchmarks of reviews and counts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa

from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.domain.accounts import User
from studyteddy.domain.ids import UserId

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)

# Card number i of a student: a fifth is new, and the others fall due over the 40 days before and after today.
_STUDENTS = """
insert into users select gen_random_uuid(), 'student' || n || '@example.org', 'Student', 'none', '{student}',
    'Europe/Berlin', 4, '{60,60,60,60,60,60,60}', false, 1, %(now)s, %(now)s from generate_series(1, %(students)s) as n;
"""
_DECKS = """
insert into decks select gen_random_uuid(), users.id, 'Deck ' || n, 'deck ' || n, '', 'sm2', 20, 200, 0.9, 1, %(now)s,
    %(now)s from users, generate_series(1, %(decks)s) as n;
"""
_CARDS = """
insert into cards
select gen_random_uuid(), decks.owner, decks.id, 'What is the capital of country ' || n || '?', 'The city ' || n,
    'what is the capital of country ' || n || e'?\nthe city ' || n, '{geography}', n %% 50 = 7, null, null,
    s.seen, s.days, 250, case when s.seen > 0 then %(today)s + (n * 7 %% 80) - 40 end, 0,
    case when s.seen > 0 then %(today)s + (n * 7 %% 80) - 40 - s.days end, null, null, 1,
    %(now)s - n * interval '1 second', %(now)s
from decks, generate_series(1, %(cards)s) as n,
    lateral (
        select case when n %% 5 = 0 then 0 else 3 end as seen, case when n %% 5 = 0 then 0 else 1 + n %% 60 end as days
    ) as s
"""


@contextmanager
def database() -> Iterator[tuple[sa.Engine, psycopg.Connection]]:
    """An empty, migrated PostgreSQL with durable commits, by the pool of the product and by a bare connection."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "postgres") as url:
        engine = open_engine(url)
        migrate(engine)
        with psycopg.connect(url.replace("+psycopg", "", 1)) as bare:
            yield engine, bare
        engine.dispose()


def fill(engine: sa.Engine, bare: psycopg.Connection, *, students: int, decks: int, cards_per_deck: int) -> list[User]:
    """Give each student decks full of cards, and return the students."""
    values = {"students": students, "decks": decks, "cards": cards_per_deck, "now": NOW, "today": TODAY}
    for statement in (_STUDENTS, _DECKS, _CARDS):
        bare.execute(statement, values)
    bare.commit()
    bare.autocommit = True
    bare.execute("vacuum analyze")
    bare.autocommit = False
    found = [UserId(row[0]) for row in bare.execute("select id from users order by email").fetchall()]
    bare.commit()
    with PostgresUnitOfWork(engine) as uow:
        return [uow.users.get(user_id) for user_id in found]
