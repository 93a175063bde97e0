"""Databases of the tests, and the way to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def fresh_database(server_url: str, *, template: str | None = None) -> Iterator[str]:
    """A database that is thrown away afterwards, with whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"create database {name}" + (f" template {template}" if template else "")))
    yield in_server(server_url, name)
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database {name} with (force)"))


def in_server(url: str, database: str) -> str:
    """The same server, another database."""
    return sa.make_url(url).set(database=database).render_as_string(hide_password=False)
