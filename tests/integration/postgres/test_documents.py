from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from engines.databases import Database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.documents import DocumentsContract


class TestPostgresDocuments(DocumentsContract):
    @pytest.fixture
    def unit_of_work(self, database: Database) -> Iterator[UnitOfWorkFactory]:
        engine = database.open()
        yield functools.partial(PostgresUnitOfWork, engine)
        engine.dispose()
