"""Cards that are put off until the next study day, and their flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_buried_and_flagged_cards"
down_revision = "0018_notifications"
branch_labels = None
depends_on = None

TODAY = ["owner", "deck_id", "due_on"]
NEW = ["deck_id", "created_at", "id"]
IS_NEW = "due_on is null and not suspended"


def upgrade() -> None:
    # Both have a default, so that no row is written anew and an older program can go on adding cards.
    op.add_column(
        "cards",
        sa.Column("buried_until", sa.Date(), nullable=True, comment="the first study day on which it comes up again"),
    )
    op.add_column("cards", sa.Column("flag", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_cards_flag"), "cards", "flag between 0 and 7")
    # The queue of a day is chosen from these indexes alone, so they have to tell who is buried.
    _index_again(
        today=["again_on", "suspended", "buried_until", "interval_days", "created_at", "id"], new=["buried_until"]
    )


def downgrade() -> None:
    _index_again(today=["again_on", "suspended", "interval_days", "created_at", "id"], new=None)
    op.drop_constraint(op.f("ck_cards_flag"), "cards", type_="check")
    op.drop_column("cards", "flag")
    op.drop_column("cards", "buried_until")


def _index_again(*, today: list[str], new: list[str] | None) -> None:
    """Make the two indexes anew with other columns beside their keys."""
    op.drop_index("ix_cards_today", table_name="cards")
    op.create_index("ix_cards_today", "cards", TODAY, unique=False, postgresql_include=today)
    op.drop_index("ix_cards_new", table_name="cards", postgresql_where=sa.text(IS_NEW))
    op.create_index(
        "ix_cards_new", "cards", NEW, unique=False, postgresql_include=new, postgresql_where=sa.text(IS_NEW)
    )
