from __future__ import annotations

import pytest

from studyteddy.adapters.leased_limits import HANDFUL, LEASE_SECONDS, LeasedLimits
from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.application.ports.rate_limits import Limit, RateLimits
from studyteddy.domain.errors import RateLimited
from studyteddy.testing.rate_limits import RateLimitsContract

WIDE = Limit(name="requests", amount=1_000, seconds=60)


class TestLeasedLimits(RateLimitsContract):
    @pytest.fixture
    def limits(self) -> RateLimits:
        return LeasedLimits(SlidingWindowLimits())


class Counted:
    """Notes how many hits are asked for, and refuses beyond ``amount``."""

    def __init__(self) -> None:
        self.hits: list[int] = []

    def hit(self, limit: Limit, *keys: str, times: int = 1) -> None:
        if sum(self.hits) + times > limit.amount:
            raise RateLimited(limit.message, code=limit.code, retry_after=1)
        self.hits.append(times)

    def check(self, limit: Limit, *keys: str) -> None:
        return

    def give_back(self, limit: Limit, *keys: str) -> None:
        return


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def inner() -> Counted:
    return Counted()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limits(inner: Counted, seconds: Seconds) -> LeasedLimits:
    return LeasedLimits(inner, monotonic=seconds)


def test_a_handful_is_asked_for_at_a_time(limits: LeasedLimits, inner: Counted) -> None:
    for _ in range(3 * HANDFUL):
        limits.hit(WIDE, "ada")
    assert inner.hits == [HANDFUL] * 3


def test_people_have_handfuls_of_their_own(limits: LeasedLimits, inner: Counted) -> None:
    for name in ("ada", "bob", "ada", "bob"):
        limits.hit(WIDE, name)
    assert inner.hits == [HANDFUL] * 2


def test_exactly_so_many_pass_as_are_allowed(limits: LeasedLimits, inner: Counted) -> None:
    odd = Limit(name="requests", amount=1_003, seconds=60)
    for _ in range(1_003):
        limits.hit(odd, "ada")
    with pytest.raises(RateLimited):
        limits.hit(odd, "ada")
    assert inner.hits == [*[HANDFUL] * 100, 1, 1, 1]


def test_what_is_left_of_a_handful_is_forgotten_after_a_while(
    limits: LeasedLimits, inner: Counted, seconds: Seconds
) -> None:
    limits.hit(WIDE, "ada")
    limits.hit(WIDE, "bob")
    seconds.now += LEASE_SECONDS
    limits.hit(WIDE, "ada")
    assert inner.hits == [HANDFUL] * 3
    assert len(limits._leases) == 1


def test_a_narrow_limit_is_counted_one_by_one(limits: LeasedLimits, inner: Counted) -> None:
    narrow = Limit(name="log-ins", amount=100, seconds=300)
    for _ in range(5):
        limits.hit(narrow, "ada")
    assert inner.hits == [1] * 5
