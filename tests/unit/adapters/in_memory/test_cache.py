from __future__ import annotations

import pytest

from studyteddy.adapters.in_memory.cache import InMemoryCache
from studyteddy.testing.cache import CacheContract


class TestInMemoryCache(CacheContract):
    @pytest.fixture
    def cache(self) -> InMemoryCache:
        return InMemoryCache()


def test_the_oldest_of_too_many_entries_are_dropped() -> None:
    cache = InMemoryCache(most=3)
    for key in "abcd":
        cache.put(key, key, seconds=60)
    assert [cache.get(key) for key in "abcd"] == [None, "b", "c", "d"]


def test_spent_entries_are_dropped_before_good_ones() -> None:
    now = [0.0]
    cache = InMemoryCache(clock=lambda: now[0], most=2)
    cache.put("good", "1", seconds=60)
    cache.put("spent", "2", seconds=1)
    now[0] = 2.0
    cache.put("new", "3", seconds=60)
    assert [cache.get(key) for key in ("good", "spent", "new")] == ["1", None, "3"]
