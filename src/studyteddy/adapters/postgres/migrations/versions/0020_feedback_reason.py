"""Why an answer was rated as it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_feedback_reason"
down_revision = "0019_buried_and_flagged_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("feedback_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "feedback_reason")
