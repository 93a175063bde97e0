"""Retried requests: take a key, keep the answer that was given under it."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.repositories.idempotency import KeptAnswer
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeKey:
    """Claim a key for a request, or get the answer that was given to the same request before."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, key: str, fingerprint: str) -> KeptAnswer | None:
        """None: carry the request out. Raises ``Conflict`` (``in_progress``) while the first one is under way and
        ``Invalid`` (``idempotency_key_reused``) when the key was used for another request."""
        with self.unit_of_work() as uow:
            kept = uow.idempotency.reserve(owner, key, fingerprint, now=self.clock())
            uow.commit()
        if kept is None:
            return None
        if kept.fingerprint != fingerprint:
            message = "This key was used for another request. Use a fresh key for each new request."
            raise Invalid.field("Idempotency-Key", message, code="idempotency_key_reused")
        if kept.status is None:
            raise Conflict("The first request with this key is still under way. Wait a moment.", code="in_progress")
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnswer:
    """Keep an answer under its key, or give the key back when there is none worth keeping."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, key: str, status: int, body: str | None) -> None:
        with self.unit_of_work() as uow:
            if body is None:
                uow.idempotency.release(owner, key)
            else:
                uow.idempotency.keep(owner, key, status=status, body=body)
            uow.commit()
