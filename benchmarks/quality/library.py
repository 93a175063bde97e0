"""A library in one process: the product's chunking, analysis, ranking and re-ranking, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.domain.documents import Chunk, Section
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.retrieval.chunking import chunks_of
from studyteddy.domain.retrieval.definitions import asked_for
from studyteddy.domain.retrieval.lexical import (
    CollectionStatistics,
    DocumentPostings,
    best_chunks,
    build_postings,
    statistics,
)
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.retrieval.reranking import POOL, Candidate, rerank
from studyteddy.domain.retrieval.wording import Wording, english_wording


@dataclass(frozen=True, slots=True)
class Found:
    """The passages for a query, with what it was searched by."""

    terms: list[str]
    known: CollectionStatistics
    passages: list[Passage]


@dataclass(slots=True)
class Library:
    """Documents by name, open to search once they are added."""

    analyzer: SnowballAnalyzer = field(default_factory=SnowballAnalyzer)
    postings: dict[str, DocumentPostings] = field(default_factory=dict)
    chunks: dict[str, list[Chunk]] = field(default_factory=dict)
    chunk_terms: dict[str, list[list[str]]] = field(default_factory=dict)
    wording: Wording = field(init=False)

    def __post_init__(self) -> None:
        self.wording = english_wording(self.analyzer.terms)

    def add(self, name: str, sections: Iterable[Section]) -> None:
        """Split, analyze and index a document."""
        chunks = list(chunks_of(DocumentId(uuid5(NAMESPACE_URL, name)), sections))
        terms = [self.analyzer.terms(chunk.text) for chunk in chunks]
        self.chunks[name], self.chunk_terms[name], self.postings[name] = chunks, terms, build_postings(terms)

    def search(self, query: str, *, only: str | None = None, limit: int = 10, pool: int = POOL) -> Found:
        """The best passages of all documents, or of the one called ``only``."""
        terms = self.analyzer.terms(query)
        weights = self.wording.weigh(terms)
        searched: Mapping[str, DocumentPostings] = {only: self.postings[only]} if only else self.postings
        known = statistics(searched.values(), weights)
        candidates = [
            Candidate(
                passage=self._passage(chunk.document, chunk.index, chunk.score),
                terms=self.chunk_terms[chunk.document][chunk.index],
            )
            for chunk in best_chunks(weights, searched, known, limit=pool)
        ]
        worth = {term: known.idf(term) * weight for term, weight in weights.items()}
        return Found(terms, known, rerank(terms, candidates, worth, limit=limit, thing=asked_for(query)))

    def _passage(self, name: str, index: int, score: float) -> Passage:
        chunk = self.chunks[name][index]
        return Passage(
            chunk_id=chunk.id,
            document_id=chunk.document_id,
            filename=name,
            title=name,
            locator=chunk.locator,
            text=chunk.text,
            score=score,
        )
