"""When the last backup was verified, in the database that it is of."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.engine import database_faults
from studyteddy.adapters.postgres.tables.operations import operations

_NAME = "backup"
_LAST = sa.select(operations.c.done_at).where(operations.c.name == _NAME)


class PostgresBackupLog:
    """The ``BackupLog`` port."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def note(self, at: datetime) -> None:
        new = insert(operations).values(name=_NAME, done_at=at)
        with database_faults(), self._engine.begin() as connection:
            if not sa.inspect(connection).has_table(operations.name):
                return  # the database is older than this note
            connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"done_at": at}))

    def last(self) -> datetime | None:
        with database_faults(), self._engine.connect() as connection:
            found: datetime | None = connection.scalar(_LAST)
            return found
