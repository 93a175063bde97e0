"""study_sessions."""

from __future__ import annotations

revision = "0007_study_sessions"
down_revision = "0006_flashcards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
