from __future__ import annotations

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.accounts import AuthSessionsContract, UsersContract


class TestPostgresAuthSessions(AuthSessionsContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestPostgresUsers(UsersContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres
