from __future__ import annotations

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.idempotency import IdempotencyContract


class TestPostgresIdempotency(IdempotencyContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres
