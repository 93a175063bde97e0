"""How many tokens of a language model one person may spend in a study day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studyteddy.domain.accounts import User
from studyteddy.domain.days import day_bounds, local_time, time_zone
from studyteddy.domain.errors import RateLimited

LARGEST_ANSWER = 15_000
"""Tokens that an answer may cost: 8 passages, the turns of the thread and a long question in a script that takes many
tokens, the rules, and 4,096 of the answer. Each answer that is still on its way counts for so many."""


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """``per_day`` tokens, prompts and completions together; 0 is no limit."""

    per_day: int = 0

    def is_spent(self, spent: int, *, running: int = 0) -> bool:
        """Whether nothing more may be asked after ``spent`` tokens, while ``running`` answers are on their way.

        Whatever runs at the same time, the last answer of a day is the only one that goes over the budget.
        """
        return bool(self.per_day) and spent + running * LARGEST_ANSWER >= self.per_day

    def check(self, student: User, spent: int, *, running: int = 0, now: datetime) -> None:
        """Raises ``RateLimited`` (``token_budget_spent``) until the student's next study day."""
        if self.is_spent(spent, running=running):
            raise self._refusal(student, spent, now)

    def _refusal(self, student: User, spent: int, now: datetime) -> RateLimited:
        zone = time_zone(student.time_zone)
        _, until = day_bounds(student.study_day(now), zone, student.day_starts_at)
        if self.is_spent(spent):
            advice = f"Ask again from {local_time(until, zone):%H:%M} ({student.time_zone}) on"
            wait = (until - now).total_seconds()
        else:
            advice, wait = "Wait until the answers that are on their way are there, then ask again", 30.0
        return RateLimited(
            f"The language model's tokens for today are used up. {advice}; searching and reviewing go on as before.",
            code="token_budget_spent",
            retry_after=wait,
        )


NO_LIMIT = TokenBudget()
