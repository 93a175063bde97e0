"""Connections to PostgreSQL, and how its faults look from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import exc

from studyteddy.domain.errors import Invalid, Unavailable

STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 5_000
POOL_WAIT_SECONDS = 5.0


def open_engine(url: str, *, pool_size: int = 10) -> sa.Engine:
    """A pool of connections. Nothing is connected yet; a slow statement or lock gives up rather than hold a worker."""
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=1_800,
        hide_parameters=True,  # what people write belongs in no log
        connect_args={
            "connect_timeout": 5,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
        },
    )


@contextmanager
def database_faults() -> Iterator[None]:
    """Turn the driver's faults into the core's: gone or busy is ``Unavailable``, a misfit ``Invalid``."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Unavailable("The database is busy. Try again in a few seconds.", code="database_busy") from error
    except (exc.OperationalError, exc.InterfaceError) as error:
        raise Unavailable(
            "The database does not answer. Try again in a few seconds.", code="database_unavailable"
        ) from error
    except exc.DataError as error:
        raise Invalid("A value is outside of what can be stored. Shorten or correct it.", code="bad_value") from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(
                "The database does not answer. Try again in a few seconds.", code="database_unavailable"
            ) from error
        raise
