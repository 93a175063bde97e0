"""Live events within one process."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from studyteddy.adapters.event_queue import BACKLOG, EventQueue
from studyteddy.application.ports.events import Channel, Event
from studyteddy.domain.ids import UserId

KEPT_PER_CHANNEL = 1_000
KEPT_IN_ALL = 50_000

_Name = tuple[UserId, Channel]


@dataclass(slots=True)
class _Stream:
    last_seq: int = 0
    kept: deque[Event] = field(default_factory=deque)
    followers: list[EventQueue] = field(default_factory=list)


class InMemoryEvents:
    """The ``Events`` port. Safe to use from many threads.

    The last events of each channel are kept for replay; when all channels together hold too many, those that nobody
    follows are forgotten, the longest silent first.
    """

    def __init__(
        self, *, kept_per_channel: int = KEPT_PER_CHANNEL, kept_in_all: int = KEPT_IN_ALL, backlog: int = BACKLOG
    ) -> None:
        self._kept_per_channel = kept_per_channel
        self._kept_in_all = kept_in_all
        self._backlog = backlog
        self._lock = threading.Lock()
        self._streams: OrderedDict[_Name, _Stream] = OrderedDict()
        self._kept = 0

    def publish(self, owner: UserId, channel: Channel, kind: str, data: Mapping[str, object]) -> int:
        name = (owner, channel)
        with self._lock:
            stream = self._streams.setdefault(name, _Stream())
            self._streams.move_to_end(name)
            stream.last_seq += 1
            event = Event(seq=stream.last_seq, kind=kind, data=dict(data))
            stream.kept.append(event)
            self._kept += 1
            if len(stream.kept) > self._kept_per_channel:
                stream.kept.popleft()
                self._kept -= 1
            # Under the lock, so that every follower sees the events in order.
            stream.followers = [follower for follower in stream.followers if follower.offer(event)]
            self._forget_the_silent(name)
            return event.seq

    def _forget_the_silent(self, spoken: _Name) -> None:
        if self._kept <= self._kept_in_all:
            return
        for name, stream in list(self._streams.items()):
            if self._kept <= self._kept_in_all:
                return
            if not stream.followers and name != spoken:
                self._kept -= len(stream.kept)
                del self._streams[name]

    def subscribe(self, owner: UserId, channel: Channel, *, after_seq: int | None = None) -> EventQueue:
        name = (owner, channel)
        with self._lock:
            stream = self._streams.setdefault(name, _Stream())
            replay = [] if after_seq is None else [event for event in stream.kept if event.seq > after_seq]
            subscription = EventQueue(partial(self.leave, name), backlog=self._backlog)
            subscription.replay(replay)
            stream.followers.append(subscription)
            return subscription

    def forget(self, owner: UserId) -> None:
        with self._lock:
            for name in [name for name in self._streams if name[0] == owner]:
                stream = self._streams[name]
                self._kept -= len(stream.kept)
                stream.kept.clear()
                if not stream.followers:
                    del self._streams[name]

    def leave(self, name: _Name, subscription: EventQueue) -> None:
        """Hand nothing more to a follower; a channel without followers and events is forgotten."""
        with self._lock:
            stream = self._streams.get(name)
            if stream is None:
                return
            stream.followers = [follower for follower in stream.followers if follower is not subscription]
            if not stream.followers and not stream.last_seq:
                del self._streams[name]
