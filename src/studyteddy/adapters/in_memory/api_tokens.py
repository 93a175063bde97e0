"""Personal API tokens in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.accounts import User
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import ApiTokenId, UserId

_TABLE = "api_tokens"


class InMemoryApiTokens:
    """The ``ApiTokens`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[UUID, ApiToken] = store.table(_TABLE)
        self._users: dict[UUID, User] = store.table("users")
        self._journal = journal

    def add(self, token: ApiToken) -> None:
        self._journal.put(_TABLE, token.id, token)

    def of(self, owner: UserId, *, held: bool = False) -> Sequence[ApiToken]:  # noqa: ARG002 - alone anyway
        mine = [token for token in self._rows.values() if token.owner == owner]
        return sorted(mine, key=lambda token: (token.created_at, token.id), reverse=True)

    def by_hash(self, token_hash: str) -> tuple[ApiToken, User]:
        found = next((token.id for token in self._rows.values() if token.token_hash == token_hash), None)
        if found is None:
            raise _missing()
        return self.with_user(found)

    def with_user(self, token_id: ApiTokenId) -> tuple[ApiToken, User]:
        token = self._rows.get(token_id)
        if token is None or token.owner not in self._users:
            raise _missing()
        return token, self._users[token.owner]

    def note_use(self, token_id: ApiTokenId, at: datetime) -> None:
        token = self._rows.get(token_id)
        if token is not None and (token.last_used_at is None or token.last_used_at < at):
            self._journal.put(_TABLE, token_id, replace(token, last_used_at=at))

    def delete(self, owner: UserId, token_id: ApiTokenId) -> ApiToken:
        token = self._rows.get(token_id)
        if token is None or token.owner != owner:
            raise _missing()
        self._journal.remove(_TABLE, token_id)
        return token


def _missing() -> NotFound:
    return NotFound("There is no such API token.")
