"""Who follows which channel in this process, and what each was given so far."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from redis import Redis

from studyteddy.adapters.event_queue import EventQueue
from studyteddy.application.ports.events import Event

EventId = tuple[int, int]
"""The number of an event and the life of its stream."""
_BEFORE_ALL: EventId = (0, 0)


@dataclass(slots=True, eq=False)
class Follower:
    """A queue, the number after which it wants a replay, and the last event that it was given once it has joined."""

    queue: EventQueue
    after: int | None
    at: EventId | None = None
    joined: threading.Event = field(default_factory=threading.Event)


class Followers:
    """The followers by stream. ``add`` and ``remove`` are for any thread, the rest for the one that reads.

    What a follower is given continues what it was given before: a number that it had is dropped, a gap is read from
    the stream, and so is all of a stream that began anew.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._by_key: defaultdict[str, list[Follower]] = defaultdict(list)
        self._changed: set[str] = set()

    def add(self, key: str, follower: Follower) -> None:
        with self._lock:
            self._by_key[key].append(follower)
            self._changed.add(key)

    def remove(self, key: str, queue: EventQueue) -> None:
        with self._lock:
            left = [follower for follower in self._by_key.pop(key, []) if follower.queue is not queue]
            if left:
                self._by_key[key] = left
            self._changed.add(key)

    def of(self, key: str) -> list[Follower]:
        with self._lock:
            return list(self._by_key.get(key, ()))

    def everybody(self) -> list[Follower]:
        with self._lock:
            return [follower for followers in self._by_key.values() for follower in followers]

    def all_changed(self) -> None:
        """Look at every stream again."""
        with self._lock:
            self._changed |= self._by_key.keys()

    def changes(self) -> list[str]:
        """The streams whose followers changed since this was asked last."""
        with self._lock:
            changed, self._changed = self._changed, set()
            return sorted(changed)

    def catch_up(self, key: str) -> None:
        """Give everybody what the stream has and they have not; whoever is new has joined then."""
        for follower in self.of(key):
            self._catch_up(key, follower)
            follower.joined.set()

    def deliver(self, key: str, message: str) -> None:
        """Hand on what was announced: an id and an event."""
        stated, _, body = message.partition(" ")
        number, life = _id(stated)
        event = _event(number, body)
        for follower in self.of(key):
            if follower.at is None:
                continue  # its replay will have the event
            last, its_life = follower.at
            if life == its_life and number <= last:
                continue
            if number != (last + 1 if life == its_life else 1):
                self._catch_up(key, follower)
                continue
            follower.at = (number, life)
            if not follower.queue.offer(event):
                self.remove(key, follower.queue)

    def _catch_up(self, key: str, follower: Follower) -> None:
        newest = self._newest(key)
        if follower.at is None:
            follower.at = newest or _BEFORE_ALL
            after = follower.after
        elif newest is None or newest == follower.at:
            return
        else:
            after = follower.at[0] if follower.at[1] == newest[1] else 0
        if newest is None or after is None or after >= newest[0]:
            return
        entries = self._entries(self._client.xrange(key, min=f"{after + 1}-0"))
        follower.queue.replay(_event(number, body) for (number, _), body in entries)
        follower.at = max((event_id for event_id, _ in entries), default=newest)

    def _newest(self, key: str) -> EventId | None:
        return next((event_id for event_id, _ in self._entries(self._client.xrevrange(key, count=1))), None)

    @staticmethod
    def _entries(found: Any) -> list[tuple[EventId, str]]:
        return [(_id(stated), str(fields["event"])) for stated, fields in found]


def _id(stated: str) -> EventId:
    number, _, life = stated.partition("-")
    return int(number), int(life)


def _event(number: int, body: str) -> Event:
    kind, data = json.loads(body)
    return Event(seq=number, kind=kind, data=data)
