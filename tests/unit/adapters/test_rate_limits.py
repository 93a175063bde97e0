from __future__ import annotations

import pytest

from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.testing.rate_limits import RateLimitsContract


class TestLimitsOfOneProcess(RateLimitsContract):
    @pytest.fixture
    def limits(self) -> SlidingWindowLimits:
        return SlidingWindowLimits()
