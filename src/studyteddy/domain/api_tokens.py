"""Personal API tokens: how scripts of a person come in without their password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import ApiTokenId, UserId
from studyteddy.domain.permissions import Scope
from studyteddy.domain.text_rules import require_text

PREFIX = "teddy_"
"""What every secret begins with, so that scanners for leaked secrets can know it."""

MAX_NAME = 100
MOST_EACH = 50
NOTED_EVERY = timedelta(minutes=1)
"""A use is noted at most once in this time: reading should not cost a write each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token, without its secret: only the SHA-256 of that is kept. Without ``expires_at`` it is good until it is
    deleted. What it may do also ends with what its owner may.
    """

    id: ApiTokenId
    owner: UserId
    name: str
    scopes: frozenset[Scope]
    token_hash: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    @classmethod
    def create(
        cls,
        *,
        id: ApiTokenId,
        owner: UserId,
        name: str,
        scopes: frozenset[Scope],
        token_hash: str,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> ApiToken:
        """A new token; ``Invalid`` without a name or a scope, or with an end that is past."""
        name = name.strip()
        require_text("name", name, limit=MAX_NAME)
        if not scopes:
            raise Invalid.field("scopes", "Choose at least one scope: read or write.")
        if expires_at is not None and expires_at <= now:
            raise Invalid.field("expires_at", "Choose an end in the future, or leave it out.")
        return cls(
            id=id, owner=owner, name=name, scopes=scopes, token_hash=token_hash, created_at=now, expires_at=expires_at
        )

    def live(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at

    def use_is_noted(self, now: datetime) -> bool:
        """Whether the last noted use is so fresh that this one needs no note."""
        return self.last_used_at is not None and now - self.last_used_at < NOTED_EVERY
