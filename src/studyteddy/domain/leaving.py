"""What is left of somebody who left: a digest that tells an account from others and nothing about it."""

from __future__ import annotations

import hashlib
from typing import Final

from studyteddy.domain.ids import UserId

TOMBSTONES: Final = "dead/"
"""Where tombstones lie beside the bytes of documents; what follows is the digest."""


def buried_digest(user_id: UserId | str) -> str:
    """SHA-256 of the id, in its usual form, in hexadecimal. An id has 74 random bits, so nobody finds it by trying."""
    return hashlib.sha256(str(user_id).encode()).hexdigest()


def tombstone_key(digest: str) -> str:
    return f"{TOMBSTONES}{digest}"
