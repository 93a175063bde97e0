from __future__ import annotations

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.belongings import BelongingsContract, TombstonesContract


class TestPostgresBelongings(BelongingsContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestPostgresTombstones(TombstonesContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres
