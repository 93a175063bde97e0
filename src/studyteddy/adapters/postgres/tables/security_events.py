"""The table of security events."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import ID, id_column, instant, metadata

security_events = sa.Table(
    "security_events",
    metadata,
    id_column(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("owner", ID, sa.ForeignKey("users.id", ondelete="CASCADE")),
    sa.Column("actor", ID),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    instant("at"),
    sa.Index("ix_security_events_owner_at", "owner", "at"),
    sa.Index("ix_security_events_at", "at"),
)
