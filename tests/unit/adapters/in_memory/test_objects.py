from __future__ import annotations

import pytest

from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.testing.object_store import ObjectStoreContract


class TestInMemoryObjects(ObjectStoreContract):
    @pytest.fixture
    def objects(self) -> InMemoryObjects:
        return InMemoryObjects()
