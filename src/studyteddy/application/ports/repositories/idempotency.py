"""Answers that were given, so that a retried request is not carried out twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from studyteddy.domain.ids import UserId

KEPT_FOR = timedelta(days=1)
RESERVED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """A request's fingerprint and, once it was answered, the status and body (None while it is still under way)."""

    fingerprint: str
    status: int | None
    body: str | None
    created_at: datetime


def counts_as_free(kept: KeptAnswer, now: datetime) -> bool:
    """Whether a key may be taken again: its answer is old, or whoever reserved it never came back."""
    return now - kept.created_at > (RESERVED_FOR if kept.status is None else KEPT_FOR)


class Idempotency(Protocol):
    """Keys of an owner, kept for a day."""

    def reserve(self, owner: UserId, key: str, fingerprint: str, *, now: datetime) -> KeptAnswer | None:
        """Take the key and return None, or return what is kept under it. Of many takers at once exactly one gets None.

        A reservation older than a minute that was never answered counts as free, as does any older than a day.
        """
        ...

    def keep(self, owner: UserId, key: str, *, status: int, body: str) -> None:
        """Note the answer under a reserved key; nothing happens when it isn't reserved."""
        ...

    def release(self, owner: UserId, key: str) -> None:
        """Give a reserved key back, since nothing was done; nothing happens when it isn't reserved."""
        ...
