from __future__ import annotations

import functools

import pytest

from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.testing.security_events import SecurityEventsContract, Units


class TestPostgresSecurityEvents(SecurityEventsContract):
    @pytest.fixture
    def units(self, postgres: functools.partial[PostgresUnitOfWork]) -> Units:
        return postgres
