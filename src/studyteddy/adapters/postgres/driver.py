"""Statements that run on psycopg's own cursor, where SQLAlchemy's share of the time would show.

A review takes about a millisecond, most of it waiting for PostgreSQL; building and fetching through Core would add a
third. Everything else goes through Core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row

from studyteddy.domain.errors import Invalid, Unavailable

Parameters = Mapping[str, Any]


def read(connection: sa.Connection, statement: str, parameters: Parameters) -> list[Any]:
    """The rows of a query, with columns as attributes.

    Where no transaction is open yet the query runs without one, which saves its BEGIN and ROLLBACK (and psycopg's
    prepared statements, which it forgets at a ROLLBACK): at the isolation level ``read committed`` each statement sees
    what is committed when it starts, either way.
    """
    with _alone(connection) as driver:
        return _run(driver, statement, parameters).fetchall()


def commit_one(connection: sa.Connection, statement: str, parameters: Parameters) -> int:
    """Run a change and commit it, in one round trip where no transaction is open yet; tell how many rows it touched."""
    with _alone(connection) as driver:
        touched = _run(driver, statement, parameters).rowcount
    if touched:
        connection.commit()
    return touched


@contextmanager
def _alone(connection: sa.Connection) -> Iterator[psycopg.Connection[Any]]:
    """The driver's connection, outside of a transaction unless one is open."""
    driver = _driver(connection)
    alone = not connection.in_transaction()
    with _faults(connection, driver):
        if alone:
            driver.autocommit = True
        try:
            yield driver
        finally:
            if alone and not driver.closed:
                driver.autocommit = False


def _driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - says to mypy what engine.py opens
    return driver


def _run(driver: psycopg.Connection[Any], statement: str, parameters: Parameters) -> psycopg.Cursor[Any]:
    return driver.cursor(row_factory=namedtuple_row).execute(statement.encode(), parameters)


@contextmanager
def _faults(connection: sa.Connection, driver: psycopg.Connection[Any]) -> Iterator[None]:
    """What ``engine.database_faults`` does for Core; a broken connection is not given back to the pool."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        if driver.closed:
            connection.invalidate(error)
        raise Unavailable(
            "The database does not answer. Try again in a few seconds.", code="database_unavailable"
        ) from error
    except psycopg.DataError as error:
        raise Invalid("A value is outside of what can be stored. Shorten or correct it.", code="bad_value") from error
