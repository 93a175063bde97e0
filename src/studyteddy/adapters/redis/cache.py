"""A cache on Redis."""

from __future__ import annotations

from uuid import uuid4

from redis import Redis

from studyteddy.adapters.redis.connections import redis_faults

STAMP_SECONDS = 86_400
_STAMP = """
local stamp = redis.call('GET', KEYS[1])
if not stamp then
    stamp = ARGV[1]
    redis.call('SET', KEYS[1], stamp, 'EX', ARGV[2])
end
return stamp
"""


class RedisCache:
    """The ``Cache`` port, shared by all processes. Every key has an expiry, so nothing has to be searched or swept.

    Stamps are random: one that was evicted or lost is replaced by another, never by one that has been.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._stamp = client.register_script(_STAMP)

    def put(self, key: str, value: str, *, seconds: float) -> None:
        with redis_faults():
            self._client.set(_named(key), value, px=max(1, round(seconds * 1000)))

    def get(self, key: str) -> str | None:
        with redis_faults():
            return _text(self._client.get(_named(key)))

    def take(self, key: str) -> str | None:
        with redis_faults():
            return _text(self._client.getdel(_named(key)))

    def stamp(self, tag: str) -> str:
        with redis_faults():
            return str(self._stamp(keys=[_tagged(tag)], args=[uuid4().hex, STAMP_SECONDS]))

    def forget(self, tag: str) -> None:
        with redis_faults():
            self._client.delete(_tagged(tag))


def _named(key: str) -> str:
    return f"studyteddy:cache:{key}"


def _tagged(tag: str) -> str:
    return f"studyteddy:tag:{tag}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
