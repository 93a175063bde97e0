"""A database of the tests, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import sqlalchemy as sa

from engines.pgbouncer import PgBouncer
from studyteddy.adapters.postgres.engine import open_engine


@dataclass(frozen=True)
class Database:
    """``url`` leads there, by way of a pooler in transaction mode or straight."""

    url: str
    pooler: bool = False

    @classmethod
    def on(cls, url: str, way: PgBouncer | None) -> Self:
        return cls(url) if way is None else cls(way.through(url), pooler=True)

    def open(self, *, pool_size: int = 10) -> sa.Engine:
        return open_engine(self.url, pool_size=pool_size, pooler=self.pooler)
