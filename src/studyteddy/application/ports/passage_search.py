"""Searching a student's documents, as seen by other use cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.ids import UserId
from studyteddy.domain.retrieval.lexical import CollectionStatistics
from studyteddy.domain.retrieval.passages import Passage, SearchFilters
from studyteddy.domain.retrieval.support import Support

EVERYTHING = SearchFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The passages found, best first, and how well they cover the query.

    ``terms`` are the search terms of the query in its order; ``known`` counts them over all chunks that were searched;
    ``support`` judges by both whether an answer should be tried.
    """

    passages: tuple[Passage, ...]
    terms: tuple[str, ...]
    known: CollectionStatistics
    support: Support


class PassageSearch(Protocol):
    """The one way to find passages: the search page and the tutor go through it (``application.retrieval``)."""

    def __call__(
        self, *, owner: UserId, query: str, filters: SearchFilters = EVERYTHING, limit: int = 8
    ) -> SearchResults:
        """The best ``limit`` (1..50) passages of the owner's ready documents. ``Invalid`` for an empty query, one over
        2,000 characters (longer ones are for people to shorten), or a limit out of range."""
        ...
