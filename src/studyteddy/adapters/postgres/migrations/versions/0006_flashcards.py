"""Flashcards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006_flashcards"
down_revision = "0005_tutor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False, comment="name case-folded, by Python's rules"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("scheduler", sa.Text(), nullable=False),
        sa.Column("new_per_day", sa.Integer(), nullable=False),
        sa.Column("reviews_per_day", sa.Integer(), nullable=False),
        sa.Column("desired_retention", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_decks_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decks")),
        sa.UniqueConstraint("owner", "name_key", name=op.f("uq_decks_owner_name_key")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="the order of the passes over a card",
        ),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("card_id", sa.UUID(), nullable=False),
        sa.Column("deck_id", sa.UUID(), nullable=False),
        sa.Column("reviewed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scheduler", sa.Text(), nullable=False),
        sa.Column("before_repetitions", sa.Integer(), nullable=False),
        sa.Column("before_interval_days", sa.Integer(), nullable=False),
        sa.Column("before_ease_factor_hundredths", sa.Integer(), nullable=False),
        sa.Column("before_due_on", sa.Date(), nullable=True),
        sa.Column("before_lapses", sa.Integer(), nullable=False),
        sa.Column("before_last_reviewed_on", sa.Date(), nullable=True),
        sa.Column("before_again_on", sa.Date(), nullable=True),
        sa.Column("after_repetitions", sa.Integer(), nullable=False),
        sa.Column("after_interval_days", sa.Integer(), nullable=False),
        sa.Column("after_ease_factor_hundredths", sa.Integer(), nullable=False),
        sa.Column("after_due_on", sa.Date(), nullable=True),
        sa.Column("after_lapses", sa.Integer(), nullable=False),
        sa.Column("after_last_reviewed_on", sa.Date(), nullable=True),
        sa.Column("after_again_on", sa.Date(), nullable=True),
        sa.Column("previous", sa.UUID(), nullable=True),
        sa.Column("suspended_card", sa.Boolean(), nullable=False),
        sa.Column("undone_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_reviews_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_card_id_seq"), "reviews", ["card_id", "seq"], unique=False)
    op.create_index(
        "ix_reviews_done",
        "reviews",
        ["owner", "study_day", "deck_id"],
        unique=False,
        postgresql_include=["kind", "quality", "before_interval_days"],
        postgresql_where=sa.text("undone_at is null"),
    )
    op.create_table(
        "card_proposals",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("deck_id", sa.UUID(), nullable=False),
        sa.Column("front", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("source", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("source_document_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["decks.id"], name=op.f("fk_card_proposals_deck_id_decks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["users.id"], name=op.f("fk_card_proposals_owner_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_proposals")),
    )
    op.create_index(
        op.f("ix_card_proposals_deck_id_created_at_id"), "card_proposals", ["deck_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_card_proposals_source",
        "card_proposals",
        ["source_document_id"],
        unique=False,
        postgresql_where=sa.text("source_document_id is not null"),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("deck_id", sa.UUID(), nullable=False),
        sa.Column("front", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column(
            "search_text", sa.Text(collation="C"), nullable=False, comment="both sides in lower case, by Python's rules"
        ),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("source", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("source_document_id", sa.UUID(), nullable=True),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=False),
        sa.Column("ease_factor_hundredths", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("last_reviewed_on", sa.Date(), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("last_review_id", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deck_id"], ["decks.id"], name=op.f("fk_cards_deck_id_decks"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_cards_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
    )
    op.create_index(
        "ix_cards_again", "cards", ["owner", "again_on"], unique=False, postgresql_where=sa.text("again_on is not null")
    )
    op.create_index(op.f("ix_cards_deck_id_created_at_id"), "cards", ["deck_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_cards_new",
        "cards",
        ["deck_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("due_on is null and not suspended"),
    )
    op.create_index(
        "ix_cards_source",
        "cards",
        ["source_document_id"],
        unique=False,
        postgresql_where=sa.text("source_document_id is not null"),
    )
    op.create_index(
        "ix_cards_today",
        "cards",
        ["owner", "deck_id", "due_on"],
        unique=False,
        postgresql_include=["again_on", "suspended", "interval_days", "created_at", "id"],
    )


def downgrade() -> None:
    op.drop_table("cards")
    op.drop_table("card_proposals")
    op.drop_table("reviews")
    op.drop_table("decks")
