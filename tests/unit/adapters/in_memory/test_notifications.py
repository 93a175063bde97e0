from __future__ import annotations

import functools

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.notifications import NotificationsContract


class TestInMemoryNotifications(NotificationsContract):
    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        return functools.partial(InMemoryUnitOfWork, Store())
