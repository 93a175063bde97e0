"""Tokens of letters and identities at outside providers, in memory."""

from __future__ import annotations

from datetime import datetime

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.outside_identities import OutsideIdentity


class InMemoryOneUseTokens:
    """The ``OneUseTokens`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[tuple[UserId, TokenPurpose], OneUseToken] = store.table("one_use_tokens")
        self._journal = journal

    def put(self, token: OneUseToken) -> None:
        self._journal.put("one_use_tokens", (token.user_id, token.purpose), token)

    def find(self, purpose: TokenPurpose, token_hash: str) -> OneUseToken | None:
        rows = self._rows.values()
        return next((token for token in rows if token.hash == token_hash and token.purpose is purpose), None)

    def spend(self, token: OneUseToken) -> bool:
        kept = self.find(token.purpose, token.hash)
        if kept is None or kept.used_at is not None:
            return False
        self.put(token)
        return True

    def end_all(self, user_id: UserId, purpose: TokenPurpose) -> None:
        self._journal.remove("one_use_tokens", (user_id, purpose))

    def purge(self, *, before: datetime, limit: int) -> int:
        expired = [key for key, token in self._rows.items() if token.expires_at < before][:limit]
        for key in expired:
            self._journal.remove("one_use_tokens", key)
        return len(expired)


class InMemoryOutsideIdentities:
    """The ``OutsideIdentities`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[tuple[str, str], OutsideIdentity] = store.table("outside_identities")
        self._journal = journal

    def add(self, identity: OutsideIdentity) -> None:
        if self.find(identity.issuer, identity.subject) is not None:
            raise Conflict("This identity belongs to an account already.", code="identity_taken")
        if self.of(identity.user_id, identity.issuer) is not None:
            raise Conflict("This account has another identity of this provider.", code="already_linked")
        self._journal.put("outside_identities", (identity.issuer, identity.subject), identity)

    def find(self, issuer: str, subject: str) -> OutsideIdentity | None:
        return self._rows.get((issuer, subject))

    def of(self, user_id: UserId, issuer: str) -> OutsideIdentity | None:
        rows = self._rows.values()
        return next((one for one in rows if one.user_id == user_id and one.issuer == issuer), None)

    def remove(self, user_id: UserId, issuer: str) -> None:
        if (identity := self.of(user_id, issuer)) is not None:
            self._journal.remove("outside_identities", (identity.issuer, identity.subject))
