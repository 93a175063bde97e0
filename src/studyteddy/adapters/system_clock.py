"""The machine's clock, and identifiers that sort by it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from uuid import UUID


def system_clock() -> datetime:
    """The present instant in UTC, cut to microseconds as PostgreSQL keeps them."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7)."""
    from uuid6 import uuid7

    return UUID(int=uuid7().int)


def new_secret() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)
