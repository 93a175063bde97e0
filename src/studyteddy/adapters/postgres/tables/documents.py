"""Tables of documents, their sections and what search knows of them.

The tables that are filled in bulk name their document without a foreign key: its check for each row would cost more
than writing the row. Writers lock the document first, and a trigger on ``documents`` removes all that belongs to a
document with it, also when a whole account goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import ARRAY

from studyteddy.adapters.postgres.tables.metadata import (
    ID,
    SORTED_TEXT,
    id_column,
    instant,
    metadata,
    owner_column,
    version_column,
)

documents = sa.Table(
    "documents",
    metadata,
    id_column(),
    owner_column(),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("filename_key", SORTED_TEXT, nullable=False, comment="filename in lower case, by Python's rules"),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", SORTED_TEXT, nullable=False, comment="title in lower case, by Python's rules"),
    sa.Column("subject", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("progress", sa.SmallInteger, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("page_count", sa.Integer),
    sa.Column("chunk_count", sa.Integer, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("key_concepts", ARRAY(sa.Text), nullable=False),
    sa.Column(
        "indexed_chunks", sa.Integer, nullable=False, server_default="0", comment="chunks told by document_terms"
    ),
    sa.Column("indexed_terms", sa.BigInteger, nullable=False, server_default="0", comment="terms in all these chunks"),
    version_column(),
    instant("created_at"),
    instant("updated_at"),
    sa.Column("embedded_by", sa.Text, comment="the model whose vectors all of its chunks have"),
    sa.UniqueConstraint("owner", "sha256", name="uq_documents_owner_sha256"),
    sa.Index(None, "owner", "created_at", "id"),
    sa.Index(None, "owner", "title_key", "id"),
    sa.Index(None, "embedded_by", postgresql_where=sa.text("status = 'ready'")),
)

document_sections = sa.Table(
    "document_sections",
    metadata,
    sa.Column("document_id", ID, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("document_id", "number"),
)

chunks = sa.Table(
    "chunks",
    metadata,
    id_column(),
    sa.Column("document_id", ID, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, comment="the index of the chunk in its document"),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("char_start", sa.Integer, nullable=False),
    sa.Column("char_end", sa.Integer, nullable=False),
    sa.Column("token_count", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("document_id", "position", name="uq_chunks_document_id_position"),
)

document_terms = sa.Table(
    "document_terms",
    metadata,
    sa.Column("owner", ID, nullable=False),
    sa.Column("term", SORTED_TEXT, nullable=False),
    sa.Column("document_id", ID, nullable=False, index=True),
    sa.Column("first_index", sa.Integer, nullable=False, comment="of the part of the document that this row tells of"),
    sa.Column("occurrences", sa.Integer, nullable=False, comment="the sum of all frequencies"),
    sa.Column(
        "postings",
        ARRAY(sa.BigInteger),
        nullable=False,
        comment="chunk index << 32 | frequency << 16 | number of terms of the chunk",
    ),
    sa.PrimaryKeyConstraint("owner", "term", "document_id", "first_index"),
)

# Apart from the text, so that a scan over vectors reads nothing else; the migration keeps them inside the row.
chunk_embeddings = sa.Table(
    "chunk_embeddings",
    metadata,
    sa.Column("chunk_id", ID, nullable=False),
    sa.Column("owner", ID, nullable=False),
    sa.Column("document_id", ID, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("dimension", sa.SmallInteger, nullable=False),
    sa.Column("text_digest", ID, nullable=False, comment="MD5 of the text that the vector was made of"),
    sa.Column("embedding", HALFVEC, nullable=False),
    sa.PrimaryKeyConstraint("chunk_id", "model"),
    sa.Index(None, "owner", "document_id", "model", "dimension"),
)
