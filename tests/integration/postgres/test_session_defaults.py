"""What holds on every connection, with and without a pooler that takes no options."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from engines.databases import Database
from studyteddy.adapters.postgres.engine import SESSION_DEFAULTS, open_engine
from studyteddy.adapters.postgres.session_defaults import keep_session_defaults


def held(database: Database, *, most: int) -> list[dict[str, str]]:
    """The defaults on several connections at once, which a pooler can't serve by one."""
    engine = database.open(pool_size=most)
    connections = [engine.connect() for _ in range(most)]
    try:
        shown = [{name: c.scalar(sa.text(f"show {name}")) or "" for name in SESSION_DEFAULTS} for c in connections]
    finally:
        for connection in connections:
            connection.close()
        engine.dispose()
    return shown


def test_every_connection_has_time_outs_and_counts_in_utc(empty_database: Database, empty_database_url: str) -> None:
    if empty_database.pooler:
        direct = open_engine(empty_database_url, pool_size=1)
        assert keep_session_defaults(direct, sa.make_url(empty_database.url).username)
        assert keep_session_defaults(direct)  # as each deployment does
        direct.dispose()
    wanted = {"statement_timeout": "30s", "lock_timeout": "5s", "timezone": "UTC"}
    assert held(empty_database, most=3) == [wanted] * 3


def test_what_a_transaction_sets_for_itself_reaches_nobody_else(empty_database: Database) -> None:
    engine = empty_database.open(pool_size=1)
    with engine.begin() as connection:
        connection.execute(sa.text("set local statement_timeout = '7s'"))
    engine.dispose()
    assert "7s" not in {shown["statement_timeout"] for shown in held(empty_database, most=2)}


def test_a_statement_may_run_as_often_as_it_likes(empty_database: Database) -> None:
    """psycopg prepares what it has seen five times; in transaction mode that would be on somebody else's connection."""
    engine = empty_database.open(pool_size=2)
    for _ in range(8):
        with engine.connect() as one, engine.connect() as other:
            for connection in (one, other):
                assert connection.scalar(sa.text("select cast(:number as int)"), {"number": 4}) == 4
    engine.dispose()


def test_a_role_that_may_not_set_them_for_another_says_so(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    administrator = open_engine(empty_database_url, pool_size=1)
    weak = f"weak_{uuid.uuid4().hex}"
    with administrator.begin() as connection:
        connection.execute(sa.text(f"create role {weak} login"))
    other = open_engine(sa.make_url(empty_database_url).set(username=weak).render_as_string(), pool_size=1)
    try:
        assert keep_session_defaults(other)
        assert not keep_session_defaults(other, "studyteddy")
        assert "Run migrate as studyteddy once" in caplog.text
    finally:
        other.dispose()
        with administrator.begin() as connection:
            connection.execute(sa.text(f"drop role {weak}"))
        administrator.dispose()
