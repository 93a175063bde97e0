from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.flashcards import FlashcardsContract
from studyteddy.testing.reviews import ReviewsContract


class TestPostgresFlashcards(FlashcardsContract):
    @pytest.fixture
    def unit_of_work(self, database_url: str) -> Iterator[UnitOfWorkFactory]:
        engine = open_engine(database_url)
        yield functools.partial(PostgresUnitOfWork, engine)
        engine.dispose()


class TestPostgresReviews(ReviewsContract):
    @pytest.fixture
    def unit_of_work(self, database_url: str) -> Iterator[UnitOfWorkFactory]:
        engine = open_engine(database_url)
        yield functools.partial(PostgresUnitOfWork, engine)
        engine.dispose()
