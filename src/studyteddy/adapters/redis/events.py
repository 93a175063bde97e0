"""Live events between processes, on Redis Streams."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from functools import partial

from redis import Redis, RedisError

from studyteddy.adapters.event_queue import BACKLOG, EventQueue
from studyteddy.adapters.redis.event_followers import Follower
from studyteddy.adapters.redis.event_reader import EventReader
from studyteddy.application.ports.events import Channel
from studyteddy.domain.ids import UserId

log = logging.getLogger(__name__)

KEPT_PER_CHANNEL = 1_000
KEPT_SECONDS = 900
"""Seconds of silence after which a channel is forgotten. Who comes back later reads the rows."""

# A stream's ids are <number>-<life>. The number counts from 1; the life is drawn when the stream is made, so that
# followers can tell a channel that was forgotten and began anew from one that goes on. One script, so that numbers
# have no gaps and what is announced is what is kept, in the same order.
_PUBLISH = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local number, life = 1, ARGV[1]
if last then
    local before
    before, life = string.match(last[1], '^(%d+)-(%d+)$')
    number = before + 1
end
local id = string.format('%d-%s', number, life)
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], id, 'event', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', KEYS[1], id .. ' ' .. ARGV[2])
return number
"""


class RedisEvents:
    """The ``Events`` port for several processes. Safe to use from many threads, or greenlets once gevent has patched.

    Fails open, since the truth is in the rows: without Redis nothing is published (the number is then 0) and followers
    hear nothing, until Redis is back and they are given what they missed. An outage is logged once.
    """

    def __init__(self, client: Redis, *, kept_per_channel: int = KEPT_PER_CHANNEL, backlog: int = BACKLOG) -> None:
        self._client = client
        self._kept = kept_per_channel
        self._backlog = backlog
        self._publish = client.register_script(_PUBLISH)
        self._reader = EventReader(client)
        self._away = False

    def publish(self, owner: UserId, channel: Channel, kind: str, data: Mapping[str, object]) -> int:
        event = json.dumps([kind, data], separators=(",", ":"))
        try:
            number = self._publish(keys=[_key(owner, channel)], args=[_new_life(), event, self._kept, KEPT_SECONDS])
        except RedisError as fault:
            if not self._away:
                log.warning("events.not_published", exc_info=fault)
            self._away = True
            return 0
        self._away = False
        return int(number)

    def subscribe(self, owner: UserId, channel: Channel, *, after_seq: int | None = None) -> EventQueue:
        key = _key(owner, channel)
        queue = EventQueue(partial(self._reader.leave, key), backlog=self._backlog)
        self._reader.join(key, Follower(queue, after=after_seq))
        return queue

    def forget(self, owner: UserId) -> None:
        try:
            for key in self._client.scan_iter(match=_key(owner, "*"), count=1_000):
                self._client.delete(key)
        except RedisError as fault:  # they are forgotten after a quarter of an hour of silence anyway
            log.warning("events.not_forgotten", exc_info=fault)

    def close(self) -> None:
        """End the connection that listens, and with it all subscriptions."""
        self._reader.close()


def _key(owner: UserId, channel: Channel) -> str:
    return f"studyteddy:events:{owner}:{channel}"


def _new_life() -> int:
    return secrets.randbits(48)
