from __future__ import annotations

import pytest

from studyteddy.adapters.in_memory.presence import InMemoryPresence
from studyteddy.testing.presence import PresenceContract


class TestInMemoryPresence(PresenceContract):
    @pytest.fixture
    def presence(self) -> InMemoryPresence:
        return InMemoryPresence()
