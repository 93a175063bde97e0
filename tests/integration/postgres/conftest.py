from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from engines.databases import Database, fresh_database
from engines.pgbouncer import PgBouncer
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory


@pytest.fixture(scope="module", params=["direct", "pooled"])
def way(request: pytest.FixtureRequest) -> PgBouncer | None:
    """Each test goes straight to PostgreSQL, and again through pgBouncer in transaction mode."""
    return request.getfixturevalue("pooler") if request.param == "pooled" else None


@pytest.fixture(scope="module")
def database(way: PgBouncer | None, postgres_url: str, migrated_template: str) -> Iterator[Database]:
    """A migrated database of this module's own, another one for each way."""
    with fresh_database(postgres_url, template=migrated_template) as url:
        yield Database.on(url, way)


@pytest.fixture
def empty_database(way: PgBouncer | None, empty_database_url: str) -> Database:
    """A database without a schema."""
    return Database.on(empty_database_url, way)


@pytest.fixture(scope="module")
def postgres(database: Database) -> Iterator[UnitOfWorkFactory]:
    """Units of work on a migrated database of this module's own."""
    engine = database.open()
    yield functools.partial(PostgresUnitOfWork, engine)
    engine.dispose()
