"""Do the documents answer a question at all, or do they merely share some of its words?"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from studyteddy.domain.retrieval.lexical import CollectionStatistics
from studyteddy.domain.retrieval.wording import Wording

ENOUGH = 0.52
"""The confidence from which the documents count as answering: the lowest that refuses four in five unanswerable
questions of the half that the figures below were fitted on. By ``benchmarks/retrieval_quality.py`` on the other half
(191 questions that the documents answer, 51 that they don't): searching all 24 documents, 80 % of the unanswerable ones
stay below and 16 % of the answerable ones; searching one document, 84 % and 20 %. Of questions from another or a
neighbouring field more than 9 in 10 stay below, of those made of a document's own words 6 in 10. On questions made by
hand so that nothing but the answer is missing (SQuAD 2.0) words alone tell nothing."""

PASSAGES_READ = 5

EVERYDAY_WORTH = 0.15
RELATED_CREDIT = 0.5

INTERCEPT = -3.7
COVERAGE_WEIGHT = 6.1
UNKNOWN_WEIGHT = -1.75
SIZE_WEIGHT = -0.9
LENGTH_WEIGHT = 2.05
"""Logistic regression, both kinds of question weighing the same, over half of those questions, each asked once of the
whole library and once of one document. In a large library more words are found by chance, so the same coverage means
less; of a long question seldom every word is found, so the same coverage means more."""


@dataclass(frozen=True, slots=True)
class Support:
    """How well the best passages cover a question.

    ``coverage`` (0..1) is the share of the question's worth that the best single passage holds, ``unknown`` (0..1) the
    share that no searched chunk holds, ``confidence`` (0..1) how probable it is that the documents answer, where half
    of all questions are answered.
    """

    coverage: float
    unknown: float
    confidence: float

    @property
    def is_enough(self) -> bool:
        """Whether an answer should be tried; else "your documents do not say"."""
        return self.confidence >= ENOUGH


NO_SUPPORT = Support(coverage=0.0, unknown=1.0, confidence=0.0)


def support(
    query_terms: Sequence[str],
    passages: Sequence[Collection[str]],
    known: CollectionStatistics,
    wording: Wording,
) -> Support:
    """Judge the terms of the best passages (best first) for a question; ``known`` counts the chunks searched."""
    terms = list(dict.fromkeys(query_terms))
    if not terms or not passages or not known.chunk_count:
        return NO_SUPPORT
    worth = {term: known.idf(term) * (EVERYDAY_WORTH if term in wording.everyday else 1.0) for term in terms}
    covered = max(coverage(passage, worth, wording.related) for passage in passages[:PASSAGES_READ])
    unknown = sum(worth[term] for term in terms if term not in known.counts) / sum(worth.values())
    evidence = (
        INTERCEPT
        + COVERAGE_WEIGHT * covered
        + UNKNOWN_WEIGHT * unknown
        + SIZE_WEIGHT * math.log10(known.chunk_count)
        + LENGTH_WEIGHT * math.log(1 + len(terms))
    )
    return Support(coverage=covered, unknown=unknown, confidence=1 / (1 + math.exp(-evidence)))


def coverage(
    passage: Collection[str], worth: Mapping[str, float], related: Mapping[str, Sequence[str]] | None = None
) -> float:
    """The share (0..1) of the worth of a question's terms that a passage holds; a related term counts half."""
    total = sum(worth.values())
    if not total:
        return 0.0
    terms = frozenset(passage)
    others = related or {}
    held = sum(
        value * (1.0 if term in terms else 0.0 if terms.isdisjoint(others.get(term, ())) else RELATED_CREDIT)
        for term, value in worth.items()
    )
    return held / total
