"""What every cache has to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from studyteddy.application.ports.cache import Cache


class CacheContract:
    """Subclass it and give the fixture ``cache``."""

    @pytest.fixture
    def cache(self) -> Cache:
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> str:
        return f"test:{uuid4()}"

    def test_a_value_is_kept_for_its_time(self, cache: Cache, key: str) -> None:
        cache.put(key, "wert 🧸", seconds=60)
        assert cache.get(key) == "wert 🧸"
        assert cache.get(key) == "wert 🧸"

    def test_an_unknown_key_has_no_value(self, cache: Cache, key: str) -> None:
        assert cache.get(key) is None
        assert cache.take(key) is None

    def test_a_later_value_replaces_an_earlier_one(self, cache: Cache, key: str) -> None:
        cache.put(key, "one", seconds=60)
        cache.put(key, "", seconds=60)
        assert cache.get(key) == ""

    def test_a_value_is_gone_after_its_time(self, cache: Cache, key: str) -> None:
        cache.put(key, "one", seconds=0.05)
        cache.put(f"{key}:taken", "two", seconds=0.05)
        threading.Event().wait(0.2)
        assert cache.get(key) is None
        assert cache.take(f"{key}:taken") is None

    def test_a_taken_value_is_gone(self, cache: Cache, key: str) -> None:
        cache.put(key, "ticket", seconds=60)
        assert cache.take(key) == "ticket"
        assert cache.take(key) is None
        assert cache.get(key) is None

    def test_of_many_takers_exactly_one_gets_the_value(self, cache: Cache, key: str) -> None:
        together = threading.Barrier(8)

        def take(name: str) -> str | None:
            together.wait()
            return cache.take(name)

        with ThreadPoolExecutor(8) as pool:
            for turn in range(20):
                name = f"{key}:{turn}"
                cache.put(name, "ticket", seconds=60)
                taken = list(pool.map(take, [name] * 8))
                assert sorted(value is None for value in taken) == [False] + [True] * 7
