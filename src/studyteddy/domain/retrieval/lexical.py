"""Ranking by words: BM25 over postings kept per document, and how much each document is about the query.

::

    score(chunk) = bm25(chunk) - AFFINITY_WEIGHT * (highest affinity - affinity(document))

    bm25(chunk)  = sum over the query's terms t of
                   weight(t) * idf(t) * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / average_length))
    idf(t)       = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))

    affinity(d)  = sum over the query's terms t that any document holds of
                   weight(t) * ln((F(t, d) + M * P(t)) / ((L(d) + M) * P(t)))

For BM25, ``tf`` is how often the chunk holds t, ``length`` its number of terms, N the number of chunks searched, n(t)
how many of them hold t (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the
1 + inside the logarithm, as in Lucene, keeps idf positive for words in more than half of the chunks).
For the affinity, F(t, d) is how often document d holds t, L(d) its number of terms, P(t) the share of t among all terms
searched: it is the likelihood of the query under the document's language model with Dirichlet smoothing (Zhai and
Lafferty, 2004), against its likelihood under all documents. It tells the lecture on perceptrons from the novel that
happens to use the question's other words. The highest affinity is taken over the documents that hold a term of the
query; within one document nothing changes.

All sums run over the chunks that a search may see (one owner, after its filters): a word on every page of the one book
searched says nothing there, however rare it is in the rest of the library.
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
"""The usual values. 0.9..2.0 and 0.6..0.9 changed no measure of ``benchmarks/retrieval_quality.py`` by over 0.015."""

AFFINITY_WEIGHT = 0.8
AFFINITY_PRIOR_TERMS = 1000
"""M, in terms: a document shorter than this tells little about what it is about. Both by the same benchmark."""


@dataclass(frozen=True, slots=True)
class TermPostings:
    """In which chunks of one document a term occurs (``chunks``, indexes rising from 0) and how often in each."""

    chunks: tuple[int, ...]
    frequencies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentPostings:
    """All that ranking needs of one document: the number of terms of each chunk, and the postings of each term."""

    lengths: tuple[int, ...]
    terms: Mapping[str, TermPostings]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How many of the chunks searched hold a term, and how often it occurs in all of them together."""

    chunks: int
    occurrences: int


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """The chunks that a search may see: how many, how many terms in all, and the counts of the query's terms.

    A term that no chunk holds has no entry in ``counts``.
    """

    chunk_count: int
    total_length: int
    counts: Mapping[str, TermCounts]

    def idf(self, term: str) -> float:
        """How well a term tells chunks apart: above 0, highest for a term that no chunk holds."""
        holding = self.counts[term].chunks if term in self.counts else 0
        return math.log(1 + (self.chunk_count - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class ScoredChunk(Generic[Key]):
    """A chunk that holds terms of the query: its document, its index in it, and its score (unbounded)."""

    document: Key
    index: int
    score: float


class PostingsBuilder:
    """Collects the terms of a document's chunks, chunk by chunk in order, into its postings."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._places: dict[str, tuple[list[int], list[int]]] = {}

    def __len__(self) -> int:
        """How many chunks were added."""
        return len(self._lengths)

    def add(self, terms: Sequence[str]) -> None:
        """Take the terms of the next chunk."""
        index, places = len(self._lengths), self._places
        for term, frequency in Counter(terms).items():
            held = places.get(term)
            if held is None:
                places[term] = ([index], [frequency])
            else:
                held[0].append(index)
                held[1].append(frequency)
        self._lengths.append(len(terms))

    def build(self) -> DocumentPostings:
        """The postings of all chunks so far."""
        return DocumentPostings(
            lengths=tuple(self._lengths),
            terms={term: TermPostings(tuple(held[0]), tuple(held[1])) for term, held in self._places.items()},
        )


def build_postings(chunk_terms: Iterable[Sequence[str]]) -> DocumentPostings:
    """Turn the terms of a document's chunks, in chunk order, into its postings."""
    builder = PostingsBuilder()
    for terms in chunk_terms:
        builder.add(terms)
    return builder.build()


def statistics(documents: Iterable[DocumentPostings], terms: Iterable[str]) -> CollectionStatistics:
    """Count ``terms`` over the documents that a search may see."""
    wanted = frozenset(terms)
    chunk_count = total_length = 0
    chunks: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for document in documents:
        chunk_count += len(document.lengths)
        total_length += sum(document.lengths)
        for term in wanted & document.terms.keys():
            chunks[term] += len(document.terms[term].chunks)
            occurrences[term] += sum(document.terms[term].frequencies)
    return CollectionStatistics(
        chunk_count=chunk_count,
        total_length=total_length,
        counts={term: TermCounts(chunks[term], occurrences[term]) for term in chunks},
    )


def best_chunks(
    query: Mapping[str, float],
    documents: Mapping[Key, DocumentPostings],
    known: CollectionStatistics,
    *,
    limit: int,
) -> list[ScoredChunk[Key]]:
    """The ``limit`` best chunks of ``documents`` for a query (weight of each term), best first.

    ``known`` counts the same documents. Chunks without a term of the query are left out. Equal scores stand in the
    order of ``documents``, then of chunk index.
    """
    holding = {key: document for key, document in documents.items() if not query.keys().isdisjoint(document.terms)}
    affinities = {key: affinity(query, document, known) for key, document in holding.items()}
    highest = max(affinities.values(), default=0.0)
    found = [
        ScoredChunk(key, index, score - AFFINITY_WEIGHT * (highest - affinities[key]))
        for key, document in holding.items()
        for index, score in sorted(bm25(query, document, known).items())
    ]
    return sorted(found, key=lambda chunk: -chunk.score)[:limit]


def bm25(query: Mapping[str, float], document: DocumentPostings, known: CollectionStatistics) -> dict[int, float]:
    """The BM25 score of each chunk of one document that holds a term of the query, by chunk index."""
    scores: dict[int, float] = {}
    for term, weight in query.items():
        postings = document.terms.get(term)
        if postings is None:
            continue
        gain = weight * known.idf(term) * (K1 + 1)
        average = known.total_length / known.chunk_count
        for index, frequency in zip(postings.chunks, postings.frequencies, strict=True):
            saturation = K1 * (1 - B + B * document.lengths[index] / average)
            scores[index] = scores.get(index, 0.0) + gain * frequency / (frequency + saturation)
    return scores


def affinity(query: Mapping[str, float], document: DocumentPostings, known: CollectionStatistics) -> float:
    """How much likelier the query is in this document than in all documents together (logarithm; may be negative)."""
    held = {term: sum(document.terms[term].frequencies) for term in query if term in document.terms}
    return affinity_by_counts(query, held, sum(document.lengths), known)


def affinity_by_counts(
    query: Mapping[str, float], occurrences: Mapping[str, int], length: int, known: CollectionStatistics
) -> float:
    """The affinity of a document of ``length`` terms that holds the query's terms this often."""
    total = 0.0
    for term, weight in query.items():
        if term not in known.counts:
            continue
        share = known.counts[term].occurrences / known.total_length
        smoothed = (occurrences.get(term, 0) + AFFINITY_PRIOR_TERMS * share) / (length + AFFINITY_PRIOR_TERMS)
        total += weight * math.log(smoothed / share)
    return total
