from __future__ import annotations

from uuid import uuid4

import pytest

from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.domain.ids import UserId
from studyteddy.testing.events import EventsContract, drained

OWNER = UserId(uuid4())


class TestInMemoryEvents(EventsContract):
    @pytest.fixture
    def events(self) -> InMemoryEvents:
        return InMemoryEvents()


def test_a_follower_who_reads_nothing_is_closed_and_holds_nobody_up() -> None:
    events = InMemoryEvents(backlog=3)
    dead = events.subscribe(OWNER, "user")
    alive = events.subscribe(OWNER, "user")
    calls: list[bool] = []
    dead.when_changed(lambda: calls.append(dead.closed))
    for number in range(1, 6):
        assert events.publish(OWNER, "user", "tick", {}) == number
        assert alive.next(1) is not None
    assert dead.closed
    assert calls == [False, False, False, True]
    assert dead.next(1) is None
    assert not alive.closed


def test_the_replay_is_bounded() -> None:
    events = InMemoryEvents(kept_per_channel=3)
    for _ in range(10):
        events.publish(OWNER, "user", "tick", {})
    assert [event.seq for event in drained(events.subscribe(OWNER, "user", after_seq=0))] == [8, 9, 10]


def test_a_long_replay_does_not_count_as_falling_behind() -> None:
    events = InMemoryEvents(backlog=2)
    for _ in range(10):
        events.publish(OWNER, "user", "tick", {})
    subscription = events.subscribe(OWNER, "user", after_seq=0)
    events.publish(OWNER, "user", "tick", {})
    assert len(drained(subscription)) == 11


def test_channels_that_nobody_follows_are_forgotten_when_there_are_too_many() -> None:
    events = InMemoryEvents(kept_in_all=10)
    followed = events.subscribe(OWNER, "message:0", after_seq=0)
    for channel in range(20):
        for _ in range(2):
            events.publish(OWNER, f"message:{channel}", "delta", {})
    assert len(drained(followed)) == 2
    kept = [channel for channel in range(20) if drained(events.subscribe(OWNER, f"message:{channel}", after_seq=0))]
    assert kept == [0, 16, 17, 18, 19]
