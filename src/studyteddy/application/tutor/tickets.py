"""Tickets: how a log-in opens a socket without a token in an address, and how a socket learns that the log-in ended."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotAuthenticated, NotFound
from studyteddy.domain.ids import AuthSessionId, UserId

TICKET_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whom a socket serves, and in which log-in."""

    user_id: UserId
    session_id: AuthSessionId


def _key(ticket: str) -> str:
    return "ticket:" + hashlib.sha256(ticket.encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTicket:
    """A ticket for one use within 30 seconds. Only its hash is kept."""

    cache: Cache
    new_secret: NewSecret

    def __call__(self, *, access: Access) -> str:
        ticket = self.new_secret()
        kept = json.dumps([str(access.user_id), str(access.session_id)])
        self.cache.put(_key(ticket), kept, seconds=TICKET_SECONDS)
        return ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAccess:
    """Raise ``NotAuthenticated`` (``session_ended``) when the log-in has ended or the account is disabled."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, access: Access) -> None:
        with self.unit_of_work() as uow:
            try:
                session, user = uow.auth_sessions.with_user(access.session_id)
            except NotFound:
                raise _ended() from None
        if access.user_id != user.id or not session.live(self.clock()) or user.disabled:
            raise _ended()


def _ended() -> NotAuthenticated:
    return NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemTicket:
    """Swap a ticket for the access it stands for; ``NotAuthenticated`` (``ticket_invalid``) when it was used or is old.

    Of many who bring the same ticket exactly one gets in. Whether the log-in still lives is for ``CheckAccess``.
    """

    cache: Cache

    def __call__(self, *, ticket: str) -> Access:
        kept = self.cache.take(_key(ticket))
        if kept is None:
            raise NotAuthenticated(
                "This ticket was used or has expired. Get a new one and connect at once.", code="ticket_invalid"
            )
        user_id, session_id = json.loads(kept)
        return Access(user_id=UserId(UUID(user_id)), session_id=AuthSessionId(UUID(session_id)))
