"""What each person's questions cost, a row a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_token_usage"
down_revision = "0008_job_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "token_usage",
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_token_usage_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner", "day", name=op.f("pk_token_usage")),
    )


def downgrade() -> None:
    op.drop_table("token_usage")
