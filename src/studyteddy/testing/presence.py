"""What every count of connections has to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from studyteddy.application.ports.presence import Presence
from studyteddy.domain.ids import UserId


class PresenceContract:
    """Subclass it and give the fixture ``presence``."""

    @pytest.fixture
    def presence(self) -> Presence:
        raise NotImplementedError

    @pytest.fixture
    def owner(self) -> UserId:
        return UserId(uuid4())

    def test_nobody_is_connected_at_first(self, presence: Presence, owner: UserId) -> None:
        assert presence.count(owner) == 0

    def test_connections_are_counted_until_they_leave(self, presence: Presence, owner: UserId) -> None:
        assert presence.enter(owner, "one", most=10)
        assert presence.enter(owner, "two", most=10)
        assert presence.count(owner) == 2
        presence.leave(owner, "one")
        assert presence.count(owner) == 1

    def test_no_more_get_in_than_there_is_room_for(self, presence: Presence, owner: UserId) -> None:
        assert presence.enter(owner, "one", most=2)
        assert presence.enter(owner, "two", most=2)
        assert not presence.enter(owner, "three", most=2)
        assert presence.count(owner) == 2
        presence.leave(owner, "two")
        assert presence.enter(owner, "three", most=2)

    def test_entering_twice_and_leaving_twice_count_once(self, presence: Presence, owner: UserId) -> None:
        assert presence.enter(owner, "one", most=1)
        assert presence.enter(owner, "one", most=1)
        assert presence.count(owner) == 1
        presence.leave(owner, "one")
        presence.leave(owner, "one")
        assert presence.count(owner) == 0

    def test_people_are_counted_apart(self, presence: Presence, owner: UserId) -> None:
        other = UserId(uuid4())
        assert presence.enter(owner, "one", most=1)
        assert presence.enter(other, "one", most=1)
        presence.leave(other, "one")
        assert presence.count(owner) == 1

    def test_of_many_who_enter_at_once_just_enough_get_in(self, presence: Presence, owner: UserId) -> None:
        together = threading.Barrier(16)

        def enter(number: int) -> bool:
            together.wait()
            return presence.enter(owner, str(number), most=5)

        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(enter, range(16))) == 5
        assert presence.count(owner) == 5
