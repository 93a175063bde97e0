"""Passwords and access tokens by the standard library alone, for tests and for programs that embed Study Teddy."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

from studyteddy.application.ports.security import AccessClaims
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.ids import AuthSessionId, UserId

COST = 2**8
"""scrypt's N (RFC 7914, 2), low on purpose: under a millisecond. A service that strangers can reach wants 2**17."""
_BLOCK_SIZE = 8
_SALT_BYTES = 16


class ScryptPasswords:
    """The ``PasswordHasher`` port. ``cost`` is scrypt's N, a power of two; each hash remembers its own."""

    def __init__(self, cost: int = COST) -> None:
        self._cost = cost
        self._stand_in = self.hash("no account has this password")

    def hash(self, password: str) -> str:
        salt = secrets.token_bytes(_SALT_BYTES)
        return f"scrypt${self._cost}${salt.hex()}${_derived(password, salt, self._cost).hex()}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        _, cost, salt, kept = (password_hash or self._stand_in).split("$")
        same = hmac.compare_digest(_derived(password, bytes.fromhex(salt), int(cost)).hex(), kept)
        return same and password_hash is not None


def _derived(password: str, salt: bytes, cost: int) -> bytes:
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=cost, r=_BLOCK_SIZE, p=1, dklen=32)


class OpaqueTokens:
    """The ``AccessTokens`` port. A token is its claims and their HMAC under a key that only this object knows, so
    tokens end with the process.
    """

    def __init__(self, lifetime: timedelta = timedelta(minutes=15)) -> None:
        self._lifetime = lifetime
        self._key = secrets.token_bytes(32)

    @property
    def lifetime(self) -> timedelta:
        return self._lifetime

    def issue(self, *, user_id: UserId, session_id: AuthSessionId, now: datetime) -> str:
        expires_at = (now + self._lifetime).astimezone(UTC)
        claims = base64.urlsafe_b64encode(json.dumps([user_id.hex, session_id.hex, expires_at.isoformat()]).encode())
        return f"{claims.decode()}.{self._seal(claims)}"

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        packed, _, seal = token.partition(".")
        claims = packed.encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(self._seal(claims).encode(), seal.encode("utf-8", "surrogatepass")):
            raise NotAuthenticated("This access token is not valid. Log in again.", code="token_invalid")
        user, session, expires = json.loads(base64.urlsafe_b64decode(claims))
        expires_at = datetime.fromisoformat(expires)
        if now >= expires_at:
            message = "This access token has expired. Refresh it or log in again."
            raise NotAuthenticated(message, code="token_expired")
        return AccessClaims(
            user_id=UserId(UUID(hex=user)), session_id=AuthSessionId(UUID(hex=session)), expires_at=expires_at
        )

    def _seal(self, claims: bytes) -> str:
        return hmac.digest(self._key, claims, hashlib.sha256).hex()
