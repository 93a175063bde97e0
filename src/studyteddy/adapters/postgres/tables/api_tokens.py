"""The table of personal API tokens."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from studyteddy.adapters.postgres.tables.metadata import id_column, instant, metadata, owner_column

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("last_used_at", nullable=True),
    sa.Index("ix_api_tokens_owner", "owner"),
)
