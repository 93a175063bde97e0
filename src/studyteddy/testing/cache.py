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

    def test_a_tag_keeps_its_stamp_until_it_is_forgotten(self, cache: Cache, key: str) -> None:
        stamp = cache.stamp(key)
        assert stamp
        assert cache.stamp(key) == stamp
        cache.forget(key)
        assert cache.stamp(key) != stamp

    def test_tags_are_kept_apart(self, cache: Cache, key: str) -> None:
        mine, other = cache.stamp(key), cache.stamp(f"{key}:other")
        assert mine != other
        cache.forget(f"{key}:other")
        assert cache.stamp(key) == mine

    def test_a_tag_and_a_key_of_one_name_are_two_things(self, cache: Cache, key: str) -> None:
        cache.put(key, "value", seconds=60)
        stamp = cache.stamp(key)
        cache.forget(key)
        assert cache.get(key) == "value"
        assert cache.take(key) == "value"
        assert cache.stamp(key) != stamp

    def test_a_stamp_never_comes_back(self, cache: Cache, key: str) -> None:
        cache.forget(key)  # which nobody has asked for yet
        stamps = set()
        for _ in range(20):
            stamps.add(cache.stamp(key))
            cache.forget(key)
        assert len(stamps) == 20

    def test_a_value_computed_before_a_write_and_put_after_it_is_never_seen(self, cache: Cache, key: str) -> None:
        before = cache.stamp(key)
        cache.put(f"{before}:early", "old", seconds=60)
        cache.forget(key)
        cache.put(f"{before}:late", "old", seconds=60)
        after = cache.stamp(key)
        assert cache.get(f"{after}:early") is None
        assert cache.get(f"{after}:late") is None

    def test_all_who_ask_at_once_get_one_stamp(self, cache: Cache, key: str) -> None:
        together = threading.Barrier(8)

        def ask(tag: str) -> str:
            together.wait()
            return cache.stamp(tag)

        with ThreadPoolExecutor(8) as pool:
            for turn in range(20):
                assert len(set(pool.map(ask, [f"{key}:{turn}"] * 8))) == 1
