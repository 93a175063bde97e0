"""Filling the chunk index in PostgreSQL."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from studyteddy.adapters.postgres.copying import copy_packed, copy_rows
from studyteddy.adapters.postgres.documents import lock_document
from studyteddy.adapters.postgres.tables.documents import chunk_embeddings, chunks, document_terms, documents
from studyteddy.domain.documents import Chunk, Locator, LocatorUnit
from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.retrieval.lexical import DocumentPostings

MAX_DIMENSION = 4_000
"""A row with its vector has to fit into a page of 8 KiB: vectors outside of their row are many times slower to scan."""

_MOST = 0xFFFF
_INT8_OID = 20
_ARRAY_HEADER = ">iiIii"
_SAME_IN_ALL = struct.Struct(">hi16si16sii")
_LENGTH = struct.Struct(">i")
_OCCURRENCES = struct.Struct(">iii")
_ARRAY_OF_ONE = struct.Struct(_ARRAY_HEADER + "iq")
_CHUNK_TYPES = [
    ("id", "uuid"),
    ("document_id", "uuid"),
    ("position", "int4"),
    ("unit", "text"),
    ("number", "int4"),
    ("label", "text"),
    ("char_start", "int4"),
    ("char_end", "int4"),
    ("token_count", "int4"),
    ("text", "text"),
]
_TERM_COLUMNS = ["owner", "document_id", "first_index", "term", "occurrences", "postings"]
_VECTOR_TYPES = [
    ("chunk_id", "uuid"),
    ("owner", "uuid"),
    ("document_id", "uuid"),
    ("model", "text"),
    ("dimension", "int2"),
    ("text_digest", "uuid"),
    ("embedding", "bytea"),
]
_DIGEST = sa.cast(sa.func.md5(chunks.c.text), chunk_embeddings.c.text_digest.type)
_OF: sa.BindParameter[DocumentId] = sa.bindparam("document")
_CLEAR_RANGE = sa.delete(chunks).where(
    chunks.c.document_id == _OF, chunks.c.position.between(sa.bindparam("first"), sa.bindparam("last"))
)
_NOT_EMBEDDED = (
    sa.update(documents).where(documents.c.id == _OF, documents.c.embedded_by.is_not(None)).values(embedded_by=None)
)
_TRIM = sa.delete(chunks).where(chunks.c.document_id == _OF, chunks.c.position >= sa.bindparam("count"))
_UNCHANGED = sa.exists().where(chunks.c.id == chunk_embeddings.c.chunk_id, chunk_embeddings.c.text_digest == _DIGEST)
_DROP_STALE_VECTORS = sa.delete(chunk_embeddings).where(
    chunk_embeddings.c.owner == sa.bindparam("mine"), chunk_embeddings.c.document_id == _OF, ~_UNCHANGED
)
_CLEAR_TERMS = sa.delete(document_terms).where(document_terms.c.document_id == _OF)
_COUNT_TERMS = (
    sa.update(documents)
    .where(documents.c.id == _OF)
    .values(
        indexed_chunks=documents.c.indexed_chunks + sa.bindparam("more_chunks"),
        indexed_terms=documents.c.indexed_terms + sa.bindparam("more_terms"),
    )
)
_COUNT_NO_TERMS = sa.update(documents).where(documents.c.id == _OF).values(indexed_chunks=0, indexed_terms=0)
_WITHOUT_VECTOR = (
    sa.select(chunks)
    .where(chunks.c.document_id == _OF)
    .where(
        ~sa.exists().where(
            chunk_embeddings.c.chunk_id == chunks.c.id,
            chunk_embeddings.c.model == sa.bindparam("made_by"),
            chunk_embeddings.c.text_digest == _DIGEST,
        )
    )
    .order_by(chunks.c.position)
    .limit(sa.bindparam("most"))
)
_DIGESTS = sa.select(chunks.c.id, _DIGEST.label("digest")).where(
    chunks.c.document_id == _OF, chunks.c.id == sa.func.any(sa.bindparam("ids"))
)
_CLEAR_VECTORS = sa.delete(chunk_embeddings).where(
    chunk_embeddings.c.chunk_id == sa.func.any(sa.bindparam("ids")), chunk_embeddings.c.model == sa.bindparam("made_by")
)


class PostgresChunkWriter:
    """The ``ChunkWriter`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, owner: UserId, document_id: DocumentId, chunks_: Sequence[Chunk]) -> None:
        lock_document(self._connection, owner, document_id)
        if not chunks_:
            return
        self._connection.execute(_NOT_EMBEDDED, {"document": document_id})
        first, last = min(chunk.index for chunk in chunks_), max(chunk.index for chunk in chunks_)
        self._connection.execute(_CLEAR_RANGE, {"document": document_id, "first": first, "last": last})
        copy_rows(self._connection, chunks, _CHUNK_TYPES, map(_chunk_row, chunks_))

    def clear_postings(self, owner: UserId, document_id: DocumentId) -> None:
        lock_document(self._connection, owner, document_id)
        self._connection.execute(_CLEAR_TERMS, {"document": document_id})
        self._connection.execute(_COUNT_NO_TERMS, {"document": document_id})

    def put_postings(
        self, owner: UserId, document_id: DocumentId, postings: DocumentPostings, *, first_index: int = 0
    ) -> None:
        lock_document(self._connection, owner, document_id)
        rows = _term_rows(owner, document_id, postings, first_index)
        copy_packed(self._connection, document_terms, _TERM_COLUMNS, rows)
        more = {"more_chunks": len(postings.lengths), "more_terms": sum(postings.lengths)}
        self._connection.execute(_COUNT_TERMS, {"document": document_id, **more})

    def trim(self, owner: UserId, document_id: DocumentId, chunk_count: int) -> None:
        lock_document(self._connection, owner, document_id)
        self._connection.execute(_TRIM, {"document": document_id, "count": chunk_count})
        self._connection.execute(_DROP_STALE_VECTORS, {"document": document_id, "mine": owner})

    def without_vector(self, owner: UserId, document_id: DocumentId, model: str, *, limit: int) -> Sequence[Chunk]:
        lock_document(self._connection, owner, document_id)
        values = {"document": document_id, "made_by": model, "most": limit}
        return [chunk_of(row) for row in self._connection.execute(_WITHOUT_VECTOR, values)]

    def put_vectors(
        self, owner: UserId, document_id: DocumentId, model: str, vectors: Mapping[ChunkId, Sequence[float]]
    ) -> None:
        lock_document(self._connection, owner, document_id)
        ids = list(vectors)
        digests = self._connection.execute(_DIGESTS, {"document": document_id, "ids": ids}).all()
        self._connection.execute(_CLEAR_VECTORS, {"ids": ids, "made_by": model})
        rows = (
            (row.id, owner, document_id, model, len(vectors[row.id]), row.digest, half_vector(vectors[row.id]))
            for row in digests
        )
        copy_rows(self._connection, chunk_embeddings, _VECTOR_TYPES, rows)


def _chunk_row(chunk: Chunk) -> tuple[Any, ...]:
    at = chunk.locator
    return (
        chunk.id,
        chunk.document_id,
        chunk.index,
        at.unit.value,
        at.number,
        at.label,
        at.char_start,
        at.char_end,
        chunk.token_count,
        chunk.text,
    )


def chunk_of(row: Any) -> Chunk:
    """A row of ``chunks`` as a chunk."""
    return Chunk(
        id=ChunkId(row.id),
        document_id=DocumentId(row.document_id),
        index=row.position,
        text=row.text,
        locator=locator_of(row),
        token_count=row.token_count,
    )


def locator_of(row: Any) -> Locator:
    """Where the chunk of a row stands."""
    return Locator(
        unit=LocatorUnit(row.unit),
        number=row.number,
        label=row.label,
        char_start=row.char_start,
        char_end=row.char_end,
    )


def _term_rows(owner: UserId, document_id: DocumentId, postings: DocumentPostings, first_index: int) -> Iterator[bytes]:
    """Rows of ``document_terms`` as ``copy_packed`` takes them."""
    same = _SAME_IN_ALL.pack(len(_TERM_COLUMNS), 16, owner.bytes, 16, document_id.bytes, 4, first_index)
    lengths = [min(length, _MOST) for length in postings.lengths]
    # In the order of the primary key: neighbouring rows then share the index pages that they touch.
    for term, held in sorted(postings.terms.items()):
        packed = [
            (first_index + index) << 32 | (frequency if frequency < _MOST else _MOST) << 16 | lengths[index]
            for index, frequency in zip(held.chunks, held.frequencies, strict=True)
        ]
        name, array = term.encode(), _bigint_array(packed)
        yield b"".join(
            (same, _LENGTH.pack(len(name)), name, _OCCURRENCES.pack(4, sum(held.frequencies), len(array)), array)
        )


def _bigint_array(values: Sequence[int]) -> bytes:
    """A one-dimensional array of bigint in PostgreSQL's binary form; each element stands behind its length."""
    if len(values) == 1:  # half of the terms of a book occur once
        return _ARRAY_OF_ONE.pack(1, 0, _INT8_OID, 1, 1, 8, values[0])
    count = len(values)
    elements = [8] * (2 * count)
    elements[1::2] = values
    return _array_form(count).pack(1, 0, _INT8_OID, count, 1, *elements)


@lru_cache(maxsize=256)
def _array_form(count: int) -> struct.Struct:
    return struct.Struct(_ARRAY_HEADER + "iq" * count)


def half_vector(numbers: Sequence[float]) -> bytes:
    """A vector of 16-bit floats in pgvector's binary form."""
    count = len(numbers)
    if not 1 <= count <= MAX_DIMENSION:
        raise Invalid(f"Use an embedding model of 1 to {MAX_DIMENSION:,} dimensions.", code="bad_dimension")
    return struct.pack(f">HH{count}e", count, 0, *numbers)
