"""The table of study sessions."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    JSON,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)

study_sessions = sa.Table(
    "study_sessions",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("subject", sa.Text),
    sa.Column("task_id", ID),
    sa.Column("planned_minutes", sa.SmallInteger, nullable=False),
    instant("started_at"),
    sa.Column("pauses", JSON, nullable=False, comment="[[start, end], ...] as RFC 3339"),
    instant("paused_at", nullable=True),
    instant("finished_at", nullable=True),
    sa.Column("focus_score", sa.SmallInteger),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("closed_automatically", sa.Boolean, nullable=False),
    version_column(),
    sa.Index(None, "owner", "started_at", "id"),
    sa.Index("uq_study_sessions_unfinished", "owner", unique=True, postgresql_where=sa.text("finished_at is null")),
    sa.Index("ix_study_sessions_task", "task_id", postgresql_where=sa.text("task_id is not null")),
)
