"""Spent tokens in memory."""

from __future__ import annotations

from datetime import date

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.ids import UserId

_TABLE = "token_usage"


class InMemoryTokenUsage:
    """The ``TokenUsage`` port over a store, of which one unit of work at a time holds everything."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[tuple[UserId, date], tuple[int, int]] = store.table(_TABLE)
        self._journal = journal

    def book(self, owner: UserId, day: date, *, prompt_tokens: int, completion_tokens: int) -> None:
        prompts, completions = self._rows.get((owner, day), (0, 0))
        self._journal.put(_TABLE, (owner, day), (prompts + prompt_tokens, completions + completion_tokens))

    def spent(self, owner: UserId, day: date) -> int:
        return sum(self._rows.get((owner, day), (0, 0)))

    def hold(self, owner: UserId, day: date) -> int:
        return self.spent(owner, day)
