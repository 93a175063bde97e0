"""Writing many rows at once: COPY in its binary form, through the driver's connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import exc

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_ROWS_AT_ONCE = 512


def copy_rows(
    connection: sa.Connection, table: sa.Table, types: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows in the transaction of ``connection``.

    ``types`` names each column and its type for the driver. ``bytea`` for a column of another type means that the
    values are ready in that type's binary form. Faults come as SQLAlchemy's, as from any other statement.
    """
    with _copying(connection, table, [name for name, _ in types]) as copy:
        copy.set_types([kind for _, kind in types])
        for row in rows:
            copy.write_row(row)


def copy_packed(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """The same for rows that are wholly in the binary form of COPY: 2 bytes for the number of fields, then each field
    behind 4 bytes for its length. For many small rows this saves most of the time."""
    packed = iter(rows)
    with _copying(connection, table, columns) as copy:
        copy.write(_HEADER)
        while block := b"".join(islice(packed, _ROWS_AT_ONCE)):
            copy.write(block)
        copy.write(_TRAILER)


@contextmanager
def _copying(connection: sa.Connection, table: sa.Table, columns: Sequence[str]) -> Iterator[psycopg.Copy]:
    named = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table.name}" ({named}) FROM STDIN (FORMAT BINARY)'
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - says to mypy what engine.py opens
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            yield copy
    except psycopg.DataError as fault:
        raise exc.DataError(statement, None, fault) from fault
    except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
        raise exc.OperationalError(statement, None, fault) from fault
