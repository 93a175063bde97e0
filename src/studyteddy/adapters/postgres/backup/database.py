"""The ``CopiedDatabase`` port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from studyteddy.adapters.postgres.backup.load import PostgresLoad
from studyteddy.adapters.postgres.backup.snapshot import OBJECT_KEYS, PostgresSnapshot
from studyteddy.adapters.postgres.engine import database_faults
from studyteddy.adapters.postgres.migrate import Schema, known_revisions, schema_of
from studyteddy.adapters.postgres.tables.accounts import users
from studyteddy.adapters.postgres.tables.documents import documents as documents_table
from studyteddy.adapters.postgres.tables.operations import tombstones
from studyteddy.application.ports.backups import Contents
from studyteddy.domain.errors import Conflict

_UNHURRIED = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0"


class PostgresCopies:
    """A database behind ``engine``, which leads to the server itself and not to a pooler."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def knows(self, revision: str) -> bool:
        return revision in known_revisions()

    def contents(self) -> Contents:
        self._schema()
        with database_faults(), self._engine.connect() as connection:
            present = sa.inspect(connection).get_table_names()
            accounts, documents = (
                connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 if table.name in present else 0
                for table in (users, documents_table)
            )
        return Contents(accounts=accounts, documents=documents)

    def object_keys(self) -> Sequence[str]:
        with database_faults(), self._engine.connect() as connection:
            if not sa.inspect(connection).has_table("documents"):
                return []
            return list(connection.scalars(OBJECT_KEYS))

    def tombstones(self) -> Mapping[str, datetime]:
        with database_faults(), self._engine.connect() as connection:
            if not sa.inspect(connection).has_table("tombstones"):
                return {}
            return {row.digest: row.deleted_at for row in connection.execute(sa.select(tombstones))}

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSnapshot]:
        schema = self._schema()
        if schema.current is None:
            raise Conflict("There is nothing to back up: the database has no tables.", code="no_schema")
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with database_faults(), self._engine.connect().execution_options(**options) as connection:
            connection.execute(sa.text(_UNHURRIED))
            yield PostgresSnapshot(connection, schema.current)

    @contextmanager
    def loading(self, revision: str) -> Iterator[PostgresLoad]:
        schema = self._schema()
        with database_faults(), self._engine.begin() as connection:
            connection.execute(sa.text(_UNHURRIED))
            load = PostgresLoad(connection)
            load.begin(revision, used=schema.current is not None)
            yield load

    def _schema(self) -> Schema:
        with database_faults():
            schema = schema_of(self._engine)
        if schema.ahead:
            raise Conflict(schema.fault or "", code="newer_schema")
        return schema
