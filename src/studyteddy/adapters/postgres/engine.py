"""Connections to PostgreSQL, and how its faults look from outside."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy import exc

from studyteddy.domain.errors import Invalid, Unavailable

STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 5_000
POOL_WAIT_SECONDS = 5.0
SESSION_DEFAULTS = {
    "statement_timeout": f"{STATEMENT_TIMEOUT_MS}ms",
    "lock_timeout": f"{LOCK_TIMEOUT_MS}ms",
    "timezone": "UTC",
}
"""What holds on every connection unless a transaction says otherwise."""

# A host that vanished is noticed after half a minute at most; through a Unix socket these mean nothing.
_PROBES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
_BUSY = (
    errors.QueryCanceled,  # at statement_timeout
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
)
# What comes without a code: from pgBouncer, or while a connection is being made.
_SAYS_BUSY = (
    "query_wait_timeout",
    "query_timeout",
    "no more connections allowed",
    "too many clients",
    "connection slots",
)


def open_engine(url: str, *, pool_size: int = 10, pooler: bool = False) -> sa.Engine:
    """A pool of ``pool_size`` connections, and as many again for a rush. Nothing is connected yet.

    A slow statement or lock gives up rather than hold a worker. ``pooler`` says that a pooler in transaction mode, such
    as pgBouncer, stands in between: it takes neither options at the start nor prepared statements, so the time-outs
    are those that ``session_defaults.keep_session_defaults`` wrote to the database.
    """
    options = " ".join(f"-c {name}={value}" for name, value in SESSION_DEFAULTS.items())
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=1_800,
        hide_parameters=True,  # what people write belongs in no log
        connect_args={
            "connect_timeout": 5,
            **_PROBES,
            **({"prepare_threshold": None} if pooler else {"options": options}),
        },
    )
    sa.event.listen(engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(driver: psycopg.Connection[Any], _record: object, _proxy: object) -> None:
    """Replace connections that the server closed while they waited, all of them at once.

    Without a question to the server: a waiting connection that has something to read has been told of its end. So
    nobody's request has to fail for finding out that the server was started anew.
    """
    looking = select.poll()
    looking.register(driver.fileno(), select.POLLIN)
    if looking.poll(0):
        raise exc.InvalidatePoolError


@contextmanager
def database_faults() -> Iterator[None]:
    """Turn the driver's faults into the core's: gone or busy is ``Unavailable``, a misfit ``Invalid``."""
    try:
        yield
    except exc.TimeoutError as error:
        raise _busy() from error
    except exc.DataError as error:
        raise Invalid("A value is outside of what can be stored. Shorten or correct it.", code="bad_value") from error
    except exc.DBAPIError as error:
        if error.connection_invalidated or is_of_the_connection(error.orig):
            raise unavailable(error.orig) from error
        raise


def is_of_the_connection(fault: BaseException | None) -> bool:
    """Whether the server or the way to it failed, and not the statement.

    An internal error without a code is the driver's own: it took the server's farewell for an answer.
    """
    confused = isinstance(fault, psycopg.InternalError) and fault.sqlstate is None
    return confused or isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError)


def unavailable(fault: BaseException | None) -> Unavailable:
    """How a fault of the driver looks from outside: the database is busy, or it does not answer."""
    if isinstance(fault, _BUSY) or any(words in str(fault) for words in _SAYS_BUSY):
        return _busy()
    return Unavailable("The database does not answer. Try again in a few seconds.", code="database_unavailable")


def _busy() -> Unavailable:
    return Unavailable("The database is busy. Try again in a few seconds.", code="database_busy")
