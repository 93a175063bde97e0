"""How Alembic runs our migrations: on the connection that it is handed, inside that transaction."""

from __future__ import annotations

from alembic import context

from studyteddy.adapters.postgres.tables.catalogue import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
