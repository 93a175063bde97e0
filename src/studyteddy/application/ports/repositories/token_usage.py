"""What people's questions and cards have cost."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from studyteddy.domain.ids import UserId


class TokenUsage(Protocol):
    """Tokens of language models by person and study day."""

    def book(self, owner: UserId, day: date, *, prompt_tokens: int, completion_tokens: int) -> None:
        """Add to what the day has cost. Of many bookings at once none is lost."""
        ...

    def spent(self, owner: UserId, day: date) -> int:
        """The tokens of the day, prompts and completions together."""
        ...

    def hold(self, owner: UserId, day: date) -> int:
        """``spent``, and until this unit of work ends nobody else books or holds this day: who decides by what is spent
        decides one after the other."""
        ...
