"""What every counter of rate limits has to do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from studyteddy.application.ports.rate_limits import Limit, RateLimits
from studyteddy.domain.errors import RateLimited


class RateLimitsContract:
    """Subclass it and give the fixture ``limits``."""

    @pytest.fixture
    def limits(self) -> RateLimits:
        raise NotImplementedError

    @pytest.fixture
    def three(self) -> Limit:
        return Limit(name=f"three-{uuid4()}", amount=3, seconds=3_600, code="too_many", message="Wait.")

    def test_so_many_pass_and_the_next_is_told_how_long_to_wait(self, limits: RateLimits, three: Limit) -> None:
        for _ in range(3):
            limits.hit(three, "ada")
        with pytest.raises(RateLimited) as refused:
            limits.hit(three, "ada")
        assert refused.value.code == "too_many"
        assert refused.value.message == "Wait."
        assert 0 < refused.value.retry_after <= 2 * 3_600

    def test_several_at_once_count_all_or_none(self, limits: RateLimits, three: Limit) -> None:
        limits.hit(three, "ada", times=2)
        with pytest.raises(RateLimited):
            limits.hit(three, "ada", times=2)
        limits.hit(three, "ada")
        with pytest.raises(RateLimited):
            limits.hit(three, "ada")

    def test_who_is_counted_is_all_keys_together(self, limits: RateLimits, three: Limit) -> None:
        for _ in range(3):
            limits.hit(three, "ada", "home")
        limits.hit(three, "ada", "school")
        limits.hit(three, "ada")
        limits.hit(three, "adahome")
        with pytest.raises(RateLimited):
            limits.hit(three, "ada", "home")

    def test_limits_of_other_names_count_apart(self, limits: RateLimits, three: Limit) -> None:
        other = Limit(name=f"{three.name}-other", amount=3, seconds=3_600)
        for _ in range(3):
            limits.hit(three, "ada")
            limits.hit(other, "ada")
        with pytest.raises(RateLimited) as refused:
            limits.hit(other, "ada")
        assert refused.value.code == "rate_limited"

    def test_checking_counts_nothing(self, limits: RateLimits, three: Limit) -> None:
        for _ in range(10):
            limits.check(three, "ada")
        for _ in range(3):
            limits.hit(three, "ada")
        with pytest.raises(RateLimited) as refused:
            limits.check(three, "ada")
        assert refused.value.retry_after > 0

    def test_a_hit_can_be_given_back(self, limits: RateLimits, three: Limit) -> None:
        for _ in range(10):
            limits.hit(three, "ada")
            limits.give_back(three, "ada")
        for _ in range(3):
            limits.hit(three, "ada")
        limits.give_back(three, "ada")
        limits.hit(three, "ada")
        with pytest.raises(RateLimited):
            limits.hit(three, "ada")

    def test_what_is_refused_does_not_count(self, limits: RateLimits) -> None:
        limit = Limit(name=f"two-{uuid4()}", amount=2, seconds=3_600)
        limits.hit(limit, "ada")
        limits.hit(limit, "ada")
        waits = []
        for _ in range(20):
            with pytest.raises(RateLimited) as refused:
                limits.hit(limit, "ada")
            waits.append(refused.value.retry_after)
        assert waits[-1] <= waits[0]

    def test_whoever_waits_as_long_as_told_passes(self, limits: RateLimits) -> None:
        limit = Limit(name=f"short-{uuid4()}", amount=4, seconds=1)
        for _ in range(4):
            with pytest.raises(RateLimited) as refused:
                self._hit_until_refused(limits, limit)
            assert refused.value.retry_after <= 2
            threading.Event().wait(refused.value.retry_after)
            limits.check(limit, "ada")

    @staticmethod
    def _hit_until_refused(limits: RateLimits, limit: Limit) -> None:
        for _ in range(1_000):
            limits.hit(limit, "ada")

    def test_of_many_who_hit_at_once_no_more_pass_than_the_limit_allows(self, limits: RateLimits) -> None:
        limit = Limit(name=f"ten-{uuid4()}", amount=10, seconds=3_600)
        together = threading.Barrier(20)

        def passes(_: int) -> bool:
            together.wait()
            try:
                limits.hit(limit, "ada")
            except RateLimited:
                return False
            return True

        with ThreadPoolExecutor(20) as pool:
            assert sum(pool.map(passes, range(20))) == 10

    def test_keys_of_any_length_and_script_are_taken(self, limits: RateLimits, three: Limit) -> None:
        for key in ("", "ü" * 5_000, "a b\r\n\0/*", "\ud800"):
            limits.hit(three, key)
