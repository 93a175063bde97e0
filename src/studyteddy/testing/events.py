"""What every carrier of live events has to do."""

from __future__ import annotations

import threading
from time import monotonic
from uuid import uuid4

import pytest

from studyteddy.application.ports.events import Event, Events, Subscription
from studyteddy.domain.ids import UserId

SOON = 5.0
"""Seconds that an event may take to arrive."""
NEVER = 0.2
"""Seconds after which an event that hasn't come is taken for one that doesn't."""


def drained(subscription: Subscription) -> list[Event]:
    """All events until none comes for a while."""
    events: list[Event] = []
    while (event := subscription.next(NEVER)) is not None:
        events.append(event)
    return events


class EventsContract:
    """Subclass it and give the fixture ``events``."""

    @pytest.fixture
    def events(self) -> Events:
        raise NotImplementedError

    @pytest.fixture
    def owner(self) -> UserId:
        return UserId(uuid4())

    def test_a_follower_gets_what_is_published_in_order(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        for number in range(1, 4):
            assert events.publish(owner, "user", "tick", {"number": number, "list": ["ü", None]}) == number
        received = [subscription.next(SOON) for _ in range(3)]
        subscription.close()
        assert received == [
            Event(seq=number, kind="tick", data={"number": number, "list": ["ü", None]}) for number in range(1, 4)
        ]

    def test_a_follower_can_be_called_when_there_is_something_to_read(self, events: Events, owner: UserId) -> None:
        subscription, called = events.subscribe(owner, "user"), threading.Semaphore(0)
        subscription.when_changed(called.release)
        assert not called.acquire(timeout=NEVER)
        for number in (1, 2):
            events.publish(owner, "user", "tick", {})
            assert called.acquire(timeout=SOON)
            event = subscription.next(0)
            assert event is not None
            assert event.seq == number
        subscription.close()
        assert not called.acquire(timeout=NEVER)

    def test_who_asks_late_to_be_called_is_called_at_once(self, events: Events, owner: UserId) -> None:
        subscription, called = events.subscribe(owner, "user"), threading.Event()
        events.publish(owner, "user", "tick", {})
        subscription.when_changed(called.set)
        assert called.wait(SOON)
        assert [event.kind for event in drained(subscription)] == ["tick"]
        subscription.close()

    def test_events_from_before_are_not_seen_without_a_number(self, events: Events, owner: UserId) -> None:
        events.publish(owner, "user", "old", {})
        subscription = events.subscribe(owner, "user")
        events.publish(owner, "user", "new", {})
        assert [event.kind for event in drained(subscription)] == ["new"]
        subscription.close()

    def test_a_follower_who_comes_back_gets_what_was_missed(self, events: Events, owner: UserId) -> None:
        for number in range(1, 6):
            events.publish(owner, "message:1", "delta", {"number": number})
        subscription = events.subscribe(owner, "message:1", after_seq=2)
        events.publish(owner, "message:1", "delta", {"number": 6})
        assert [event.seq for event in drained(subscription)] == [3, 4, 5, 6]
        subscription.close()

    def test_a_number_from_an_earlier_life_does_not_hide_what_comes(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user", after_seq=1_000)
        events.publish(owner, "user", "tick", {})
        assert [event.seq for event in drained(subscription)] == [1]
        subscription.close()

    def test_channels_and_people_are_kept_apart(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user", after_seq=0)
        events.publish(UserId(uuid4()), "user", "foreign", {})
        events.publish(owner, "message:1", "other", {})
        assert events.publish(owner, "user", "mine", {}) == 1
        assert [event.kind for event in drained(subscription)] == ["mine"]
        subscription.close()

    def test_every_follower_gets_every_event(self, events: Events, owner: UserId) -> None:
        subscriptions = [events.subscribe(owner, "user") for _ in range(3)]
        events.publish(owner, "user", "tick", {})
        for subscription in subscriptions:
            event = subscription.next(SOON)
            assert event is not None
            assert event.seq == 1
            subscription.close()

    def test_waiting_ends_after_the_timeout(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        started = monotonic()
        assert subscription.next(0.1) is None
        assert 0.05 <= monotonic() - started < SOON
        assert not subscription.closed
        subscription.close()

    def test_a_waiting_follower_is_woken_by_an_event(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        timer = threading.Timer(0.1, events.publish, (owner, "user", "tick", {}))
        timer.start()
        started = monotonic()
        event = subscription.next(30)
        timer.join()
        assert event is not None
        assert monotonic() - started < SOON
        subscription.close()

    def test_a_closed_subscription_ends_its_iteration(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        received: list[Event] = []
        reader = threading.Thread(target=lambda: received.extend(subscription))
        reader.start()
        events.publish(owner, "user", "tick", {})
        until = monotonic() + SOON
        while not received and monotonic() < until:
            threading.Event().wait(0.01)
        subscription.close()
        reader.join(SOON)
        assert not reader.is_alive()
        assert [event.kind for event in received] == ["tick"]
        assert subscription.closed
        assert subscription.next(SOON) is None

    def test_closing_twice_and_publishing_to_nobody_are_fine(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        subscription.close()
        subscription.close()
        assert events.publish(owner, "user", "tick", {}) == 1

    def test_numbers_have_no_gaps_when_many_publish_at_once(self, events: Events, owner: UserId) -> None:
        subscription = events.subscribe(owner, "user")
        threads = [
            threading.Thread(target=lambda: [events.publish(owner, "user", "tick", {}) for _ in range(50)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [event.seq for event in drained(subscription)] == list(range(1, 201))
        subscription.close()
