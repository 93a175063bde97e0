"""flashcards."""

from __future__ import annotations

revision = "0006_flashcards"
down_revision = "0005_tutor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
