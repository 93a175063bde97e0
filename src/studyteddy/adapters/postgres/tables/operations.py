"""The tables of what is done to the server from time to time, and of accounts that are gone."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import instant, metadata

operations = sa.Table("operations", metadata, sa.Column("name", sa.Text, primary_key=True), instant("done_at"))

tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True, comment="SHA-256 of the id of an account that was deleted"),
    instant("deleted_at"),
)
