"""Ranking by words: BM25 over postings kept per document.

The formula (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.4)::

    score(chunk) = sum over the distinct query terms t of
                   weight(t) * idf(t) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average_length))
    idf(t)       = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))

``tf`` is how often the chunk holds t, ``length`` its number of terms, N the number of chunks that are searched, n(t) how
many of them hold t, ``weight(t)`` how often the query holds t. N, n and the average length are taken over the chunks
that the search may see (one owner, after its filters): a word that stands on every page of the one book searched says
nothing there, however rare it is in the rest of the library. The 1 + inside the logarithm (as in Lucene) keeps idf
positive for words in more than half of the chunks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class TermPostings:
    """In which chunks of one document a term occurs (``chunks``, indexes rising from 0) and how often in each."""

    chunks: tuple[int, ...]
    frequencies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentPostings:
    """All that BM25 needs of one document: the number of terms of each chunk, and the postings of each term."""

    lengths: tuple[int, ...]
    terms: Mapping[str, TermPostings]


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """What a search needs to know of the chunks it may see: how many, their average length, and n(t) of query terms."""

    chunk_count: int
    average_length: float
    chunks_with: Mapping[str, int]

    def idf(self, term: str) -> float:
        """How much a term tells apart, above 0; highest for a term that no chunk holds."""
        holding = self.chunks_with.get(term, 0)
        return math.log(1 + (self.chunk_count - holding + 0.5) / (holding + 0.5))


def build_postings(chunk_terms: Sequence[Sequence[str]]) -> DocumentPostings:
    """Turn the terms of a document's chunks, in chunk order, into its postings."""
    places: dict[str, tuple[list[int], list[int]]] = {}
    for index, terms in enumerate(chunk_terms):
        for term, frequency in Counter(terms).items():
            chunks, frequencies = places.setdefault(term, ([], []))
            chunks.append(index)
            frequencies.append(frequency)
    return DocumentPostings(
        lengths=tuple(map(len, chunk_terms)),
        terms={term: TermPostings(tuple(chunks), tuple(counts)) for term, (chunks, counts) in places.items()},
    )


@dataclass(frozen=True, slots=True)
class ScoredChunk(Generic[Key]):
    """A chunk found by BM25: its document, its index in it, and its score (above 0, unbounded)."""

    document: Key
    index: int
    score: float


def statistics(documents: Iterable[DocumentPostings], query_terms: Iterable[str]) -> CollectionStatistics:
    """Count what ``bm25`` needs over the documents that a search may see."""
    wanted = set(query_terms)
    chunk_count = total_length = 0
    chunks_with: Counter[str] = Counter()
    for document in documents:
        chunk_count += len(document.lengths)
        total_length += sum(document.lengths)
        for term in wanted & document.terms.keys():
            chunks_with[term] += len(document.terms[term].chunks)
    return CollectionStatistics(
        chunk_count=chunk_count,
        average_length=total_length / chunk_count if chunk_count else 0.0,
        chunks_with=chunks_with,
    )


def bm25(
    query: Mapping[str, float], documents: Mapping[Key, DocumentPostings], *, limit: int, k1: float = K1, b: float = B
) -> list[ScoredChunk[Key]]:
    """The ``limit`` best chunks of ``documents`` for a weighted query, best first.

    Chunks without a query term are left out. Equal scores stand in the order of ``documents``, then of chunk index.
    """
    known = statistics(documents.values(), query)
    found: list[ScoredChunk[Key]] = []
    for key, document in documents.items():
        scores: dict[int, float] = {}
        for term, weight in query.items():
            postings = document.terms.get(term)
            if postings is None:
                continue
            gain = weight * known.idf(term) * (k1 + 1)
            for index, frequency in zip(postings.chunks, postings.frequencies, strict=True):
                norm = k1 * (1 - b + b * document.lengths[index] / known.average_length)
                scores[index] = scores.get(index, 0.0) + gain * frequency / (frequency + norm)
        found.extend(ScoredChunk(key, index, scores[index]) for index in sorted(scores))
    return sorted(found, key=lambda chunk: -chunk.score)[:limit]
