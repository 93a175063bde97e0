"""The table of jobs."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import ID, JSON, id_column, instant, metadata, owner_column

jobs = sa.Table(
    "jobs",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("arguments", JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("progress", sa.SmallInteger, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    instant("lease_until", nullable=True),
    instant("not_before", nullable=True),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    instant("sent_at", nullable=True),
    sa.Column("request_id", sa.Text),
    sa.Column("losses", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index(None, "owner", "subject_id"),
    sa.Index("ix_jobs_open", "created_at", "id", postgresql_where=sa.text("status in ('queued', 'running')")),
)
