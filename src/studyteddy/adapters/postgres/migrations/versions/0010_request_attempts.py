"""Which attempt carried a request out; a key is written along with the change instead of being reserved before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_request_attempts"
down_revision = "0009_token_usage"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from idempotency_keys where status is null")
    op.add_column("idempotency_keys", sa.Column("attempt", sa.UUID(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_keys", "attempt")
