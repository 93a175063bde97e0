"""The table of tasks."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    SORTED_TEXT,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)

tasks = sa.Table(
    "tasks",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", SORTED_TEXT, nullable=False, comment="title in lower case, by Python's rules"),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("description_key", SORTED_TEXT, nullable=False, comment="description in lower case, by Python's rules"),
    sa.Column("subject", sa.Text),
    instant("due_at", nullable=True),
    sa.Column("priority", sa.SmallInteger, nullable=False, comment="0 low .. 3 urgent"),
    sa.Column("estimated_minutes", sa.Integer),
    sa.Column("actual_minutes", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    instant("completed_at", nullable=True),
    sa.Column("recurrence", sa.Text),
    sa.Column("continued_by", ID),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    sa.Index(None, "owner", "due_at", "id"),
    sa.Index(None, "owner", "created_at", "id"),
)
