"""Make, list and delete the tokens of a person's scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.api_tokens import MOST_EACH, PREFIX, ApiToken
from studyteddy.domain.errors import Conflict, NotAuthenticated
from studyteddy.domain.ids import ApiTokenId, AuthSessionId, UserId
from studyteddy.domain.permissions import Scope
from studyteddy.domain.security_events import SecurityEventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A new token and its secret, which nobody can be shown again."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeApiToken:
    """A token for a script. ``Conflict`` (``too_many_api_tokens``) when the owner has fifty already, however
    many are asked for at once; ``NotAuthenticated`` when the log-in that asks has just ended, so that no token outlives
    a reset of the password."""

    unit_of_work: UnitOfWorkFactory
    new_secret: NewSecret
    new_id: NewId
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        session_id: AuthSessionId,
        name: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None = None,
    ) -> MadeToken:
        secret = PREFIX + self.new_secret()
        token = ApiToken.create(
            id=ApiTokenId(self.new_id()),
            owner=owner,
            name=name,
            scopes=scopes,
            token_hash=hashlib.sha256(secret.encode()).hexdigest(),
            now=self.clock(),
            expires_at=expires_at,
        )
        with self.unit_of_work() as uow:
            if len(uow.api_tokens.of(owner, held=True)) >= MOST_EACH:
                raise Conflict(f"You have {MOST_EACH} API tokens. Delete one first.", code="too_many_api_tokens")
            if not uow.auth_sessions.get(session_id).live(token.created_at):
                raise NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")
            uow.api_tokens.add(token)
            uow.security_events.add(
                SecurityEventKind.API_TOKEN_MADE, owner=owner, at=token.created_at, detail=token.name
            )
            uow.commit()
        return MadeToken(token=token, secret=secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApiTokens:
    """The tokens of a person, newest first."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId) -> Sequence[ApiToken]:
        with self.unit_of_work() as uow:
            return uow.api_tokens.of(owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteApiToken:
    """End a token at once and for good; ``NotFound`` when it isn't the owner's."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, token_id: ApiTokenId) -> None:
        with self.unit_of_work() as uow:
            token = uow.api_tokens.delete(owner, token_id)
            uow.security_events.add(
                SecurityEventKind.API_TOKEN_DELETED, owner=owner, at=self.clock(), detail=token.name
            )
            uow.commit()
