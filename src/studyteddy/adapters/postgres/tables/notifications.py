"""The tables of notifications, of what people wish to be told, and of calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import ID, JSON, id_column, instant, metadata, owner_column

notifications = sa.Table(
    "notifications",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("data", JSON, nullable=False),
    sa.Column("in_app", sa.Boolean, nullable=False),
    sa.Column("letter_key", sa.Text, unique=True),
    instant("letter_sent_at", nullable=True),
    instant("read_at", nullable=True),
    instant("created_at"),
    sa.UniqueConstraint("owner", "key"),
    sa.Index(None, "owner", "created_at", "id"),
    sa.Index(None, "created_at"),
)

notification_settings = sa.Table(
    "notification_settings",
    metadata,
    sa.Column("owner", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("switches", JSON, nullable=False),
    sa.Column("reminder_hour", sa.SmallInteger, nullable=False),
    sa.Column("digest_weekday", sa.SmallInteger, nullable=False),
    sa.Column("quiet_from", sa.SmallInteger),
    sa.Column("quiet_to", sa.SmallInteger),
    sa.Column("language", sa.Text, nullable=False),
)

calendar_feeds = sa.Table(
    "calendar_feeds",
    metadata,
    sa.Column("owner", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    instant("created_at"),
)
