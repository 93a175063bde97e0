"""Writing many rows at once: COPY in its binary form, through the driver's connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import exc


def copy_rows(
    connection: sa.Connection, table: sa.Table, types: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows in the transaction of ``connection``.

    ``types`` names each column and its type for the driver. ``bytea`` for a column of another type means that the
    values are ready in that type's binary form. Faults come as SQLAlchemy's, as from any other statement.
    """
    columns = ", ".join(f'"{name}"' for name, _ in types)
    statement = f'COPY "{table.name}" ({columns}) FROM STDIN (FORMAT BINARY)'
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - says to mypy what engine.py opens
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([kind for _, kind in types])
            for row in rows:
                copy.write_row(row)
    except psycopg.DataError as fault:
        raise exc.DataError(statement, None, fault) from fault
    except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
        raise exc.OperationalError(statement, None, fault) from fault
