from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from engines.databases import Database
from studyteddy.adapters.postgres import engine as postgres_engine
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Unavailable
from studyteddy.testing.accounts import a_user
from studyteddy.testing.unit_of_work import UnitOfWorkContract, Wake


class TestPostgresUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def open_with(self, database: Database) -> Iterator[Callable[[Wake], UnitOfWorkFactory]]:
        with ExitStack() as opened:

            def open_one(wake: Wake) -> UnitOfWorkFactory:
                engine = database.open()
                opened.callback(engine.dispose)
                return functools.partial(PostgresUnitOfWork, engine, wake)

            yield open_one


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = database.open(pool_size=1)
    yield engine
    engine.dispose()


def end_connections(engine: sa.Engine) -> None:
    """What a restart of the server does to the connections of a pool."""
    other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(
            sa.text(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
            )
        )


def test_a_database_that_goes_away_is_unavailable_and_leaves_nothing_behind(engine: sa.Engine) -> None:
    user = a_user()

    def work() -> None:
        with PostgresUnitOfWork(engine) as uow:
            uow.users.add(user)
            end_connections(engine)
            uow.users.by_email(user.email)

    with pytest.raises(Unavailable) as refused:
        work()
    assert refused.value.code == "database_unavailable"
    with PostgresUnitOfWork(engine) as uow:
        assert uow.users.by_email(user.email) is None


def test_a_commit_on_a_lost_connection_is_unavailable(engine: sa.Engine) -> None:
    user = a_user()
    with PostgresUnitOfWork(engine) as uow:
        uow.users.add(user)
        end_connections(engine)
        with pytest.raises(Unavailable):
            uow.commit()
    with PostgresUnitOfWork(engine) as uow:
        assert uow.users.by_email(user.email) is None


def test_connections_that_died_while_they_waited_are_replaced_before_anybody_fails(database: Database) -> None:
    engine = database.open(pool_size=3)
    with ExitStack() as at_once:
        for _ in range(3):
            at_once.enter_context(PostgresUnitOfWork(engine)).users.by_email("nobody@example.org")
    end_connections(engine)
    with ExitStack() as at_once:
        for _ in range(3):
            uow = at_once.enter_context(PostgresUnitOfWork(engine))
            assert uow.users.by_email("nobody@example.org") is None
    engine.dispose()


def test_a_slow_statement_or_lock_is_given_up_as_busy(engine: sa.Engine, database: Database) -> None:
    user = a_user()
    with PostgresUnitOfWork(engine) as uow:
        uow.users.add(user)
        uow.commit()
    other = database.open(pool_size=1)
    with other.connect() as holder:
        holder.execute(sa.text("lock table users"))

        def wait_for_the_lock() -> None:
            with PostgresUnitOfWork(engine) as uow:
                uow._connection.execute(sa.text("set local lock_timeout = '50ms'"))
                uow.users.by_email(user.email)

        with pytest.raises(Unavailable) as refused:
            wait_for_the_lock()
    other.dispose()
    assert refused.value.code == "database_busy"


def test_when_all_connections_are_taken_the_database_is_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_engine, "POOL_WAIT_SECONDS", 0.1)
    engine = database.open(pool_size=1)
    another = PostgresUnitOfWork(engine)
    with PostgresUnitOfWork(engine), PostgresUnitOfWork(engine), pytest.raises(Unavailable) as refused:
        another.__enter__()
    engine.dispose()
    assert refused.value.code == "database_busy"


def test_no_database_at_all_is_unavailable() -> None:
    nowhere = open_engine("postgresql+psycopg://postgres@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), PostgresUnitOfWork(nowhere):
        pass
    nowhere.dispose()
