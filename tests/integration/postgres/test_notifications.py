from __future__ import annotations

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.notifications import NotificationsContract


class TestPostgresNotifications(NotificationsContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres
