from __future__ import annotations

from time import monotonic

import pytest

from engines.redis_server import RedisServer
from studyteddy.adapters.redis.cache import RedisCache
from studyteddy.adapters.redis.connections import GuardedRedis
from studyteddy.domain.errors import Unavailable
from studyteddy.testing.cache import CacheContract


class TestRedisCache(CacheContract):
    @pytest.fixture
    def cache(self, client: GuardedRedis) -> RedisCache:
        return RedisCache(client)


def test_every_key_expires(client: GuardedRedis) -> None:
    cache = RedisCache(client)
    cache.put("key", "value", seconds=60)
    cache.stamp("tag")
    keys = client.keys()
    assert len(keys) == 2
    assert all(client.ttl(key) > 0 for key in keys)


def test_stamps_that_were_evicted_are_replaced_by_others(client: GuardedRedis) -> None:
    cache = RedisCache(client)
    stamp = cache.stamp("tag")
    client.flushall()
    assert cache.stamp("tag") != stamp


def test_a_cache_that_is_away_says_so_and_works_again_after_a_restart(server: RedisServer, own: GuardedRedis) -> None:
    cache = RedisCache(own)
    cache.put("key", "value", seconds=60)
    server.kill()
    with pytest.raises(Unavailable) as refused:
        cache.get("key")
    assert refused.value.code == "cache_unavailable"
    server.start()
    own.breaker.succeeded()
    cache.put("key", "again", seconds=60)
    assert cache.get("key") == "again"


def test_a_restart_between_two_calls_is_not_noticed(server: RedisServer, own: GuardedRedis) -> None:
    cache = RedisCache(own)
    cache.put("key", "value", seconds=60)
    server.restart()
    assert cache.get("unknown") is None


def test_a_hung_redis_costs_one_caller_its_timeout_and_the_next_ones_nothing(
    server: RedisServer, own: GuardedRedis
) -> None:
    cache = RedisCache(own)
    cache.put("key", "value", seconds=60)
    server.pause()
    began = monotonic()
    for use in (
        lambda: cache.get("key"),
        lambda: cache.put("key", "value", seconds=60),
        lambda: cache.take("key"),
        lambda: cache.stamp("tag"),
        lambda: cache.forget("tag"),
    ):
        with pytest.raises(Unavailable):
            use()
    assert monotonic() - began < 4 * 0.5  # five times without the breaker
    server.resume()
    own.breaker.succeeded()
    assert cache.get("key") == "value"


def test_a_redis_that_hangs_when_it_is_first_asked_costs_a_timeout_too(server: RedisServer, own: GuardedRedis) -> None:
    server.pause()
    began = monotonic()
    with pytest.raises(Unavailable):
        RedisCache(own).get("key")
    assert monotonic() - began < 5
    server.resume()
