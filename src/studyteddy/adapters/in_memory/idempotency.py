"""Kept answers in memory."""

from __future__ import annotations

from datetime import datetime

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.repositories.idempotency import KEPT_FOR, Attempt, KeptAnswer
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId


class InMemoryIdempotency:
    """The ``Idempotency`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[tuple[UserId, str], tuple[Attempt, KeptAnswer]] = store.table("idempotency_keys")
        self._journal = journal

    def find(self, owner: UserId, key: str, *, now: datetime) -> KeptAnswer | None:
        row = self._living(owner, key, now)
        return row[1] if row is not None else None

    def claim(self, attempt: Attempt) -> None:
        row = self._living(attempt.owner, attempt.key, attempt.began_at)
        if row is None:
            self._put(attempt, KeptAnswer(fingerprint=attempt.fingerprint, status=None, body=None))
        elif row[0] != attempt:
            raise Conflict("The same request is under way. Wait a moment, then send it again.", code="in_progress")

    def keep(self, attempt: Attempt, *, status: int, body: str) -> None:
        row = self._living(attempt.owner, attempt.key, attempt.began_at)
        if row is None or (row[0] == attempt and row[1].status is None):
            self._put(attempt, KeptAnswer(fingerprint=attempt.fingerprint, status=status, body=body))

    def purge(self, *, before: datetime, limit: int) -> int:
        old = [key for key, (attempt, _) in self._rows.items() if attempt.began_at < before][:limit]
        for key in old:
            self._journal.remove("idempotency_keys", key)
        return len(old)

    def _living(self, owner: UserId, key: str, now: datetime) -> tuple[Attempt, KeptAnswer] | None:
        row = self._rows.get((owner, key))
        return row if row is not None and now - row[0].began_at <= KEPT_FOR else None

    def _put(self, attempt: Attempt, kept: KeptAnswer) -> None:
        self._journal.put("idempotency_keys", (attempt.owner, attempt.key), (attempt, kept))
