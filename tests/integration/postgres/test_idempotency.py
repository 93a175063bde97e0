from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest

from engines.databases import Database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import BeforeCommit, UnitOfWorkFactory
from studyteddy.testing.idempotency import IdempotencyContract
from studyteddy.testing.sealed_commits import SealedCommitsContract


class TestPostgresIdempotency(IdempotencyContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestSealedCommits(SealedCommitsContract):
    @pytest.fixture
    def opened_with(self, database: Database) -> Iterator[Callable[[BeforeCommit], UnitOfWorkFactory]]:
        engine = database.open()
        yield lambda seal: functools.partial(PostgresUnitOfWork, engine, seal=seal)
        engine.dispose()
