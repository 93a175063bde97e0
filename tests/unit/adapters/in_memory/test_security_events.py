from __future__ import annotations

import functools

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.testing.security_events import SecurityEventsContract, Units


class TestInMemorySecurityEvents(SecurityEventsContract):
    @pytest.fixture
    def units(self) -> Units:
        return functools.partial(InMemoryUnitOfWork, Store())
