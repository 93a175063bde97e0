from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Unavailable
from studyteddy.testing.accounts import a_user
from studyteddy.testing.unit_of_work import UnitOfWorkContract, Wake


class TestPostgresUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def open_with(self, database_url: str) -> Iterator[Callable[[Wake], UnitOfWorkFactory]]:
        with ExitStack() as opened:

            def open_one(wake: Wake) -> UnitOfWorkFactory:
                engine = open_engine(database_url)
                opened.callback(engine.dispose)
                return functools.partial(PostgresUnitOfWork, engine, wake)

            yield open_one


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url, pool_size=1)
    yield engine
    engine.dispose()


def end_connections(engine: sa.Engine) -> None:
    """What a restart of the server does to the connections of a pool."""
    other = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(
            sa.text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
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


def test_connections_that_died_while_they_waited_are_replaced(engine: sa.Engine) -> None:
    with PostgresUnitOfWork(engine) as uow:
        uow.users.by_email("nobody@example.org")
    end_connections(engine)
    with pytest.raises(Unavailable), PostgresUnitOfWork(engine) as uow:
        uow.users.by_email("nobody@example.org")
    with PostgresUnitOfWork(engine) as uow:
        assert uow.users.by_email("nobody@example.org") is None


def test_no_database_at_all_is_unavailable() -> None:
    nowhere = open_engine("postgresql+psycopg://postgres@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), PostgresUnitOfWork(nowhere):
        pass
    nowhere.dispose()
