"""Spent tokens in PostgreSQL: a row for each person and day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.tables.token_usage import token_usage
from studyteddy.domain.ids import UserId

_C = token_usage.c
_NEW = insert(token_usage)
_ADD = _NEW.on_conflict_do_update(
    index_elements=[_C.owner, _C.day],
    set_={
        "prompt_tokens": _C.prompt_tokens + _NEW.excluded.prompt_tokens,
        "completion_tokens": _C.completion_tokens + _NEW.excluded.completion_tokens,
    },
).returning(_C.prompt_tokens + _C.completion_tokens)
_SPENT = sa.select(_C.prompt_tokens + _C.completion_tokens).where(
    _C.owner == sa.bindparam("of"), _C.day == sa.bindparam("on")
)


class PostgresTokenUsage:
    """The ``TokenUsage`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def book(self, owner: UserId, day: date, *, prompt_tokens: int, completion_tokens: int) -> None:
        self._add(owner, day, prompt_tokens, completion_tokens)

    def spent(self, owner: UserId, day: date) -> int:
        return self._connection.execute(_SPENT, {"of": owner, "on": day}).scalar_one_or_none() or 0

    def hold(self, owner: UserId, day: date) -> int:
        return self._add(owner, day, 0, 0)  # which locks the row, and makes one where there is none to lock

    def _add(self, owner: UserId, day: date, prompt_tokens: int, completion_tokens: int) -> int:
        row = {"owner": owner, "day": day, "prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
        return int(self._connection.execute(_ADD, row).scalar_one())
