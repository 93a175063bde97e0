from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
import redis

from e2e.server import eventually
from engines.redis_server import RedisServer
from studyteddy.adapters.redis.connections import GuardedRedis, address_of, open_redis, refuse_eviction
from studyteddy.domain.errors import Invalid, Unavailable


@contextmanager
def opened(url: str) -> Iterator[GuardedRedis]:
    client = open_redis(url)
    try:
        yield client
    finally:
        client.close()


def test_nothing_is_connected_before_the_first_command() -> None:
    with opened("redis://127.0.0.1:1/0") as client, pytest.raises(redis.ConnectionError):
        client.ping()


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-lfu", "allkeys-random"])
def test_a_redis_that_may_evict_jobs_is_refused(policy: str, client: GuardedRedis) -> None:
    client.config_set("maxmemory-policy", policy)
    try:
        with pytest.raises(Invalid, match=policy) as refused:
            refuse_eviction(client)
    finally:
        client.config_set("maxmemory-policy", "noeviction")
    assert refused.value.code == "redis_evicts"
    assert "REDIS_CACHE_URL" in refused.value.message


@pytest.mark.parametrize("policy", ["noeviction", "volatile-lru", "volatile-ttl"])
def test_a_redis_that_keeps_what_has_no_expiry_is_taken(policy: str, client: GuardedRedis) -> None:
    client.config_set("maxmemory-policy", policy)
    try:
        refuse_eviction(client)
    finally:
        client.config_set("maxmemory-policy", "noeviction")


@pytest.mark.parametrize(("forbidden", "refused"), [(("-config",), True), (("-config", "-info"), False)])
def test_a_managed_redis_is_asked_another_way_and_else_trusted_with_a_warning(
    forbidden: tuple[str, ...],
    refused: bool,
    client: GuardedRedis,
    redis_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client.config_set("maxmemory-policy", "allkeys-lru")
    client.execute_command("ACL", "SETUSER", "guest", "reset", "on", ">word", "~*", "+@all", *forbidden)
    try:
        with opened(redis_url.replace("//", "//guest:word@")) as guest, caplog.at_level(logging.WARNING):
            if refused:
                with pytest.raises(Invalid):
                    refuse_eviction(guest)
            else:
                refuse_eviction(guest)
                assert "eviction policy" in caplog.text
    finally:
        client.config_set("maxmemory-policy", "noeviction")
        client.execute_command("ACL", "DELUSER", "guest")


def test_a_redis_that_is_away_is_not_taken_for_a_good_one() -> None:
    with opened("redis://127.0.0.1:1/0") as client, pytest.raises(Unavailable):
        refuse_eviction(client)


def test_a_full_pool_is_waited_for_no_longer_than_for_redis(server: RedisServer) -> None:
    with opened(server.url) as client:
        pool = client.connection_pool
        held = [pool.get_connection() for _ in range(pool.max_connections)]
        began = monotonic()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        assert monotonic() - began < 5 * pool.timeout
        for connection in held:
            pool.release(connection)


def test_a_hung_redis_is_asked_again_after_a_pause_by_one_caller(server: RedisServer, own: GuardedRedis) -> None:
    own.ping()
    server.pause()
    with pytest.raises(redis.TimeoutError):
        own.ping()
    with pytest.raises(redis.ConnectionError, match="a moment ago"):
        own.ping()
    server.resume()

    def answers() -> bool:
        try:
            return bool(own.ping())
        except redis.ConnectionError:
            return False

    eventually(answers, seconds=20)


def test_many_threads_share_what_a_hung_redis_costs(server: RedisServer, own: GuardedRedis) -> None:
    own.ping()
    server.pause()
    began = monotonic()

    def ask() -> None:
        for _ in range(50):
            with pytest.raises(redis.RedisError):
                own.ping()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert monotonic() - began < 20  # 400 times half a second, if each had to wait
    server.resume()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("redis://127.0.0.1/0", "127.0.0.1:6379, database 0"),
        ("rediss://person:word@host:6380/1", "host:6380, database 1"),
        ("unix:///run/redis.sock?db=2", "/run/redis.sock, database 2"),
    ],
)
def test_an_address_is_told_without_its_secrets(url: str, told: str) -> None:
    with opened(url) as client:
        assert address_of(client) == told
