"""Passwords and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from studyteddy.domain.ids import AuthSessionId, UserId

NewSecret = Callable[[], str]
"""An unguessable URL-safe text of at least 256 bits."""


class PasswordHasher(Protocol):
    """Keeps passwords so that nobody can read them back. Every byte of a password counts, however long it is."""

    def hash(self, password: str) -> str:
        """A salted hash: two calls differ."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password belongs to the hash; without a hash it takes as long and says no."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """Whom an access token speaks for, in which log-in, and until when."""

    user_id: UserId
    session_id: AuthSessionId
    expires_at: datetime


class AccessTokens(Protocol):
    """Short-lived bearer tokens."""

    @property
    def lifetime(self) -> timedelta: ...

    def issue(self, *, user_id: UserId, session_id: AuthSessionId, now: datetime) -> str:
        """A token good for ``lifetime`` from now."""
        ...

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims. Raises ``NotAuthenticated``: code ``token_expired`` after its time, else ``token_invalid``."""
        ...
