from __future__ import annotations

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.testing.identity import OneUseTokensContract, OutsideIdentitiesContract


class TestPostgresOneUseTokens(OneUseTokensContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestPostgresOutsideIdentities(OutsideIdentitiesContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres
