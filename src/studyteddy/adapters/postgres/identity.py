"""Tokens of letters and identities at outside providers, in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.tables.accounts import one_use_tokens, outside_identities
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.outside_identities import OutsideIdentity

_T = one_use_tokens.c
_NEW = insert(one_use_tokens)
_PUT = _NEW.on_conflict_do_update(
    index_elements=[_T.user_id, _T.purpose],
    set_={name: _NEW.excluded[name] for name in ("hash", "email", "created_at", "expires_at", "used_at")},
)
_FIND = sa.select(one_use_tokens).where(_T.hash == sa.bindparam("digest"), _T.purpose == sa.bindparam("for_what"))
_SPEND = (
    sa.update(one_use_tokens)
    .where(_T.hash == sa.bindparam("digest"), _T.purpose == sa.bindparam("for_what"), _T.used_at.is_(None))
    .values(used_at=sa.bindparam("at"))
)
_END = sa.delete(one_use_tokens).where(_T.user_id == sa.bindparam("of"), _T.purpose == sa.bindparam("for_what"))
_EXPIRED = sa.select(_T.hash).where(_T.expires_at < sa.bindparam("before")).limit(sa.bindparam("at_most"))
_PURGE = sa.delete(one_use_tokens).where(_T.hash.in_(_EXPIRED))

_I = outside_identities.c
_ADD_IDENTITY = insert(outside_identities).on_conflict_do_nothing().returning(_I.subject)
_IDENTITY = sa.select(outside_identities).where(_I.issuer == sa.bindparam("by"), _I.subject == sa.bindparam("who"))
_IDENTITY_OF = sa.select(outside_identities).where(_I.user_id == sa.bindparam("of"), _I.issuer == sa.bindparam("by"))
_REMOVE_IDENTITY = sa.delete(outside_identities).where(
    _I.user_id == sa.bindparam("of"), _I.issuer == sa.bindparam("by")
)


def _token(row: Any) -> OneUseToken:
    return OneUseToken(
        hash=row.hash,
        purpose=TokenPurpose(row.purpose),
        user_id=UserId(row.user_id),
        email=row.email,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


class PostgresOneUseTokens:
    """The ``OneUseTokens`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, token: OneUseToken) -> None:
        row = {
            "hash": token.hash,
            "purpose": token.purpose.value,
            "user_id": token.user_id,
            "email": token.email,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
            "used_at": token.used_at,
        }
        self._connection.execute(_PUT, row)

    def find(self, purpose: TokenPurpose, token_hash: str) -> OneUseToken | None:
        values = {"digest": token_hash, "for_what": purpose.value}
        row = self._connection.execute(_FIND, values).one_or_none()
        return None if row is None else _token(row)

    def spend(self, token: OneUseToken) -> bool:
        values = {"digest": token.hash, "for_what": token.purpose.value, "at": token.used_at}
        return self._connection.execute(_SPEND, values).rowcount == 1

    def end_all(self, user_id: UserId, purpose: TokenPurpose) -> None:
        self._connection.execute(_END, {"of": user_id, "for_what": purpose.value})

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE, {"before": before, "at_most": limit}).rowcount


def _identity(row: Any) -> OutsideIdentity:
    return OutsideIdentity(
        issuer=row.issuer,
        subject=row.subject,
        user_id=UserId(row.user_id),
        email=row.email,
        created_at=row.created_at,
    )


class PostgresOutsideIdentities:
    """The ``OutsideIdentities`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, identity: OutsideIdentity) -> None:
        row = {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "user_id": identity.user_id,
            "email": identity.email,
            "created_at": identity.created_at,
        }
        if self._connection.execute(_ADD_IDENTITY, row).one_or_none() is not None:
            return
        if self.find(identity.issuer, identity.subject) is not None:
            raise Conflict("This identity belongs to an account already.", code="identity_taken")
        raise Conflict("This account has another identity of this provider.", code="already_linked")

    def find(self, issuer: str, subject: str) -> OutsideIdentity | None:
        row = self._connection.execute(_IDENTITY, {"by": issuer, "who": subject}).one_or_none()
        return None if row is None else _identity(row)

    def of(self, user_id: UserId, issuer: str) -> OutsideIdentity | None:
        row = self._connection.execute(_IDENTITY_OF, {"of": user_id, "by": issuer}).one_or_none()
        return None if row is None else _identity(row)

    def remove(self, user_id: UserId, issuer: str) -> None:
        self._connection.execute(_REMOVE_IDENTITY, {"of": user_id, "by": issuer})
