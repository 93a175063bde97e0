"""Tables of people, their log-ins and the answers kept for retries."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    INSTANT,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)

users = sa.Table(
    "users",
    metadata,
    id_column(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("day_starts_at", sa.SmallInteger, nullable=False),
    sa.Column("weekly_budget", ARRAY(sa.SmallInteger), nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    instant("email_verified_at", nullable=True),
    sa.Column("look_at", INSTANT, nullable=False, server_default=sa.text("now()"), index=True),
)

auth_sessions = sa.Table(
    "auth_sessions",
    metadata,
    id_column(),
    sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("token_hash", sa.Text, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
    version_column(),
    instant("created_at"),
    instant("last_used_at"),
    instant("expires_at"),
    instant("ended_at", nullable=True),
)

one_use_tokens = sa.Table(
    "one_use_tokens",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", nullable=True),
    sa.UniqueConstraint("user_id", "purpose"),
)

outside_identities = sa.Table(
    "outside_identities",
    metadata,
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("user_id", ID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    instant("created_at"),
    sa.PrimaryKeyConstraint("issuer", "subject"),
    sa.UniqueConstraint("user_id", "issuer"),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    owner_column(),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("status", sa.SmallInteger),
    sa.Column("body", sa.Text),
    instant("created_at"),
    sa.Column("attempt", ID),
    sa.PrimaryKeyConstraint("owner", "key"),
)
