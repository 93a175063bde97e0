"""How Redis is reached: clients that wait for a bounded time, and what their faults mean to the core."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.domain.errors import Invalid, Unavailable

log = logging.getLogger(__name__)

TIMEOUT = 1.0
"""Seconds that one command may take; a Redis beside us answers in under a millisecond."""
CONNECTIONS = 50
IDLE_CHECK = 30
"""Seconds without use after which a connection is tried before it is trusted: firewalls drop idle ones silently."""
PAUSE = 5.0
"""Seconds for which a Redis that hangs is left alone."""
SHORT_PAUSE = 1.0
"""Seconds for which a Redis that refuses connections is left alone: being refused costs next to nothing."""


class GuardedRedis(Redis):
    """A client that stops asking a Redis which does not answer.

    A hung Redis costs a command its timeout; from then on commands fail at once, except for one after each pause that
    tries again. Commands of pipelines and of pub/sub go around the guard.
    """

    breaker: CircuitBreaker

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if not self.breaker.allows():
            raise RedisConnectionError("Redis did not answer a moment ago")
        try:
            answer = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except RedisTimeoutError:
            self.breaker.failed(pause=PAUSE)
            raise
        except RedisConnectionError:
            self.breaker.failed()
            raise
        except RedisError:  # it refused the command, so it answers
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return answer


def open_redis(url: str, *, timeout: float = TIMEOUT) -> GuardedRedis:
    """A client with a pool of bounded size; nothing is connected yet. ``timeout`` in seconds holds for each wait.

    redis-py's own defaults (five seconds, ten silent retries) let one call block for a minute. Here a connection that
    turns out to be broken is replaced once, as after a restart of Redis; what timed out is not tried again.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        health_check_interval=IDLE_CHECK,
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        decode_responses=True,
        protocol=2,  # version 3 lets a server stretch our timeouts while it is being moved
    )
    client = GuardedRedis(connection_pool=pool)
    client.breaker = CircuitBreaker(failures=1, pause=SHORT_PAUSE)
    return client


def address_of(client: Redis) -> str:
    """Where a client connects to, without its secrets."""
    where = client.connection_pool.connection_kwargs
    host = where.get("path") or f"{where.get('host')}:{where.get('port', 6379)}"
    return f"{host}, database {where.get('db') or 0}"


def described(client: Redis) -> str:
    """The version of a server and its eviction policy. Raises ``Unavailable`` when it does not answer."""
    with redis_faults():
        version = _told(client, "redis_version", "INFO", "server") or "of a version that it hides"
        return f"Redis {version}, {eviction_policy(client) or 'its eviction policy hidden'}"


@contextmanager
def redis_faults() -> Iterator[None]:
    """Turn faults of Redis into ``Unavailable`` (``cache_unavailable``)."""
    try:
        yield
    except RedisError as fault:
        raise Unavailable(
            "A part of Study Teddy that keeps short-lived things (Redis) does not answer. Try again in a moment.",
            code="cache_unavailable",
            retry_after=PAUSE,
        ) from fault


def refuse_eviction(client: Redis) -> None:
    """``Invalid`` (``redis_evicts``) where Redis may throw away any key when memory runs short: it would lose jobs.

    Measured: with ``allkeys-lru`` twenty of twenty waiting jobs were evicted, without an error anywhere. Raises
    ``Unavailable`` when Redis does not answer. A server that hides its policy passes, with a warning in the log.
    """
    with redis_faults():
        policy = eviction_policy(client)
    if policy is None:
        log.warning("Redis does not tell its eviction policy; see to it that it is noeviction")
    elif policy.startswith("allkeys-"):
        raise Invalid(
            f"The Redis of the queue (REDIS_URL) may evict jobs: its maxmemory-policy is {policy}. Set it to "
            "noeviction, and name another Redis for caches in REDIS_CACHE_URL.",
            code="redis_evicts",
        )


def eviction_policy(client: Redis) -> str | None:
    """The ``maxmemory-policy``; None where a managed server hides it. Raises redis-py's errors when Redis is away."""
    return _told(client, "maxmemory-policy", "CONFIG GET", "maxmemory-policy") or _told(
        client, "maxmemory_policy", "INFO", "memory"
    )


def _told(client: Redis, name: str, *command: str) -> str | None:
    try:
        told = client.execute_command(*command)  # type: ignore[no-untyped-call]
    except ResponseError:  # forbidden, or unknown to this server
        return None
    return str(told[name]) if told.get(name) else None
