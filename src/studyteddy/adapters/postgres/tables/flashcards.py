"""Tables of decks, cards, the review log and proposed cards."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    JSON,
    SORTED_TEXT,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)


def deck_column() -> sa.Column[object]:
    return sa.Column("deck_id", ID, sa.ForeignKey("decks.id", ondelete="CASCADE"), nullable=False)


def source_columns() -> tuple[sa.Column[object], ...]:
    """The document stands beside the rest of the source, to be found when that document is deleted."""
    return sa.Column("source", JSON), sa.Column("source_document_id", ID)


def schedule_columns(prefix: str = "") -> list[sa.Column[object]]:
    return [
        sa.Column(f"{prefix}repetitions", sa.Integer, nullable=False),
        sa.Column(f"{prefix}interval_days", sa.Integer, nullable=False),
        sa.Column(f"{prefix}ease_factor_hundredths", sa.Integer, nullable=False),
        sa.Column(f"{prefix}due_on", sa.Date),
        sa.Column(f"{prefix}lapses", sa.Integer, nullable=False),
        sa.Column(f"{prefix}last_reviewed_on", sa.Date),
        sa.Column(f"{prefix}again_on", sa.Date),
    ]


decks = sa.Table(
    "decks",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", SORTED_TEXT, nullable=False, comment="name case-folded, by Python's rules"),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("scheduler", sa.Text, nullable=False),
    sa.Column("new_per_day", sa.Integer, nullable=False),
    sa.Column("reviews_per_day", sa.Integer, nullable=False),
    sa.Column("desired_retention", sa.Double, nullable=False),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    instant("published_at", nullable=True),
    sa.UniqueConstraint("owner", "name_key"),
    sa.Index("ix_decks_published", "name_key", postgresql_where=sa.text("published_at is not null")),
)

cards = sa.Table(
    "cards",
    metadata,
    id_column(),
    owner_column(),
    deck_column(),
    sa.Column("front", sa.Text, nullable=False),
    sa.Column("back", sa.Text, nullable=False),
    sa.Column("search_text", SORTED_TEXT, nullable=False, comment="both sides in lower case, by Python's rules"),
    sa.Column("tags", ARRAY(sa.Text), nullable=False),
    sa.Column("suspended", sa.Boolean, nullable=False),
    sa.Column("buried_until", sa.Date, comment="the first study day on which it comes up again"),
    sa.Column("flag", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    *source_columns(),
    *schedule_columns(),
    sa.Column("last_review_id", ID),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    sa.CheckConstraint("flag between 0 and 7", name="flag"),
    # Counts of decks and the due part of the queue are read from this index alone, with what orders them.
    sa.Index(
        "ix_cards_today",
        "owner",
        "deck_id",
        "due_on",
        postgresql_include=["again_on", "suspended", "buried_until", "interval_days", "created_at", "id"],
    ),
    sa.Index(None, "deck_id", "created_at", "id"),
    sa.Index(
        "ix_cards_new",
        "deck_id",
        "created_at",
        "id",
        postgresql_include=["buried_until"],
        postgresql_where=sa.text("due_on is null and not suspended"),
    ),
    sa.Index("ix_cards_again", "owner", "again_on", postgresql_where=sa.text("again_on is not null")),
    sa.Index("ix_cards_source", "source_document_id", postgresql_where=sa.text("source_document_id is not null")),
)

# No foreign keys to cards and decks: the log outlives them, since the work was done.
reviews = sa.Table(
    "reviews",
    metadata,
    id_column(),
    sa.Column("seq", sa.BigInteger, sa.Identity(always=True), comment="the order of the passes over a card"),
    owner_column(),
    sa.Column("card_id", ID, nullable=False),
    sa.Column("deck_id", ID, nullable=False),
    instant("reviewed_at"),
    sa.Column("study_day", sa.Date, nullable=False),
    sa.Column("quality", sa.SmallInteger, nullable=False),
    sa.Column("took_ms", sa.Integer),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("scheduler", sa.Text, nullable=False),
    *schedule_columns("before_"),
    *schedule_columns("after_"),
    sa.Column("previous", ID),
    sa.Column("suspended_card", sa.Boolean, nullable=False),
    instant("undone_at", nullable=True),
    sa.Index(None, "card_id", "seq"),
    sa.Index(
        "ix_reviews_done",
        "owner",
        "study_day",
        "deck_id",
        postgresql_include=["kind", "quality", "before_interval_days"],
        postgresql_where=sa.text("undone_at is null"),
    ),
)

card_proposals = sa.Table(
    "card_proposals",
    metadata,
    id_column(),
    owner_column(),
    deck_column(),
    sa.Column("front", sa.Text, nullable=False),
    sa.Column("back", sa.Text, nullable=False),
    sa.Column("tags", ARRAY(sa.Text), nullable=False),
    *source_columns(),
    sa.Column("status", sa.Text, nullable=False),
    instant("created_at"),
    sa.Index(None, "deck_id", "created_at", "id"),
    sa.Index(
        "ix_card_proposals_source",
        "source_document_id",
        postgresql_where=sa.text("source_document_id is not null"),
    ),
)
