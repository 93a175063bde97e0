from __future__ import annotations

import logging
from time import monotonic

import pytest

from engines.redis_server import RedisServer
from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.adapters.redis.connections import GuardedRedis
from studyteddy.application.ports.rate_limits import Limit
from studyteddy.domain.errors import RateLimited, Unavailable
from studyteddy.testing.rate_limits import RateLimitsContract

OPEN = Limit(name="open", amount=1, seconds=60)
CLOSED = Limit(name="closed", amount=1, seconds=60, fails_closed=True)


class TestLimitsOnRedis(RateLimitsContract):
    @pytest.fixture
    def limits(self, client: GuardedRedis) -> SlidingWindowLimits:
        return SlidingWindowLimits(client)


def test_processes_count_together(client: GuardedRedis) -> None:
    SlidingWindowLimits(client).hit(OPEN, "ada")
    with pytest.raises(RateLimited):
        SlidingWindowLimits(client).hit(OPEN, "ada")


def test_nothing_that_is_kept_names_a_person_and_everything_expires(client: GuardedRedis) -> None:
    SlidingWindowLimits(client).hit(OPEN, "ada@example.org")
    (key,) = client.keys()
    assert "ada@" not in key
    assert "example" not in key
    assert 0 < client.ttl(key) <= 120


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_without_redis_some_limits_let_everybody_pass_and_some_nobody(
    how: str, server: RedisServer, own: GuardedRedis, caplog: pytest.LogCaptureFixture
) -> None:
    limits = SlidingWindowLimits(own)
    limits.hit(OPEN, "ada")
    getattr(server, how)()
    began = monotonic()
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            limits.hit(OPEN, "ada")
            limits.check(OPEN, "ada")
            limits.give_back(OPEN, "ada")
            for ask in (limits.hit, limits.check):
                with pytest.raises(Unavailable) as refused:
                    ask(CLOSED, "ada")
    assert monotonic() - began < 10  # fifty waits would take twenty-five seconds
    assert refused.value.code == "limits_unavailable"
    assert refused.value.retry_after > 0
    assert caplog.text.count("limits.not_counted") == 1
    server.resume()
