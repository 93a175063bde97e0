from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from uuid import uuid4

import pytest

from e2e.server import eventually
from engines.redis_server import RedisServer
from studyteddy.adapters.redis.connections import GuardedRedis
from studyteddy.adapters.redis.events import RedisEvents
from studyteddy.application.ports.events import Event, Subscription
from studyteddy.domain.ids import UserId
from studyteddy.testing.events import EventsContract, drained

OWNER = UserId(uuid4())
SOON = 20.0

PUBLISHER = """
import sys
from uuid import UUID
from studyteddy.adapters.redis.connections import open_redis
from studyteddy.adapters.redis.events import RedisEvents

events = RedisEvents(open_redis(sys.argv[1]))
for number in range(int(sys.argv[3])):
    events.publish(UUID(sys.argv[2]), "message:1", "delta", {"from": "there", "number": number})
"""

GREENLETS = """
from gevent import monkey

monkey.patch_all()
import sys
from uuid import UUID

import gevent
from studyteddy.adapters.redis.connections import open_redis
from studyteddy.adapters.redis.events import RedisEvents

events = RedisEvents(open_redis(sys.argv[1]))
owner = UUID(sys.argv[2])
subscriptions = [events.subscribe(owner, f"message:{number % 10}", after_seq=0) for number in range(200)]
ticks = []
gevent.spawn(lambda: [(ticks.append(1), gevent.sleep(0.01)) for _ in range(10_000)])


def read(subscription):
    return [subscription.next(20).seq for _ in range(5)]


readers = [gevent.spawn(read, subscription) for subscription in subscriptions]
for _ in range(5):
    for number in range(10):
        events.publish(owner, f"message:{number}", "delta", {})
gevent.joinall(readers, timeout=20)
assert all(reader.value == [1, 2, 3, 4, 5] for reader in readers), [reader.value for reader in readers]
assert subscriptions[0].next(0.5) is None
assert len(ticks) > 10, "the hub was blocked"
events.close()
print("heard")
"""


class TestRedisEvents(EventsContract):
    @pytest.fixture
    def events(self, client: GuardedRedis) -> Iterator[RedisEvents]:
        with closing(RedisEvents(client)) as events:
            yield events


@pytest.fixture
def here(own: GuardedRedis) -> Iterator[RedisEvents]:
    """The events of one process, on a Redis that can be killed."""
    with closing(RedisEvents(own)) as events:
        yield events


def received(subscription: Subscription, count: int) -> list[int]:
    """The numbers of so many events, each of which has to come soon."""
    events = [subscription.next(SOON) for _ in range(count)]
    return [event.seq for event in events if event is not None]


