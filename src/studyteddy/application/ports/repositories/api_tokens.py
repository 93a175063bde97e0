"""Where personal API tokens are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from studyteddy.domain.accounts import User
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.ids import ApiTokenId, UserId


class ApiTokens(Protocol):
    """API tokens of an owner, unique by the hash of their secret."""

    def add(self, token: ApiToken) -> None: ...

    def of(self, owner: UserId, *, held: bool = False) -> Sequence[ApiToken]:
        """All tokens of the owner, newest first, expired ones too. With ``held`` nobody else gets an answer with
        ``held`` for this owner before this unit of work ends: who adds one by their number adds one after the other.
        """
        ...

    def by_hash(self, token_hash: str) -> tuple[ApiToken, User]:
        """The token of a secret and whose it is, by one question: every script asks it each time. Else ``NotFound``."""
        ...

    def with_user(self, token_id: ApiTokenId) -> tuple[ApiToken, User]:
        """The token and whose it is, else ``NotFound``."""
        ...

    def note_use(self, token_id: ApiTokenId, at: datetime) -> None:
        """Move ``last_used_at`` forward, never back; a token that is gone is fine."""
        ...

    def delete(self, owner: UserId, token_id: ApiTokenId) -> ApiToken:
        """Forget the token and tell which it was, else ``NotFound``."""
        ...
