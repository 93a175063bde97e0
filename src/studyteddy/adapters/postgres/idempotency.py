"""Kept answers in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.driver import read
from studyteddy.adapters.postgres.repository import Values
from studyteddy.adapters.postgres.tables.accounts import idempotency_keys
from studyteddy.application.ports.repositories.idempotency import KEPT_FOR, Attempt, KeptAnswer
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId

_FIND = """
select fingerprint, status, body
from idempotency_keys where owner = %(owner)s and key = %(key)s and created_at >= %(since)s
"""
_INSERT = insert(idempotency_keys)
_NEW = _INSERT.excluded
_HELD = idempotency_keys.c
_EXPIRED = _HELD.created_at < _NEW.created_at - sa.literal(KEPT_FOR, sa.Interval)
_OURS = sa.and_(_HELD.attempt == _NEW.attempt, _HELD.status.is_(None))
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=[_HELD.owner, _HELD.key],
    set_={name: _NEW[name] for name in ("fingerprint", "created_at", "attempt", "status", "body")},
    where=sa.or_(_OURS, _EXPIRED),
).returning(_HELD.key)
_OLD = sa.select(_HELD.owner, _HELD.key).where(_HELD.created_at < sa.bindparam("before")).limit(sa.bindparam("at_most"))
_PURGE = sa.delete(idempotency_keys).where(sa.tuple_(_HELD.owner, _HELD.key).in_(_OLD))


class PostgresIdempotency:
    """The ``Idempotency`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, owner: UserId, key: str, *, now: datetime) -> KeptAnswer | None:
        rows = read(self._connection, _FIND, {"owner": owner, "key": key, "since": now - KEPT_FOR})
        return KeptAnswer(fingerprint=rows[0].fingerprint, status=rows[0].status, body=rows[0].body) if rows else None

    def claim(self, attempt: Attempt) -> None:
        if not self._saved(attempt, status=None, body=None):
            raise Conflict("The same request is under way. Wait a moment, then send it again.", code="in_progress")

    def keep(self, attempt: Attempt, *, status: int, body: str) -> None:
        self._saved(attempt, status=status, body=body)

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE, {"before": before, "at_most": limit}).rowcount

    def _saved(self, attempt: Attempt, *, status: int | None, body: str | None) -> bool:
        """Whether the row is this attempt's; one that is being written by another is waited for."""
        values: Values = {
            "owner": attempt.owner,
            "key": attempt.key,
            "fingerprint": attempt.fingerprint,
            "created_at": attempt.began_at,
            "attempt": attempt.id,
            "status": status,
            "body": body,
        }
        return self._connection.execute(_SAVE, values).one_or_none() is not None
