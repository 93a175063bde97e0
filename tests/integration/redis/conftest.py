from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.redis_server import RedisServer
from studyteddy.adapters.redis.connections import GuardedRedis, open_redis


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[GuardedRedis]:
    """A client of an empty Redis that all tests of this process share; don't stop it."""
    client = open_redis(redis_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis of this test's own, to be killed, hung and restarted."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def own(server: RedisServer) -> Iterator[GuardedRedis]:
    """A client of the test's own Redis. It waits for half a second at most."""
    client = open_redis(server.url, timeout=0.5)
    yield client
    client.close()
