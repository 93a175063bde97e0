"""Documents, their sections and what search knows of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0004_documents"
down_revision = "0003_tasks"
branch_labels = None
depends_on = None

_FORGET = """
create function forget_document() returns trigger language plpgsql as $$
begin
    delete from document_sections where document_id = old.id;
    delete from chunks where document_id = old.id;
    delete from document_terms where document_id = old.id;
    delete from chunk_embeddings where owner = old.owner and document_id = old.id;
    return null;
end
$$
"""
_FORGET_WITH_DOCUMENT = """
create trigger forget_document after delete on documents for each row execute function forget_document()
"""


def upgrade() -> None:
    op.execute("create extension if not exists vector")
    op.create_table(
        "chunk_embeddings",
        sa.Column("chunk_id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("dimension", sa.SmallInteger(), nullable=False),
        sa.Column("text_digest", sa.UUID(), nullable=False, comment="MD5 of the text that the vector was made of"),
        sa.Column("embedding", HALFVEC(), nullable=False),
        sa.PrimaryKeyConstraint("chunk_id", "model", name=op.f("pk_chunk_embeddings")),
    )
    # Vectors stay in their rows: fetching each from elsewhere would make a scan ten times slower.
    op.execute("alter table chunk_embeddings alter column embedding set storage main")
    op.create_index(
        op.f("ix_chunk_embeddings_owner_document_id_model_dimension"),
        "chunk_embeddings",
        ["owner", "document_id", "model", "dimension"],
        unique=False,
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="the index of the chunk in its document"),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("char_start", sa.Integer(), nullable=False),
        sa.Column("char_end", sa.Integer(), nullable=False),
        sa.Column("token_count", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
        sa.UniqueConstraint("document_id", "position", name="uq_chunks_document_id_position"),
    )
    op.create_table(
        "document_sections",
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_sections")),
    )
    op.create_table(
        "document_terms",
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column("document_id", sa.UUID(), nullable=False),
        sa.Column(
            "first_index", sa.Integer(), nullable=False, comment="of the part of the document that this row tells of"
        ),
        sa.Column("occurrences", sa.Integer(), nullable=False, comment="the sum of all frequencies"),
        sa.Column(
            "postings",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="chunk index << 32 | frequency << 16 | number of terms of the chunk",
        ),
        sa.PrimaryKeyConstraint("owner", "term", "document_id", "first_index", name=op.f("pk_document_terms")),
    )
    op.create_index(op.f("ix_document_terms_document_id"), "document_terms", ["document_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.UUID(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column(
            "filename_key", sa.Text(collation="C"), nullable=False, comment="filename in lower case, by Python's rules"
        ),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "title_key", sa.Text(collation="C"), nullable=False, comment="title in lower case, by Python's rules"
        ),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("progress", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("chunk_count", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("key_concepts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "indexed_chunks", sa.Integer(), server_default="0", nullable=False, comment="chunks told by document_terms"
        ),
        sa.Column(
            "indexed_terms", sa.BigInteger(), server_default="0", nullable=False, comment="terms in all these chunks"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_documents_owner_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("owner", "sha256", name="uq_documents_owner_sha256"),
    )
    op.create_index(op.f("ix_documents_owner_created_at_id"), "documents", ["owner", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_documents_owner_title_key_id"), "documents", ["owner", "title_key", "id"], unique=False)
    op.execute(_FORGET)
    op.execute(_FORGET_WITH_DOCUMENT)


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("document_terms")
    op.drop_table("document_sections")
    op.drop_table("chunks")
    op.drop_table("chunk_embeddings")
    op.execute("drop function forget_document")
