"""Personal API tokens in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from studyteddy.adapters.postgres.accounts import user_of_row
from studyteddy.adapters.postgres.driver import read
from studyteddy.adapters.postgres.tables.accounts import users
from studyteddy.adapters.postgres.tables.api_tokens import api_tokens as table
from studyteddy.domain.accounts import User
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import ApiTokenId, UserId
from studyteddy.domain.permissions import Scope

_MINE = (
    sa.select(table).where(table.c.owner == sa.bindparam("of")).order_by(table.c.created_at.desc(), table.c.id.desc())
)
# Leaves alone whoever adds a row of this owner's, which needs no more than the person's key.
_HOLD = sa.select(users.c.id).where(users.c.id == sa.bindparam("row_owner")).with_for_update(key_share=True)
_WITH_USER = """
select users.*, of.id as token_id, of.name, of.scopes, of.token_hash, of.created_at as token_created_at,
    of.expires_at, of.last_used_at
from api_tokens as of join users on users.id = of.owner where of.
"""
_BY_HASH = _WITH_USER.strip() + "token_hash = %(token_hash)s"
_BY_ID = _WITH_USER.strip() + "id = %(row_id)s"
_NOTE = sa.update(table).where(
    table.c.id == sa.bindparam("row_id"),
    sa.or_(table.c.last_used_at.is_(None), table.c.last_used_at < sa.bindparam("used_at")),
)
_DELETE = (
    sa.delete(table)
    .where(table.c.id == sa.bindparam("row_id"), table.c.owner == sa.bindparam("row_owner"))
    .returning(table)
)


def _row(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "owner": token.owner,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "token_hash": token.token_hash,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def _token(row: Any, *, id: object, owner: object, created_at: datetime) -> ApiToken:
    return ApiToken(
        id=ApiTokenId(id),  # type: ignore[arg-type]
        owner=UserId(owner),  # type: ignore[arg-type]
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        token_hash=row.token_hash,
        created_at=created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


class PostgresApiTokens:
    """The ``ApiTokens`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, token: ApiToken) -> None:
        self._connection.execute(sa.insert(table), _row(token))

    def of(self, owner: UserId, *, held: bool = False) -> Sequence[ApiToken]:
        if held:
            self._connection.execute(_HOLD, {"row_owner": owner})
        rows = self._connection.execute(_MINE, {"of": owner})
        return [_token(row, id=row.id, owner=row.owner, created_at=row.created_at) for row in rows]

    def by_hash(self, token_hash: str) -> tuple[ApiToken, User]:
        return self._one(_BY_HASH, {"token_hash": token_hash})

    def with_user(self, token_id: ApiTokenId) -> tuple[ApiToken, User]:
        return self._one(_BY_ID, {"row_id": token_id})

    def _one(self, statement: str, parameters: dict[str, object]) -> tuple[ApiToken, User]:
        rows = read(self._connection, statement, parameters)
        if not rows:
            raise _missing()
        (row,) = rows
        return _token(row, id=row.token_id, owner=row.id, created_at=row.token_created_at), user_of_row(row)

    def note_use(self, token_id: ApiTokenId, at: datetime) -> None:
        self._connection.execute(_NOTE.values(last_used_at=at), {"row_id": token_id, "used_at": at})

    def delete(self, owner: UserId, token_id: ApiTokenId) -> ApiToken:
        row = self._connection.execute(_DELETE, {"row_id": token_id, "row_owner": owner}).one_or_none()
        if row is None:
            raise _missing()
        return _token(row, id=row.id, owner=row.owner, created_at=row.created_at)


def _missing() -> NotFound:
    return NotFound("There is no such API token.")
