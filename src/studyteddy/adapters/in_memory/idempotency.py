"""Kept answers in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.repositories.idempotency import KeptAnswer, counts_as_free
from studyteddy.domain.ids import UserId


class InMemoryIdempotency:
    """The ``Idempotency`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[tuple[UserId, str], KeptAnswer] = store.table("idempotency_keys")
        self._journal = journal

    def reserve(self, owner: UserId, key: str, fingerprint: str, *, now: datetime) -> KeptAnswer | None:
        kept = self._rows.get((owner, key))
        if kept is not None and not counts_as_free(kept, now):
            return kept
        fresh = KeptAnswer(fingerprint=fingerprint, status=None, body=None, created_at=now)
        self._journal.put("idempotency_keys", (owner, key), fresh)
        return None

    def keep(self, owner: UserId, key: str, *, status: int, body: str) -> None:
        kept = self._rows.get((owner, key))
        if kept is not None:
            self._journal.put("idempotency_keys", (owner, key), replace(kept, status=status, body=body))

    def release(self, owner: UserId, key: str) -> None:
        self._journal.remove("idempotency_keys", (owner, key))
