from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from e2e.server import eventually
from engines.redis_server import RedisServer
from studyteddy.adapters.redis.connections import GuardedRedis, open_redis
from studyteddy.adapters.redis.presence import RedisPresence
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId
from studyteddy.entrypoints.http.slots import Slots
from studyteddy.testing.presence import PresenceContract

OWNER = UserId(uuid4())

CONNECTED = """
import sys
from uuid import UUID
from studyteddy.adapters.redis.connections import open_redis
from studyteddy.adapters.redis.presence import RedisPresence

presence = RedisPresence(open_redis(sys.argv[1]), lease=1.0)
assert presence.enter(UUID(sys.argv[2]), "there", most=10)
print("entered", flush=True)
sys.stdin.read()
"""


class TestRedisPresence(PresenceContract):
    @pytest.fixture
    def presence(self, client: GuardedRedis) -> Iterator[RedisPresence]:
        with closing(RedisPresence(client)) as presence:
            yield presence


def test_connections_of_a_process_stay_while_it_lives_and_vanish_when_it_is_killed(
    client: GuardedRedis, redis_url: str
) -> None:
    with closing(RedisPresence(client, lease=1.0)) as here:
        there = subprocess.Popen(
            [sys.executable, "-c", CONNECTED, redis_url, str(OWNER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert there.stdout is not None
            assert there.stdout.readline() == b"entered\n"
            assert not here.enter(OWNER, "here", most=1)
            key = f"studyteddy:presence:{OWNER}"
            first = client.zscore(key, "there")
            eventually(lambda: client.zscore(key, "there") > first)  # it was renewed
            assert here.count(OWNER) == 1
        finally:
            there.kill()
            there.communicate()
        eventually(lambda: here.count(OWNER) == 0, seconds=20)
        assert client.keys() == []
        assert here.enter(OWNER, "here", most=1)


def test_a_connection_from_before_redis_came_back_is_counted_then(server: RedisServer, own: GuardedRedis) -> None:
    with closing(RedisPresence(own, lease=0.6)) as here, closing(RedisPresence(own)) as there:
        server.kill()
        with pytest.raises(Unavailable):
            here.enter(OWNER, "one", most=10)
        server.start()
        own.breaker.succeeded()
        eventually(lambda: there.count(OWNER) == 1)
        here.leave(OWNER, "one")
        assert there.count(OWNER) == 0


def test_the_cap_of_a_person_counts_over_all_processes(client: GuardedRedis) -> None:
    with closing(RedisPresence(client)) as one, closing(RedisPresence(client)) as other:
        here, there = Slots(most_each=2, presence=one), Slots(most_each=2, presence=other)
        here.take(OWNER)
        there.take(OWNER)
        for slots in (here, there):
            with pytest.raises(Unavailable) as refused:
                slots.take(OWNER)
            assert refused.value.code == "too_many_connections"
        there.free(OWNER)
        here.take(OWNER)
        here.free(OWNER)
        here.free(OWNER)
        assert one.count(OWNER) == 0


def test_without_redis_the_cap_counts_this_process_alone(server: RedisServer) -> None:
    with closing(open_redis(server.url, timeout=0.5)) as client, closing(RedisPresence(client)) as presence:
        slots = Slots(most_each=2, presence=presence)
        slots.take(OWNER)
        server.pause()
        slots.take(OWNER)
        with pytest.raises(Unavailable) as refused:
            slots.take(OWNER)
        assert refused.value.code == "too_many_connections"
        slots.free(OWNER)
        slots.take(OWNER)
        server.resume()
