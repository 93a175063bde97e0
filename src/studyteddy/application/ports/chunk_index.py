"""Chunks, and what search knows about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.documents import Chunk
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.retrieval.lexical import CollectionStatistics, DocumentPostings
from studyteddy.domain.retrieval.passages import Passage, SearchFilters


@dataclass(frozen=True, slots=True)
class Match:
    """A chunk that fits a query, and how well: higher is better, comparable within one ranking only."""

    chunk_id: ChunkId
    score: float


@dataclass(frozen=True, slots=True)
class LexicalMatches:
    """The best chunks by their words, best first, and the counts that they were ranked by."""

    matches: tuple[Match, ...]
    known: CollectionStatistics


class ChunkWriter(Protocol):
    """Filling the index, document by document. All writes replace: doing them twice gives the same rows."""

    def put(self, owner: UserId, document_id: DocumentId, chunks: Sequence[Chunk]) -> None:
        """Keep chunks by their indexes. A chunk whose text is the same as before keeps its vectors, but the document
        no longer counts as embedded."""
        ...

    def clear_postings(self, owner: UserId, document_id: DocumentId) -> None:
        """Forget which terms the chunks hold, before they are told anew."""
        ...

    def put_postings(
        self, owner: UserId, document_id: DocumentId, postings: DocumentPostings, *, first_index: int = 0
    ) -> None:
        """Keep the terms of consecutive chunks, the first of which has index ``first_index``.

        A long document is told in several parts, each once; ``postings`` counts its chunks from 0.
        """
        ...

    def trim(self, owner: UserId, document_id: DocumentId, chunk_count: int) -> None:
        """Forget the chunks from index ``chunk_count`` on, and the vectors of chunks that have changed."""
        ...

    def without_vector(self, owner: UserId, document_id: DocumentId, model: str, *, limit: int) -> Sequence[Chunk]:
        """Up to ``limit`` chunks that have no vector of the model yet, in order of index."""
        ...

    def put_vectors(
        self, owner: UserId, document_id: DocumentId, model: str, vectors: Mapping[ChunkId, Sequence[float]]
    ) -> None:
        """Keep one vector of the model for each of these chunks; those of other models stay."""
        ...


class ChunkIndex(Protocol):
    """Searching the owner's own chunks of documents that are ready, exactly: nothing that fits better is left out."""

    def lexical(
        self, owner: UserId, query: Mapping[str, float], filters: SearchFilters, *, limit: int
    ) -> LexicalMatches:
        """Rank by words, as ``domain.retrieval.lexical.best_chunks`` does with the weights of the query's terms.

        Equal scores stand in the order of document ids, then of chunk indexes.
        """
        ...

    def dense(
        self, owner: UserId, model: str, vector: Sequence[float], filters: SearchFilters, *, limit: int
    ) -> Sequence[Match]:
        """Rank by the inner product with the chunks' vectors of the same model and dimension, best first.

        Only documents that are embedded by the model as a whole are ranked. Numbers are kept with the precision of
        16-bit floats. Equal scores stand in the order of chunk ids.
        """
        ...

    def unembedded(self, owner: UserId, model: str, filters: SearchFilters) -> frozenset[DocumentId]:
        """The documents that ``lexical`` searches and ``dense`` can't rank."""
        ...

    def passages(self, owner: UserId, matches: Sequence[Match]) -> list[Passage]:
        """The text and place of each match, in the same order with the same scores; chunks that are gone stay out."""
        ...
