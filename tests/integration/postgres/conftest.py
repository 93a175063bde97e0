from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory


@pytest.fixture(scope="module")
def postgres(database_url: str) -> Iterator[UnitOfWorkFactory]:
    """Units of work on a migrated database of this module's own."""
    engine = open_engine(database_url)
    yield functools.partial(PostgresUnitOfWork, engine)
    engine.dispose()
