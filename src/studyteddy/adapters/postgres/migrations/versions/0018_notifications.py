"""Notifications, what people wish to be told, when to look at whom, and calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_notifications"
down_revision = "0017_published_decks"
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)
JSON = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    # With a default, so that accounts that an older program adds are looked at, too.
    op.add_column("users", sa.Column("look_at", INSTANT, server_default=sa.text("now()"), nullable=False))
    op.create_index("ix_users_look_at", "users", ["look_at"])
    op.create_table(
        "notifications",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("letter_key", sa.Text(), nullable=True),
        sa.Column("letter_sent_at", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_notifications_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("owner", "key", name=op.f("uq_notifications_owner_key")),
        sa.UniqueConstraint("letter_key", name=op.f("uq_notifications_letter_key")),
    )
    op.create_index("ix_notifications_owner_created_at_id", "notifications", ["owner", "created_at", "id"])
    op.create_index("ix_notifications_created_at", "notifications", ["created_at"])
    op.create_table(
        "notification_settings",
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("switches", JSON, nullable=False),
        sa.Column("reminder_hour", sa.SmallInteger(), nullable=False),
        sa.Column("digest_weekday", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_to", sa.SmallInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["users.id"], name=op.f("fk_notification_settings_owner_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_notification_settings")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["users.id"], name=op.f("fk_calendar_feeds_owner_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_table("notification_settings")
    op.drop_table("notifications")
    op.drop_index("ix_users_look_at", "users")
    op.drop_column("users", "look_at")