def test_two_processes_count_on_one_line(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as one, closing(RedisEvents(client)) as other:
        followers = [one.subscribe(OWNER, "user"), other.subscribe(OWNER, "user")]
        assert [one.publish(OWNER, "user", "tick", {}), other.publish(OWNER, "user", "tick", {})] == [1, 2]
        assert [received(follower, 2) for follower in followers] == [[1, 2], [1, 2]]


def test_events_of_a_second_process_arrive_in_order_without_gaps_or_doubles(
    client: GuardedRedis, redis_url: str
) -> None:
    with closing(RedisEvents(client)) as here:
        subscription = here.subscribe(OWNER, "message:1", after_seq=0)
        there = subprocess.Popen([sys.executable, "-c", PUBLISHER, redis_url, str(OWNER), "200"])
        for _ in range(200):
            here.publish(OWNER, "message:1", "delta", {"from": "here"})
        late = here.subscribe(OWNER, "message:1", after_seq=100)
        assert there.wait(60) == 0
        assert received(subscription, 400) == list(range(1, 401))
        assert received(late, 300) == list(range(101, 401))
        assert [subscription.next(0.2), late.next(0)] == [None, None]


def test_who_joins_while_much_is_published_misses_nothing_and_gets_nothing_twice(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as here, closing(RedisEvents(client)) as there:
        publisher = threading.Thread(target=lambda: [there.publish(OWNER, "user", "tick", {}) for _ in range(500)])
        publisher.start()
        subscriptions = [here.subscribe(OWNER, "user", after_seq=0) for _ in range(20)]
        publisher.join()
        assert [received(one, 500) for one in subscriptions] == [list(range(1, 501))] * 20
        assert all(one.next(0.05) is None for one in subscriptions)


def test_one_connection_serves_all_followers_of_a_process(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as here:
        subscriptions = [here.subscribe(OWNER, f"message:{number % 7}") for number in range(50)]
        assert len(client.client_list(_type="pubsub")) == 1
        assert len(client.pubsub_channels()) == 7
        for subscription in subscriptions:
            subscription.close()
        eventually(lambda: client.pubsub_channels() == [])


def test_a_channel_that_was_left_can_be_followed_again(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as here:
        for turn in range(1, 30):
            subscription = here.subscribe(OWNER, "user")
            assert here.publish(OWNER, "user", "tick", {}) == turn
            assert received(subscription, 1) == [turn]
            subscription.close()


def test_what_is_missed_while_the_connection_is_cut_is_replayed(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as here, closing(RedisEvents(client)) as there:
        subscription = here.subscribe(OWNER, "user")
        for number in range(1, 301):
            there.publish(OWNER, "user", "tick", {})
            if number % 50 == 0:
                client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert received(subscription, 300) == list(range(1, 301))
        assert subscription.next(0.2) is None


@pytest.mark.parametrize("keeps_its_data", [True, False])
def test_followers_go_on_after_redis_was_killed(keeps_its_data: bool, server: RedisServer, here: RedisEvents) -> None:
    server.options["appendfsync"] = "always"
    server.options["appendonly"] = "yes" if keeps_its_data else "no"
    server.restart()
    subscription = here.subscribe(OWNER, "user")
    eventually(lambda: here.publish(OWNER, "user", "tick", {}))
    received(subscription, 1)
    server.kill()
    assert here.publish(OWNER, "user", "lost", {}) == 0
    server.start()
    number = eventually(lambda: here.publish(OWNER, "user", "after", {}))
    assert number == (2 if keeps_its_data else 1)
    event = subscription.next(SOON)
    assert event == Event(seq=number, kind="after", data={})


def test_a_channel_that_was_forgotten_begins_anew_for_who_follows_it(client: GuardedRedis) -> None:
    with closing(RedisEvents(client)) as here:
        subscription = here.subscribe(OWNER, "user")
        for _ in range(3):
            here.publish(OWNER, "user", "old", {})
        client.flushall()
        for _ in range(5):
            here.publish(OWNER, "user", "new", {})
        assert [(event.kind, event.seq) for event in drained(subscription)] == [
            *(("old", number) for number in range(1, 4)),
            *(("new", number) for number in range(1, 6)),
        ]


def test_a_hung_redis_holds_up_neither_publishers_nor_followers(
    server: RedisServer, here: RedisEvents, caplog: pytest.LogCaptureFixture
) -> None:
    subscription = here.subscribe(OWNER, "user")
    here.publish(OWNER, "user", "tick", {})
    assert received(subscription, 1) == [1]
    server.pause()
    began = monotonic()
    with caplog.at_level(logging.WARNING):
        assert [here.publish(OWNER, "user", "lost", {}) for _ in range(100)] == [0] * 100
        others = [here.subscribe(OWNER, f"message:{number}") for number in range(3)]
    assert monotonic() - began < 10  # a hundred waits would take fifty seconds
    assert [record.message for record in caplog.records].count("events.not_published") == 1
    assert subscription.next(0.1) is None
    assert not subscription.closed
    eventually(lambda: "events.not_followed" in caplog.text)
    server.resume()
    eventually(lambda: here.publish(OWNER, "user", "after", {}))
    eventually(lambda: here.publish(OWNER, "message:2", "after", {}))
    kinds = [event.kind for event in drained(subscription)]
    assert kinds[-1] == "after"
    assert set(kinds) <= {"lost", "after"}  # what Redis had taken in when it hung is carried out later
    assert others[2].next(SOON) is not None


def test_publishing_and_following_without_a_redis_are_quiet(server: RedisServer, here: RedisEvents) -> None:
    server.kill()
    began = monotonic()
    subscriptions = [here.subscribe(OWNER, "user", after_seq=0) for _ in range(20)]
    assert here.publish(OWNER, "user", "lost", {}) == 0
    assert all(subscription.next(0) is None for subscription in subscriptions)
    assert monotonic() - began < 10
    server.start()
    eventually(lambda: here.publish(OWNER, "user", "first", {}))
    assert [received(subscription, 1) for subscription in subscriptions] == [[1]] * 20


def test_a_follower_who_reads_nothing_is_closed_and_holds_nobody_up(client: GuardedRedis) -> None:
    with closing(RedisEvents(client, backlog=3)) as events:
        dead, alive = events.subscribe(OWNER, "user"), events.subscribe(OWNER, "user")
        for number in range(1, 6):
            events.publish(OWNER, "user", "tick", {})
            assert received(alive, 1) == [number]
        eventually(lambda: dead.closed)
        assert dead.next(0) is None
        assert not alive.closed


def test_the_replay_is_bounded_and_silent_channels_are_forgotten(client: GuardedRedis) -> None:
    with closing(RedisEvents(client, kept_per_channel=100)) as events:
        for _ in range(1_000):
            events.publish(OWNER, "user", "tick", {})
        numbers = [event.seq for event in drained(events.subscribe(OWNER, "user", after_seq=0))]
        assert 100 <= len(numbers) <= 300
        assert numbers == list(range(1_001 - len(numbers), 1_001))
        (key,) = client.keys()
        assert 0 < client.ttl(key) <= 900


def test_it_works_on_greenlets(redis_url: str, client: GuardedRedis) -> None:
    run = subprocess.run(
        [sys.executable, "-c", GREENLETS, redis_url, str(uuid4())],
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert run.stdout.strip() == "heard", run.stderr[-3000:]
