"""Bring a database to the newest schema. Several processes may start at once: one migrates, the others wait."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config


LOCK = sa.text("select pg_advisory_xact_lock(hashtext('studyteddy.migrations'))")
"""Waits until nobody else changes the schema; held until the transaction ends."""


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Run the missing migrations in one transaction under an advisory lock; a second run is a no-op."""
    with engine.begin() as connection:
        connection.execute(sa.text("set local lock_timeout = 0; set local statement_timeout = 0"))
        connection.execute(LOCK)
        change_schema(connection, revision)


def change_schema(connection: sa.Connection, revision: str) -> None:
    """Go up to a revision, or down to ``base``, in the transaction of ``connection``, which holds the ``LOCK``."""
    from alembic import command

    if revision == "base":
        command.downgrade(_config(connection), revision)
    else:
        command.upgrade(_config(connection), revision)


def current_revision(engine: sa.Engine) -> str | None:
    """The revision that the database is at, None when it is empty."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> list[str]:
    """All revisions that this program knows, newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()]


@dataclass(frozen=True, slots=True)
class Schema:
    """The revision that a database is at, None when it is empty, and whether this program fits to it."""

    current: str | None
    newest: str
    known: bool

    @property
    def ahead(self) -> bool:
        """Made by a newer program. An older one that runs already goes on working with it, but should not start."""
        return self.current is not None and not self.known

    @property
    def fault(self) -> str | None:
        """What is wrong and what to do about it; None when the schema is this program's own."""
        if self.current == self.newest:
            return None
        if self.ahead:
            return f"The database was made by a newer Study Teddy (revision {self.current}). Start that version."
        at = f"at revision {self.current}" if self.current else "empty"
        return f"The database is {at}, but revision {self.newest} is needed. Run: studyteddy migrate"


def schema_of(engine: sa.Engine) -> Schema:
    """Look where a database stands. Raises SQLAlchemy's errors when it does not answer."""
    current, known = current_revision(engine), _known()
    return Schema(current, known[0], current in known)


@cache
def _known() -> tuple[str, ...]:
    return tuple(known_revisions())


def _config(connection: sa.Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "studyteddy.adapters.postgres:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
