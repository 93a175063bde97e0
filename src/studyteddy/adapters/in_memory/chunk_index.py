"""Chunks and their search in memory: the formulas of the domain over plain dictionaries."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import mul
from uuid import UUID

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.chunk_index import LexicalMatches, Match
from studyteddy.domain.documents import Chunk, Document, DocumentStatus
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.retrieval.lexical import DocumentPostings, TermPostings, best_chunks, statistics
from studyteddy.domain.retrieval.passages import Passage, SearchFilters

INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vector:
    """A vector and the text that it was made of."""

    numbers: tuple[float, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What is known of one document: the model that all of its chunks have vectors of, chunks by index, postings by
    first index, vectors by model and chunk."""

    embedded_by: str | None = None
    chunks: Mapping[int, Chunk] = field(default_factory=dict)
    postings: Mapping[int, DocumentPostings] = field(default_factory=dict)
    vectors: Mapping[tuple[str, ChunkId], _Vector] = field(default_factory=dict)


class InMemoryChunkIndex:
    """The ``ChunkWriter`` and ``ChunkIndex`` ports over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    @property
    def _documents(self) -> dict[UUID, Document]:
        return self._store.table("documents")

    def of(self, document_id: DocumentId) -> Indexed:
        """What is known of a document; nothing of one that was never read."""
        found: Indexed = self._store.table(INDEX).get(document_id, Indexed())
        return found

    def mine(self, owner: UserId, document_id: DocumentId) -> Indexed:
        """What is known of a document of its owner, else ``NotFound``."""
        document = self._documents.get(document_id)
        if document is None or document.owner != owner:
            raise NotFound("There is no such document.")
        return self.of(document_id)

    def put(self, owner: UserId, document_id: DocumentId, chunks: Sequence[Chunk]) -> None:
        known = self.mine(owner, document_id)
        merged = {**known.chunks, **{chunk.index: chunk for chunk in chunks}}
        self._journal.put(INDEX, document_id, replace(known, chunks=merged, embedded_by=None))

    def clear_postings(self, owner: UserId, document_id: DocumentId) -> None:
        self._journal.put(INDEX, document_id, replace(self.mine(owner, document_id), postings={}))

    def put_postings(
        self, owner: UserId, document_id: DocumentId, postings: DocumentPostings, *, first_index: int = 0
    ) -> None:
        known = self.mine(owner, document_id)
        self._journal.put(INDEX, document_id, replace(known, postings={**known.postings, first_index: postings}))

    def trim(self, owner: UserId, document_id: DocumentId, chunk_count: int) -> None:
        known = self.mine(owner, document_id)
        chunks = {index: chunk for index, chunk in known.chunks.items() if index < chunk_count}
        texts = {chunk.id: chunk.text for chunk in chunks.values()}
        vectors = {key: vector for key, vector in known.vectors.items() if texts.get(key[1]) == vector.text}
        self._journal.put(INDEX, document_id, replace(known, chunks=chunks, vectors=vectors))

    def without_vector(self, owner: UserId, document_id: DocumentId, model: str, *, limit: int) -> Sequence[Chunk]:
        known = self.mine(owner, document_id)
        lacking = (
            known.chunks[index] for index in sorted(known.chunks) if not _is_embedded(known, model, known.chunks[index])
        )
        return [chunk for chunk, _ in zip(lacking, range(limit), strict=False)]

    def put_vectors(
        self, owner: UserId, document_id: DocumentId, model: str, vectors: Mapping[ChunkId, Sequence[float]]
    ) -> None:
        known = self.mine(owner, document_id)
        texts = {chunk.id: chunk.text for chunk in known.chunks.values()}
        fresh = {
            (model, chunk_id): _Vector(numbers=_as_halves(numbers), text=texts[chunk_id])
            for chunk_id, numbers in vectors.items()
            if chunk_id in texts
        }
        self._journal.put(INDEX, document_id, replace(known, vectors={**known.vectors, **fresh}))

    def _searched(self, owner: UserId, filters: SearchFilters) -> dict[DocumentId, Indexed]:
        """What is known of the documents that a search may see, by id in order."""
        seen = (
            document
            for document in self._documents.values()
            if document.owner == owner
            and document.status is DocumentStatus.READY
            and (filters.document_ids is None or document.id in filters.document_ids)
            and filters.subject in (None, document.subject)
        )
        return {document.id: self.of(document.id) for document in sorted(seen, key=lambda document: document.id)}

    def lexical(
        self, owner: UserId, query: Mapping[str, float], filters: SearchFilters, *, limit: int
    ) -> LexicalMatches:
        searched = self._searched(owner, filters)
        postings = {document_id: _merged(indexed.postings) for document_id, indexed in searched.items()}
        known = statistics(postings.values(), query)
        best = best_chunks(query, postings, known, limit=limit)
        return LexicalMatches(
            matches=tuple(Match(searched[found.document].chunks[found.index].id, found.score) for found in best),
            known=known,
        )

    def dense(
        self, owner: UserId, model: str, vector: Sequence[float], filters: SearchFilters, *, limit: int
    ) -> Sequence[Match]:
        wanted = _as_halves(vector)
        found = [
            Match(chunk_id, sum(map(mul, wanted, kept.numbers)))
            for indexed in self._searched(owner, filters).values()
            if indexed.embedded_by == model
            for (made_by, chunk_id), kept in indexed.vectors.items()
            if made_by == model and len(kept.numbers) == len(wanted)
        ]
        return sorted(found, key=lambda match: (-match.score, match.chunk_id))[:limit]

    def unembedded(self, owner: UserId, model: str, filters: SearchFilters) -> frozenset[DocumentId]:
        searched = self._searched(owner, filters)
        return frozenset(document for document, indexed in searched.items() if indexed.embedded_by != model)

    def passages(self, owner: UserId, matches: Sequence[Match]) -> list[Passage]:
        wanted = {match.chunk_id for match in matches}
        found = {
            chunk.id: (document, chunk)
            for document in self._documents.values()
            if document.owner == owner and document.status is DocumentStatus.READY
            for chunk in self.of(document.id).chunks.values()
            if chunk.id in wanted
        }
        return [_passage(*found[match.chunk_id], match.score) for match in matches if match.chunk_id in found]


def _is_embedded(known: Indexed, model: str, chunk: Chunk) -> bool:
    vector = known.vectors.get((model, chunk.id))
    return vector is not None and vector.text == chunk.text


def _as_halves(numbers: Iterable[float]) -> tuple[float, ...]:
    """The numbers with the precision of 16-bit floats."""
    numbers = tuple(numbers)
    form = f"<{len(numbers)}e"
    return struct.unpack(form, struct.pack(form, *numbers))


def _merged(parts: Mapping[int, DocumentPostings]) -> DocumentPostings:
    """The postings of a document that were told in parts as one."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    lengths: list[int] = []
    chunks: dict[str, list[int]] = {}
    frequencies: dict[str, list[int]] = {}
    for first, part in sorted(parts.items()):
        lengths += part.lengths
        for term, postings in part.terms.items():
            chunks.setdefault(term, []).extend(first + index for index in postings.chunks)
            frequencies.setdefault(term, []).extend(postings.frequencies)
    terms = {term: TermPostings(tuple(chunks[term]), tuple(frequencies[term])) for term in chunks}
    return DocumentPostings(lengths=tuple(lengths), terms=terms)


def _passage(document: Document, chunk: Chunk, score: float) -> Passage:
    return Passage(
        chunk_id=chunk.id,
        document_id=document.id,
        filename=document.filename,
        title=document.title,
        locator=chunk.locator,
        text=chunk.text,
        score=score,
    )
