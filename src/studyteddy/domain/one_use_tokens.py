"""Tokens in the links of letters: each opens one thing, once, for a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.ids import UserId

VERIFICATION_LIFETIME = timedelta(days=2)
RESET_LIFETIME = timedelta(minutes=30)


class TokenPurpose(StrEnum):
    """What a token opens; it opens nothing else."""

    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a purpose

    @property
    def lifetime(self) -> timedelta:
        return RESET_LIFETIME if self is TokenPurpose.PASSWORD_RESET else VERIFICATION_LIFETIME


def token_hash(secret: str) -> str:
    """SHA-256 in hex, all that is kept of a token: 256 random bits can't be guessed from it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneUseToken:
    """A token of a person, sent to ``email``; whoever shows it can read the mail of that address."""

    hash: str
    purpose: TokenPurpose
    user_id: UserId
    email: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    @classmethod
    def of(cls, secret: str, purpose: TokenPurpose, user_id: UserId, email: str, now: datetime) -> OneUseToken:
        """What is kept of a new secret."""
        return cls(
            hash=token_hash(secret),
            purpose=purpose,
            user_id=user_id,
            email=email,
            created_at=now,
            expires_at=now + purpose.lifetime,
        )

    def used(self, now: datetime) -> OneUseToken:
        """The token spent; ``NotAuthenticated`` (``link_used`` or ``link_expired``) when it opens nothing any more."""
        if self.used_at is not None:
            raise link_used()
        if now >= self.expires_at:
            raise NotAuthenticated("This link is too old. Ask for a new letter.", code="link_expired")
        return replace(self, used_at=now)


def link_used() -> NotAuthenticated:
    return NotAuthenticated("This link was used before. Ask for a new letter if you need one.", code="link_used")


def link_unknown() -> NotAuthenticated:
    message = "This link is not good. Copy it whole from the newest letter, or ask for a new one."
    return NotAuthenticated(message, code="link_invalid")
