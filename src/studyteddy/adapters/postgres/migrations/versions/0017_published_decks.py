"""Decks that their owners show to others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_published_decks"
down_revision = "0016_tombstones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decks", sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.create_index("ix_decks_published", "decks", ["name_key"], postgresql_where=sa.text("published_at is not null"))


def downgrade() -> None:
    op.drop_index("ix_decks_published", table_name="decks", postgresql_where=sa.text("published_at is not null"))
    op.drop_column("decks", "published_at")
