"""Access tokens as signed JWTs (RFC 7519, HS256)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from studyteddy.application.ports.security import AccessClaims
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.ids import AuthSessionId, UserId

ALGORITHM = "HS256"
AUDIENCE = ISSUER = "studyteddy"
KIND = "access"
REMEMBERED = 4_096
"""Tokens whose signature was found right and need not be computed again; about 2 MB."""
MIN_SECRET_BYTES = 32  # RFC 7518, 3.2: a key as long as the hash


class JwtTokens:
    """The ``AccessTokens`` port. Algorithm, audience, issuer and kind are fixed: a token can't choose its own check."""

    def __init__(self, secret: str, lifetime: timedelta = timedelta(minutes=15)) -> None:
        if len(secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"The signing secret needs at least {MIN_SECRET_BYTES} bytes.")
        self._secret = secret
        self._lifetime = lifetime
        self._kept = lru_cache(REMEMBERED)(self._verified)

    @property
    def lifetime(self) -> timedelta:
        return self._lifetime

    def issue(self, *, user_id: UserId, session_id: AuthSessionId, now: datetime) -> str:
        import jwt

        claims = {
            "sub": str(user_id),
            "sid": str(session_id),
            "typ": KIND,
            "aud": AUDIENCE,
            "iss": ISSUER,
            "iat": int(now.timestamp()),
            "exp": int((now + self._lifetime).timestamp()),
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        claims = self._kept(token)
        if now >= claims.expires_at:
            message = "This access token has expired. Refresh it or log in again."
            raise NotAuthenticated(message, code="token_expired")
        return claims

    def _verified(self, token: str) -> AccessClaims:
        """What a token of ours says, whenever it may expire; a browser sends the same one for minutes."""
        import jwt

        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={
                    "require": ["exp", "iat", "sub", "aud", "iss"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
            if claims.get("typ") != KIND:
                raise ValueError("not an access token")
            expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
            user_id, session_id = UserId(UUID(claims["sub"])), AuthSessionId(UUID(claims["sid"]))
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
            raise NotAuthenticated("This access token is not valid. Log in again.", code="token_invalid") from None
        return AccessClaims(user_id=user_id, session_id=session_id, expires_at=expires_at)
