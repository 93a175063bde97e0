"""Tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_tasks"
down_revision = "0002_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "title_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="title in lower case, by Python's rules",
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "description_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="description in lower case, by Python's rules",
        ),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False, comment="0 low .. 3 urgent"),
        sa.Column("estimated_minutes", sa.Integer(), nullable=True),
        sa.Column("actual_minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("completed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("continued_by", sa.UUID(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_tasks_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_owner_created_at_id"), "tasks", ["owner", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_tasks_owner_due_at_id"), "tasks", ["owner", "due_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("tasks")
