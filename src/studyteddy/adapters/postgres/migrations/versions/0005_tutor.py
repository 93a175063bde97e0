"""tutor."""

from __future__ import annotations

revision = "0005_tutor"
down_revision = "0004_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
