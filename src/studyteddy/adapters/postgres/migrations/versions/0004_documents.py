"""documents."""

from __future__ import annotations

revision = "0004_documents"
down_revision = "0003_tasks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
