"""Bring a database to the newest schema. Several processes may start at once: one migrates, the others wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Run the missing migrations in one transaction under an advisory lock; a second run is a no-op."""
    from alembic import command

    with engine.begin() as connection:
        connection.execute(sa.text("set local lock_timeout = 0; set local statement_timeout = 0"))
        connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('studyteddy.migrations'))"))
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


def _config(connection: sa.Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "studyteddy.adapters.postgres:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
