"""Tables of threads, messages and the pieces of answers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    JSON,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)

threads = sa.Table(
    "threads",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("document_ids", ARRAY(ID), nullable=False),
    sa.Column("message_count", sa.Integer, nullable=False),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    sa.Index(None, "owner", "updated_at", "id"),
)

_RUNNING = sa.text("status in ('queued', 'streaming')")

messages = sa.Table(
    "messages",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("thread_id", ID, sa.ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("document_ids", ARRAY(ID), nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("citations", JSON, nullable=False),
    sa.Column("confidence", sa.Double),
    sa.Column("model", sa.Text),
    sa.Column("prompt_tokens", sa.Integer),
    sa.Column("completion_tokens", sa.Integer),
    sa.Column("latency", sa.Interval),
    sa.Column("problem", sa.Text),
    sa.Column("stage", JSON),
    sa.Column("feedback_rating", sa.SmallInteger),
    sa.Column("feedback_reason", sa.Text),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    sa.UniqueConstraint("thread_id", "position"),
    sa.UniqueConstraint("owner", "client_id"),
    sa.Index("ix_messages_one_running", "thread_id", unique=True, postgresql_where=_RUNNING),
    sa.Index("ix_messages_running", "owner", postgresql_where=_RUNNING),
    sa.Index(None, "owner", "created_at"),
)

answer_deltas = sa.Table(
    "answer_deltas",
    metadata,
    sa.Column("message_id", ID, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
)
