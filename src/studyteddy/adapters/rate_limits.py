"""Rate limits by the sliding window counter of the ``limits`` package: in this process alone, or on Redis."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from studyteddy.application.ports.rate_limits import Limit
from studyteddy.domain.errors import RateLimited, Unavailable

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

RETRY_AFTER = 5.0
_MARGIN = 0.05
"""Seconds for what the counter rounds."""


class SlidingWindowLimits:
    """The ``RateLimits`` port. With a client of Redis all processes count together, else this one by itself.

    The counter is close, not exact: the part of the window before that still counts is taken to be spread evenly.
    """

    def __init__(self, client: Redis | None = None) -> None:
        storage, self._faults, self._turn = _in_process() if client is None else _on_redis(client)
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._window = storage.get_sliding_window
        self._away = False

    def hit(self, limit: Limit, *keys: str, times: int = 1) -> None:
        self._require(limit, keys, lambda item, name: self._limiter.hit(item, name, cost=times))

    def check(self, limit: Limit, *keys: str) -> None:
        self._require(limit, keys, self._limiter.test)

    def give_back(self, limit: Limit, *keys: str) -> None:
        try:
            with self._turn:
                self._limiter.hit(_item(limit), _digest(keys), cost=-1)
        except self._faults as fault:
            self._note(fault)

    def _require(self, limit: Limit, keys: tuple[str, ...], free: Callable[[RateLimitItem, str], bool]) -> None:
        item, name = _item(limit), _digest(keys)
        try:
            with self._turn:
                wait = None if free(item, name) else self._wait(item, name)
        except self._faults as fault:
            self._note(fault)
            if limit.fails_closed:
                raise Unavailable(
                    "Nobody can be let in at the moment. Try again in a few seconds.",
                    code="limits_unavailable",
                    retry_after=RETRY_AFTER,
                ) from fault
            return
        self._away = False
        if wait is not None:
            raise RateLimited(limit.message, code=limit.code, retry_after=wait)

    def _wait(self, item: RateLimitItem, name: str) -> float:
        """Seconds until the weight of the last two windows leaves room for one hit."""
        seconds = item.get_expiry()
        before, before_left, now, now_left = self._window(item.key_for(name), seconds)
        if now < item.amount:
            allowed = (item.amount - now) * seconds / before if before else seconds
            return max(0.0, before_left - allowed) + _MARGIN
        until_next = now_left - seconds
        return until_next + seconds * (1 - item.amount / now) + _MARGIN

    def _note(self, fault: Exception) -> None:
        if not self._away:
            log.warning("limits.not_counted", exc_info=fault)
        self._away = True


_Counter = tuple[MemoryStorage | RedisStorage, tuple[type[Exception], ...], AbstractContextManager[object]]


def _in_process() -> _Counter:
    return MemoryStorage(), (), threading.Lock()  # its check and its count are two steps


def _on_redis(client: Redis) -> _Counter:
    from redis import RedisError

    storage = RedisStorage("redis://", connection_pool=client.connection_pool, key_prefix="studyteddy:limits")
    storage.storage = client  # with its circuit breaker, instead of one made of the pool
    storage.initialize_storage("")
    return storage, (RedisError,), nullcontext()


def _item(limit: Limit) -> RateLimitItem:
    return RateLimitItemPerSecond(limit.amount, limit.seconds, namespace=limit.name)


def _digest(keys: tuple[str, ...]) -> str:
    """Who is counted, without telling who: keys are addresses of people."""
    return hashlib.sha256("\0".join(keys).encode(errors="replace")).hexdigest()[:32]
