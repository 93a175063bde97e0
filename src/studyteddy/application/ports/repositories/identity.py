"""Where tokens of letters and identities at outside providers are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from studyteddy.domain.ids import UserId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.outside_identities import OutsideIdentity


class OneUseTokens(Protocol):
    """Tokens by their hash. A person has one for each purpose at most: the newest."""

    def put(self, token: OneUseToken) -> None:
        """Keep it in place of the one that the person had for this purpose."""
        ...

    def find(self, purpose: TokenPurpose, token_hash: str) -> OneUseToken | None:
        """The token of this purpose, also when it was used or has expired."""
        ...

    def spend(self, token: OneUseToken) -> bool:
        """Note that it was used; of many who do so at once exactly one is told True."""
        ...

    def end_all(self, user_id: UserId, purpose: TokenPurpose) -> None:
        """Forget the person's token of this purpose."""
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` tokens that expired before an instant, and tell how many."""
        ...


class OutsideIdentities(Protocol):
    """Who is who at outside providers."""

    def add(self, identity: OutsideIdentity) -> None:
        """Keep it. Raises ``Conflict``: ``identity_taken`` when it belongs to an account already, ``already_linked``
        when the account has another one of this provider."""
        ...

    def find(self, issuer: str, subject: str) -> OutsideIdentity | None:
        """The identity, None when no account has it."""
        ...

    def of(self, user_id: UserId, issuer: str) -> OutsideIdentity | None:
        """The identity of an account at a provider."""
        ...

    def remove(self, user_id: UserId, issuer: str) -> None:
        """Forget it; one that isn't there is fine."""
        ...
