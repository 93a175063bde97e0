"""How often something may be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """``amount`` times in any ``seconds``. ``code`` and ``message`` are for whoever goes beyond.

    ``fails_closed`` says what happens while nothing can be counted: True refuses, False lets everything pass.
    """

    name: str
    amount: int
    seconds: int
    code: str = "rate_limited"
    message: str = "Too many requests. Wait a moment, then go on more slowly."
    fails_closed: bool = False


class RateLimits(Protocol):
    """Counts hits over a sliding window, for all processes that share the counter.

    ``keys`` say who is counted, such as a person or an address; only their digest is kept. While the counter can't be
    reached, limits that fail closed raise ``Unavailable`` (``limits_unavailable``) and the others hold nobody up.
    """

    def hit(self, limit: Limit, *keys: str, times: int = 1) -> None:
        """Count so many times. Raises ``RateLimited`` with the limit's code, and counts nothing, when that is too many.

        Of many who hit at once no more than ``amount`` pass. Who waits for ``retry_after`` seconds passes again.
        """
        ...

    def check(self, limit: Limit, *keys: str) -> None:
        """Raise what ``hit`` would, and count nothing."""
        ...

    def give_back(self, limit: Limit, *keys: str) -> None:
        """Take back one hit of a moment ago. Never raises."""
        ...
