from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.ports.unit_of_work import BeforeCommit, UnitOfWorkFactory
from studyteddy.testing.sealed_commits import SealedCommitsContract
from studyteddy.testing.unit_of_work import UnitOfWorkContract, Wake


class TestInMemoryUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def open_with(self) -> Callable[[Wake], UnitOfWorkFactory]:
        store = Store()
        return lambda wake: functools.partial(InMemoryUnitOfWork, store, wake)


class TestSealedCommits(SealedCommitsContract):
    @pytest.fixture
    def opened_with(self) -> Callable[[BeforeCommit], UnitOfWorkFactory]:
        store = Store()
        return lambda seal: functools.partial(InMemoryUnitOfWork, store, seal=seal)
