"""Requests that were carried out and their answers, so that a retried one is not carried out twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from studyteddy.domain.ids import UserId

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to carry out a request that has a key; ``id`` tells it from other tries with the same key."""

    id: UUID
    owner: UserId
    key: str
    fingerprint: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """A request that was carried out: its fingerprint, and the status and body that answered it.

    Both are None until the answer is kept, which happens after the change: a process that ends in between leaves a
    request that is known to be done and whose answer nobody knows.
    """

    fingerprint: str
    status: int | None
    body: str | None


class Idempotency(Protocol):
    """Keys of an owner, each good for a day from when its attempt began; after that it is as if never used."""

    def find(self, owner: UserId, key: str, *, now: datetime) -> KeptAnswer | None:
        """What was carried out under a key, None if nothing was."""
        ...

    def claim(self, attempt: Attempt) -> None:
        """Write the key into this unit of work, so that its commit says that the request is carried out.

        The same attempt may claim again. Of several attempts with one key exactly one commits: the others get a
        ``Conflict`` (``in_progress``), if need be after waiting for the end of the first.
        """
        ...

    def keep(self, attempt: Attempt, *, status: int, body: str) -> None:
        """Note an attempt's answer, also when it changed nothing and never claimed its key. Nothing happens when the
        key belongs to another attempt, or its answer is noted already.
        """
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` keys whose attempts began before an instant, and tell how many."""
        ...
