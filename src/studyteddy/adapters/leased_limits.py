"""Rate limits taken by the handful, for what is counted at every request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from studyteddy.application.ports.rate_limits import Limit, RateLimits
from studyteddy.domain.errors import RateLimited

HANDFUL = 10
LEASE_SECONDS = 5.0
_PARTS = 100
"""A handful is a hundredth of the limit at most: a narrow limit is counted one by one."""

_Key = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class _Lease:
    left: int
    until: float


class LeasedLimits:
    """The ``RateLimits`` port over another one, which most hits don't reach.

    Never counts too few. It counts too many by what is left of a handful after a few seconds of rest, in each process.
    """

    def __init__(self, inner: RateLimits, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._leases: OrderedDict[_Key, _Lease] = OrderedDict()

    def hit(self, limit: Limit, *keys: str, times: int = 1) -> None:
        handful = min(HANDFUL, limit.amount // _PARTS)
        if times > 1 or handful <= 1:
            self._inner.hit(limit, *keys, times=times)
            return
        if self._spent((limit.name, keys)):
            return
        try:
            self._inner.hit(limit, *keys, times=handful)
        except RateLimited:
            self._inner.hit(limit, *keys)  # the last few, one by one
        else:
            self._keep((limit.name, keys), handful - 1)

    def check(self, limit: Limit, *keys: str) -> None:
        self._inner.check(limit, *keys)

    def give_back(self, limit: Limit, *keys: str) -> None:
        self._inner.give_back(limit, *keys)

    def _spent(self, key: _Key) -> bool:
        with self._lock:
            lease = self._leases.get(key)
            if lease is None or lease.left == 0 or lease.until <= self._monotonic():
                return False
            lease.left -= 1
            return True

    def _keep(self, key: _Key, left: int) -> None:
        now = self._monotonic()
        with self._lock:
            self._leases[key] = _Lease(left, now + LEASE_SECONDS)
            self._leases.move_to_end(key)
            while next(iter(self._leases.values())).until <= now:
                self._leases.popitem(last=False)
