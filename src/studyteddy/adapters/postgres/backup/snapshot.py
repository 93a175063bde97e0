"""The rows of all tables at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import psycopg
import sqlalchemy as sa
from psycopg import sql

from studyteddy.adapters.postgres.engine import unavailable
from studyteddy.adapters.postgres.tables.catalogue import metadata
from studyteddy.application.ports.backups import Table

BLOCK = 4 << 20
"""Bytes after which a block of rows is given on; it ends with the row that reaches this."""
_FORM = (
    "set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';"
    " set local bytea_output = 'hex'; set local extra_float_digits = 1; set local client_encoding = 'UTF8'"
)
TABLES = tuple(table.name for table in metadata.sorted_tables)
"""All that any revision has or had, each after those that it refers to."""
_COLUMNS = """
    select c.relname, array_agg(a.attname::text order by a.attnum) from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname
"""
_SEQUENCES = """
    select sequencename, last_value from pg_sequences
    where schemaname = current_schema() and last_value is not null order by sequencename
"""

OBJECT_KEYS = sa.text("select owner || '/' || sha256 || '-' || id from documents")
"""``Document.storage_key`` of every document, at any revision that has documents."""


class PostgresSnapshot:
    """The ``Snapshot`` port over a transaction at ``repeatable read``. It takes no lock but that of a reader."""

    def __init__(self, connection: sa.Connection, revision: str) -> None:
        self.revision = revision
        self._connection = connection
        connection.execute(sa.text(_FORM))

    @property
    def tables(self) -> Sequence[Table]:
        columns = {name: tuple(columns) for name, columns in self._connection.execute(sa.text(_COLUMNS))}
        return [Table(name=name, columns=columns[name]) for name in TABLES if name in columns]

    def rows(self, table: Table) -> Iterator[bytes]:
        statement = sql.SQL("copy {} ({}) to stdout").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        block = bytearray()
        try:
            with driver_of(self._connection).cursor() as cursor, cursor.copy(statement) as copy:
                for row in copy:
                    block += row
                    if len(block) >= BLOCK:
                        yield bytes(block)
                        block.clear()
        except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
            raise unavailable(fault) from fault
        if block:
            yield bytes(block)

    def sequences(self) -> Mapping[str, int]:
        return {str(name): int(last) for name, last in self._connection.execute(sa.text(_SEQUENCES))}

    def object_keys(self) -> Iterator[str]:
        yield from self._connection.execution_options(yield_per=1_000).scalars(OBJECT_KEYS)


def driver_of(connection: sa.Connection) -> psycopg.Connection[object]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - says to mypy what engine.py opens
    return driver
