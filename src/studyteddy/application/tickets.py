"""Tickets: how a log-in opens a socket or has a file downloaded without a token in an address, and how a socket learns
that the log-in ended."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import NotAuthenticated, NotFound
from studyteddy.domain.ids import ApiTokenId, AuthSessionId, UserId

TICKET_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whom a socket serves, and by what: a log-in, or an API token."""

    user_id: UserId
    session_id: AuthSessionId | None = None
    api_token_id: ApiTokenId | None = None


class Purpose(StrEnum):
    """What a ticket is good for; nothing else takes it."""

    SOCKET = "socket"
    EXPORT = "export"


def _key(purpose: Purpose, ticket: str) -> str:
    return f"ticket:{purpose}:" + hashlib.sha256(ticket.encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTicket:
    """A ticket for one use within 30 seconds. Only its hash is kept."""

    cache: Cache
    new_secret: NewSecret
    purpose: Purpose = Purpose.SOCKET

    def __call__(self, *, access: Access) -> str:
        ticket = self.new_secret()
        kept = json.dumps([one and str(one) for one in (access.user_id, access.session_id, access.api_token_id)])
        self.cache.put(_key(self.purpose, ticket), kept, seconds=TICKET_SECONDS)
        return ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAccess:
    """For how many seconds at most an access is good from now on, unless something ends it before.

    Raises ``NotAuthenticated`` (``session_ended``) when the log-in or the API token has ended, or the account is
    disabled.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, access: Access) -> float:
        now = self.clock()
        with self.unit_of_work() as uow:
            try:
                user, live, until = _found(uow, access, now)
            except NotFound:
                raise _ended() from None
        if access.user_id != user.id or not live or user.disabled:
            raise _ended()
        return math.inf if until is None else (until - now).total_seconds()


def _found(uow: UnitOfWork, access: Access, now: datetime) -> tuple[User, bool, datetime | None]:
    """Whose access it is, whether it lives, and when it will have ended by itself."""
    if access.session_id is not None:
        session, user = uow.auth_sessions.with_user(access.session_id)
        return user, session.live(now), session.expires_at
    if access.api_token_id is not None:
        token, user = uow.api_tokens.with_user(access.api_token_id)
        return user, token.live(now), token.expires_at
    raise NotFound("There is no such access.")


def _ended() -> NotAuthenticated:
    return NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemTicket:
    """Swap a ticket for the access it stands for; ``NotAuthenticated`` (``ticket_invalid``) when it was used or is old.

    Of many who bring the same ticket exactly one gets in. Whether the log-in still lives is for ``CheckAccess``.
    """

    cache: Cache
    purpose: Purpose = Purpose.SOCKET

    def __call__(self, *, ticket: str) -> Access:
        kept = self.cache.take(_key(self.purpose, ticket))
        if kept is None:
            raise NotAuthenticated(
                "This ticket was used or has expired. Get a new one and use it at once.", code="ticket_invalid"
            )
        user_id, session_id, api_token_id = json.loads(kept)
        return Access(
            user_id=UserId(UUID(user_id)),
            session_id=AuthSessionId(UUID(session_id)) if session_id else None,
            api_token_id=ApiTokenId(UUID(api_token_id)) if api_token_id else None,
        )
