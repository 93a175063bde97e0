from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engines.databases import Database
from studyteddy.adapters.postgres.driver import commit_one, read
from studyteddy.domain.errors import Invalid, Unavailable

_STATE = "select pg_current_xact_id_if_assigned() is not null as writes, count(*) as rows from tally"


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = database.open(pool_size=1)
    with engine.begin() as connection:
        connection.execute(sa.text("create table tally (id int primary key, small smallint)"))
    yield engine
    with engine.begin() as connection:
        connection.execute(sa.text("drop table tally"))
    engine.dispose()


def rows_of(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.text("select count(*) from tally")) or 0)


def test_a_read_opens_no_transaction(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        (first,) = read(connection, "select now() as at", {})
        (second,) = read(connection, "select now() as at", {})
        assert second.at > first.at
        assert not connection.in_transaction()


def test_a_read_inside_a_transaction_sees_what_it_wrote(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("insert into tally values (1, 1)"))
        (state,) = read(connection, _STATE, {})
        assert (state.writes, state.rows) == (True, 1)
    assert rows_of(engine) == 0


def test_a_change_by_itself_is_committed_at_once(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert commit_one(connection, "insert into tally values (%(id)s, 1)", {"id": 7}) == 1
    assert rows_of(engine) == 1


def test_a_change_commits_what_came_before_it(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("insert into tally values (1, 1)"))
        assert commit_one(connection, "insert into tally values (2, 1)", {}) == 1
    assert rows_of(engine) == 2


def test_a_change_that_touches_nothing_leaves_the_rest_uncommitted(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("insert into tally values (1, 1)"))
        assert commit_one(connection, "update tally set small = 2 where id = 9", {}) == 0
    assert rows_of(engine) == 0


def test_a_transaction_is_one_again_after_a_read(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        read(connection, "select 1 as one", {})
        connection.execute(sa.text("insert into tally values (1, 1)"))
    assert rows_of(engine) == 0


def test_a_value_that_does_not_fit_is_invalid(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(Invalid) as refused:
            commit_one(connection, "insert into tally values (1, %(small)s)", {"small": 70_000})
        assert refused.value.code == "bad_value"
        assert read(connection, "select 1 as one", {})[0].one == 1


def test_a_broken_connection_is_unavailable_once_and_replaced(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        (process,) = read(connection, "select pg_backend_pid() as id", {})
    with engine.connect() as connection, pytest.raises(Unavailable):
        read(connection, "select pg_terminate_backend(pg_backend_pid())", {})
    with engine.connect() as connection:
        (other,) = read(connection, "select pg_backend_pid() as id", {})
    assert other.id != process.id
