"""Passwords kept by bcrypt."""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata

ROUNDS = 12
_CONTEXT = b"studyteddy password v1"


class BcryptPasswords:
    """The ``PasswordHasher`` port. bcrypt reads 72 bytes and stops at a NUL, so it gets a 44-byte digest."""

    def __init__(self, rounds: int = ROUNDS) -> None:
        self._rounds = rounds
        self._stand_in: bytes | None = None

    def hash(self, password: str) -> str:
        import bcrypt

        return bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._rounds)).decode("ascii")

    def verify(self, password: str, password_hash: str | None) -> bool:
        import bcrypt

        if password_hash is None:  # as slow as with an account, so that time does not tell whether there is one
            # A salt without its hash: no password belongs to it, and it costs nothing to make.
            self._stand_in = self._stand_in or bcrypt.gensalt(self._rounds) + b"." * 31
            bcrypt.checkpw(_digest(password), self._stand_in)
            return False
        return bcrypt.checkpw(_digest(password), password_hash.encode("ascii"))


def _digest(password: str) -> bytes:
    """Base64 of HMAC-SHA-256 over the NFKC form: the same text typed on another keyboard is the same password."""
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(_CONTEXT, typed, hashlib.sha256))
