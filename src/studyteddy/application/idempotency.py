"""Retried requests: what was carried out under a key is answered again, never carried out again.

The key is written by the very transaction that carries the request out. A process that is killed at any moment
leaves either nothing, and the retry is carried out, or the change together with its key.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.repositories.idempotency import Attempt, Idempotency, KeptAnswer
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import UserId


class AttemptAtHand(threading.local):
    """The attempt that the present thread carries out, if its request has a key.

    Units of work call it before each commit: use cases know nothing of keys, and a request without one pays nothing.
    """

    _attempt: Attempt | None = None

    def take(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def drop(self) -> Attempt | None:
        """Let go of the attempt, and tell which it was."""
        attempt, self._attempt = self._attempt, None
        return attempt

    def __call__(self, idempotency: Idempotency) -> None:
        """Claim the key in the transaction that is about to be committed."""
        if self._attempt is not None:
            idempotency.claim(self._attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAttempt:
    """Begin to carry a request out under its key, or get the answer that was given to the same request before."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    at_hand: AttemptAtHand

    def __call__(self, *, owner: UserId, key: str, fingerprint: str) -> KeptAnswer | None:
        """None: carry the request out. Raises ``Invalid`` (``idempotency_key_reused``) when the key was used for
        another request, and ``Conflict`` (``already_done``) when the request was carried out and its answer is not
        known."""
        now = self.clock()
        with self.unit_of_work() as uow:
            kept = uow.idempotency.find(owner, key, now=now)
        if kept is None:
            attempt = Attempt(id=self.new_id(), owner=owner, key=key, fingerprint=fingerprint, began_at=now)
            self.at_hand.take(attempt)
            return None
        if kept.fingerprint != fingerprint:
            message = "This key was used for another request. Use a fresh key for each new request."
            raise Invalid.field("Idempotency-Key", message, code="idempotency_key_reused")
        if kept.status is None:
            raise Conflict(
                "This request was carried out, but its answer is not at hand. Load what it was to change or add.",
                code="already_done",
            )
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAttempt:
    """Keep the answer of the attempt at hand; None is an answer that a retry should not get again."""

    unit_of_work: UnitOfWorkFactory
    at_hand: AttemptAtHand

    def __call__(self, *, status: int, body: str | None) -> None:
        attempt = self.at_hand.drop()
        if attempt is None or body is None:
            return
        with self.unit_of_work() as uow:
            uow.idempotency.keep(attempt, status=status, body=body)
            uow.commit()
