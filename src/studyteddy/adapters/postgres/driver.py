"""Statements that run on psycopg's own cursor, where SQLAlchemy's share of the time would show.

A review takes about a millisecond, most of it waiting for PostgreSQL; building and fetching through Core would add a
third. Everything else goes through Core.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row

from studyteddy.adapters.postgres.engine import is_of_the_connection, unavailable
from studyteddy.domain.errors import Invalid

Parameters = Mapping[str, Any]

_BROKEN = (TransactionStatus.UNKNOWN, TransactionStatus.ACTIVE)  # gone, or with an answer that nobody waits for


def read(connection: sa.Connection, statement: str, parameters: Parameters) -> list[Any]:
    """The rows of a query, with columns as attributes.

    Where no transaction is open yet the query runs without one, which saves its BEGIN and ROLLBACK (and psycopg's
    prepared statements, which it forgets at a ROLLBACK): at the isolation level ``read committed`` each statement sees
    what is committed when it starts, either way.
    """
    return _executed(connection, statement, parameters).fetchall()


def commit_one(connection: sa.Connection, statement: str, parameters: Parameters) -> int:
    """Run a change and commit it, in one round trip where no transaction is open yet; tell how many rows it touched."""
    touched = _executed(connection, statement, parameters).rowcount
    if touched:
        connection.commit()
    return touched


def change(connection: sa.Connection, statement: str, parameters: Parameters) -> int:
    """Run a change and tell how many rows it touched. Where no transaction is open yet, it is committed by that."""
    return _executed(connection, statement, parameters).rowcount


def _executed(connection: sa.Connection, statement: str, parameters: Parameters) -> psycopg.Cursor[Any]:
    """A cursor after the statement, which runs outside of a transaction unless one is open.

    Faults are what ``engine.database_faults`` makes of Core's; a broken connection is not given back to the pool.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - says to mypy what engine.py opens
    alone = not connection.in_transaction()
    try:
        if alone:
            driver.autocommit = True
        try:
            return driver.cursor(row_factory=namedtuple_row).execute(statement.encode(), parameters)
        finally:
            if alone and driver.info.transaction_status is TransactionStatus.IDLE:
                driver.autocommit = False
    except psycopg.DataError as error:
        raise Invalid("A value is outside of what can be stored. Shorten or correct it.", code="bad_value") from error
    except psycopg.Error as error:
        if not is_of_the_connection(error):
            raise
        if driver.info.transaction_status in _BROKEN:
            connection.invalidate(error)
        raise unavailable(error) from error
