from __future__ import annotations

import functools

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.belongings import BelongingsContract, TombstonesContract


@pytest.fixture
def in_memory() -> UnitOfWorkFactory:
    return functools.partial(InMemoryUnitOfWork, Store())


class TestInMemoryBelongings(BelongingsContract):
    @pytest.fixture
    def unit_of_work(self, in_memory: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return in_memory


class TestInMemoryTombstones(TombstonesContract):
    @pytest.fixture
    def unit_of_work(self, in_memory: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return in_memory
