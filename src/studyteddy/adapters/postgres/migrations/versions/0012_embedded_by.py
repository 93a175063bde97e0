"""The model whose vectors every chunk of a document has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_embedded_by"
down_revision = "0011_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "documents",
        sa.Column("embedded_by", sa.Text(), nullable=True, comment="the model whose vectors all of its chunks have"),
    )
    op.execute("""
        update documents
        set embedded_by = complete.model
        from (
            select document_id, max(model) as model
            from (select document_id, model, count(*) as vectors from chunk_embeddings group by 1, 2) as counted
            join documents on documents.id = document_id and vectors >= chunk_count
            group by document_id
        ) as complete
        where complete.document_id = documents.id and documents.status = 'ready'
    """)
    op.create_index(
        "ix_documents_embedded_by",
        "documents",
        ["embedded_by"],
        unique=False,
        postgresql_where=sa.text("status = 'ready'"),
    )


def downgrade() -> None:
    op.drop_index("ix_documents_embedded_by", table_name="documents", postgresql_where=sa.text("status = 'ready'"))
    op.drop_column("documents", "embedded_by")
