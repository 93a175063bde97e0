"""The table of what questions cost."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.metadata import metadata, owner_column

token_usage = sa.Table(
    "token_usage",
    metadata,
    owner_column(),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("owner", "day"),
)
