"""Who is connected to which process, on Redis."""

from __future__ import annotations

import logging
import threading

from redis import Redis

from studyteddy.adapters.redis.connections import redis_faults
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import UserId

log = logging.getLogger(__name__)

LEASE = 60.0
"""Seconds after which a connection vanishes that its process did not renew. It renews them three times as often."""

# A sorted set of connections for each person, by when they end, in the milliseconds of Redis' own clock.
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
"""
_ENTER = f"""
{_NOW}
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not known and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
_COUNT = f"{_NOW} return redis.call('ZCARD', KEYS[1])"
_ANY_NUMBER = 1_000_000


class RedisPresence:
    """The ``Presence`` port over several processes.

    A thread renews what was entered here, from the first ``enter`` until ``close``; it also enters what could not be
    entered while Redis was away.
    """

    def __init__(self, client: Redis, *, lease: float = LEASE) -> None:
        self._client = client
        self._lease = lease
        self._enter = client.register_script(_ENTER)
        self._count = client.register_script(_COUNT)
        self._lock = threading.Lock()
        self._mine: set[tuple[UserId, str]] = set()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    def enter(self, owner: UserId, connection: str, *, most: int) -> bool:
        with self._lock:
            self._mine.add((owner, connection))
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep_renewing, name="redis-presence", daemon=True)
                self._thread.start()
        entered = self._renew(owner, connection, most)
        if not entered:
            self._forget(owner, connection)
        return entered

    def leave(self, owner: UserId, connection: str) -> None:
        self._forget(owner, connection)
        with redis_faults():
            self._client.zrem(_key(owner), connection)

    def count(self, owner: UserId) -> int:
        with redis_faults():
            return int(self._count(keys=[_key(owner)]))

    def close(self) -> None:
        """Renew nothing any more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(self._lease)

    def _renew(self, owner: UserId, connection: str, most: int) -> bool:
        with redis_faults():
            return bool(self._enter(keys=[_key(owner)], args=[connection, round(self._lease * 1000), most]))

    def _forget(self, owner: UserId, connection: str) -> None:
        with self._lock:
            self._mine.discard((owner, connection))

    def _keep_renewing(self) -> None:
        while not self._ended.wait(self._lease / 3):
            try:
                self._renew_all()
            except Unavailable as fault:
                log.warning("presence.not_renewed", exc_info=fault)

    def _renew_all(self) -> None:
        with self._lock:
            mine = set(self._mine)
        for owner, connection in mine:
            self._renew(owner, connection, _ANY_NUMBER)
        with self._lock:
            left = mine - self._mine
        for owner, connection in left:  # it left while it was being renewed
            self.leave(owner, connection)


def _key(owner: UserId) -> str:
    return f"studyteddy:presence:{owner}"
