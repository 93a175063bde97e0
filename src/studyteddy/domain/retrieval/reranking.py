"""A second look at the best chunks: do the query's words stand together, does the rest of the page agree, and do the
passages come from many places?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studyteddy.domain.retrieval.definitions import defines
from studyteddy.domain.retrieval.passages import Passage

POOL = 50
"""How many chunks get the second look. Right pages that lie deeper than this are hardly ever lifted to the front."""

NEARNESS_WEIGHT = 0.5
NEARNESS_WINDOW = 8
"""Two neighbouring words of the question that stand next to each other in a passage add half of the worth of the lesser
one; apart, that divided by their distance in terms, up to this distance. By ``benchmarks/retrieval_quality.py``."""

DEFINITION_WEIGHT = 1.0
"""The worth of the whole question is added to a passage that says what the thing is: as much as if it held every word
of it once more."""

NEIGHBOUR_SHARE = 0.15
"""The share of the score of the best other candidate from its page, slide or section that a passage gets. A page that
speaks of the question twice is likelier the right one; a larger share brings in pages that are merely long."""

PLACE_CHARS = 4000
"""A section longer than this, as a chapter of an e-book, counts as several places. A printed page holds up to 3,400."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage found by its words, with the terms of its text in reading order."""

    passage: Passage
    terms: Sequence[str]


def rerank(
    query_terms: Sequence[str],
    candidates: Iterable[Candidate],
    worth: Mapping[str, float],
    *,
    limit: int,
    thing: str | None = None,
) -> list[Passage]:
    """The best ``limit`` passages, best first, spread over the places that they come from.

    ``query_terms`` stand in the order of the question; ``worth`` is the idf of a term times its weight in the query.
    Each passage keeps its score and gains for words that stand together as they do in the question, for saying what the
    ``thing`` is that the question asks for, and for another candidate from the same place.
    """
    definition = DEFINITION_WEIGHT * sum(worth.get(term, 0.0) for term in set(query_terms))
    near = [
        replace(
            candidate.passage,
            score=candidate.passage.score
            + nearness(query_terms, candidate.terms, worth)
            + (definition if thing is not None and defines(candidate.passage.text, thing) else 0.0),
        )
        for candidate in candidates
    ]
    return spread(sorted(_supported(near), key=lambda passage: -passage.score), limit=limit)


def _supported(passages: Sequence[Passage]) -> Iterator[Passage]:
    scores: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    for passage in passages:
        scores[_place(passage)].append(passage.score)
    for passage in passages:
        others = scores[_place(passage)].copy()
        others.remove(passage.score)
        yield replace(passage, score=passage.score + NEIGHBOUR_SHARE * max(0.0, max(others, default=0.0)))


def _place(passage: Passage) -> tuple[object, ...]:
    locator = passage.locator
    return passage.document_id, locator.unit, locator.number, locator.char_start // PLACE_CHARS


def spread(ranking: Iterable[Passage], *, limit: int) -> list[Passage]:
    """The first ``limit`` passages of a ranking, where a second passage of a page, slide or short section comes last.

    Somebody who looks at five passages then sees five places. Otherwise the order stays, and so do the scores.
    """
    first: list[Passage] = []
    again: list[Passage] = []
    seen: set[tuple[object, ...]] = set()
    for passage in ranking:
        (again if _place(passage) in seen else first).append(passage)
        seen.add(_place(passage))
    return (first + again)[:limit]


def nearness(query_terms: Sequence[str], terms: Sequence[str], worth: Mapping[str, float]) -> float:
    """What a passage gains for pairs of neighbouring question words that stand close together in it; 0 or more."""
    pairs = [(one, other) for one, other in pairwise(query_terms) if one != other]
    wanted = {term for pair in pairs for term in pair}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, term in enumerate(terms):
        if term in wanted:
            places[term].append(position)
    gain = 0.0
    for one, other in pairs:
        distance = _smallest_distance(places[one], places[other])
        if distance is not None and distance <= NEARNESS_WINDOW:
            gain += min(worth.get(one, 0.0), worth.get(other, 0.0)) / distance
    return NEARNESS_WEIGHT * gain


def _smallest_distance(some: Sequence[int], others: Sequence[int]) -> int | None:
    """The smallest distance between two rising lists of places without a common one; None where one is empty."""
    best: int | None = None
    left = right = 0
    while left < len(some) and right < len(others):
        distance = abs(some[left] - others[right])
        best = distance if best is None else min(best, distance)
        if some[left] < others[right]:
            left += 1
        else:
            right += 1
    return best
