"""Find the passages of a student's documents that speak of a question."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from studyteddy.application.ports.chunk_index import LexicalMatches, Match
from studyteddy.application.ports.embedder import Embedder
from studyteddy.application.ports.passage_search import EVERYTHING, SearchResults
from studyteddy.application.ports.text_analyzer import TextAnalyzer
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.errors import Invalid, StudyTeddyError
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.retrieval.definitions import asked_for
from studyteddy.domain.retrieval.fusion import filled, reciprocal_rank_fusion
from studyteddy.domain.retrieval.passages import Passage, SearchFilters
from studyteddy.domain.retrieval.reranking import POOL, Candidate, rerank, spread
from studyteddy.domain.retrieval.support import PASSAGES_READ, support
from studyteddy.domain.retrieval.wording import Wording
from studyteddy.domain.text_rules import require_storable

log = logging.getLogger(__name__)

MAX_QUERY = 2_000
MAX_LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPassages:
    """The ``PassageSearch`` port: by words, and by meaning as well where an embedder is configured.

    The best chunks by words get a second look at how their words stand together; with an embedder, that ranking and
    the one by vectors are fused. While the embedder can't be reached, words alone decide, and so they do for documents
    that have no vectors of its model yet.
    """

    unit_of_work: UnitOfWorkFactory
    analyzer: TextAnalyzer
    wording: Wording
    embedder: Embedder | None = None

    def __call__(
        self, *, owner: UserId, query: str, filters: SearchFilters = EVERYTHING, limit: int = 8
    ) -> SearchResults:
        text = _checked(query, limit)
        terms = self.analyzer.terms(text)
        weights = self.wording.weigh(terms)
        vector = self._vector(text)
        with self.unit_of_work() as uow:
            by_words = uow.chunk_index.lexical(owner, weights, filters, limit=POOL)
            by_meaning = self._by_meaning(uow, owner, vector, filters)
            unembedded = self._unembedded(uow, owner, filters) if by_meaning else frozenset()
            found = uow.chunk_index.passages(owner, _distinct([*by_words.matches, *by_meaning]))
        read = {passage.chunk_id: self.analyzer.terms(passage.text) for passage in found}
        worth = {term: by_words.known.idf(term) * weight for term, weight in weights.items()}
        ranking = rerank(terms, _candidates(found, by_words, read), worth, limit=POOL, thing=asked_for(text))
        if by_meaning:
            ranking = _fused(ranking, by_meaning, found, unembedded)
        passages = tuple(spread(ranking, limit=limit))
        evidence = [frozenset(read[passage.chunk_id]) for passage in passages[:PASSAGES_READ]]
        return SearchResults(
            passages=passages,
            terms=tuple(terms),
            known=by_words.known,
            support=support(terms, evidence, by_words.known, self.wording),
        )

    def _vector(self, text: str) -> list[float] | None:
        if self.embedder is None:
            return None
        try:
            return self.embedder.embed([text])[0]
        except StudyTeddyError as fault:
            log.warning("searching by words alone, the embedder refused: %s", fault.code)
            return None

    def _by_meaning(
        self, uow: UnitOfWork, owner: UserId, vector: list[float] | None, filters: SearchFilters
    ) -> list[Match]:
        if self.embedder is None or vector is None:
            return []
        return list(uow.chunk_index.dense(owner, self.embedder.model, vector, filters, limit=POOL))

    def _unembedded(self, uow: UnitOfWork, owner: UserId, filters: SearchFilters) -> frozenset[DocumentId]:
        if self.embedder is None:
            return frozenset()
        return uow.chunk_index.unembedded(owner, self.embedder.model, filters)


def _checked(query: str, limit: int) -> str:
    text = query.strip()
    if not text:
        raise Invalid.field("query", "Write what you are looking for.", code="empty_query")
    require_storable("query", text, limit=MAX_QUERY)
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid.field("limit", f"Ask for 1 to {MAX_LIMIT} passages.")
    return text


def _distinct(matches: list[Match]) -> list[Match]:
    first: dict[ChunkId, Match] = {}
    for match in matches:
        first.setdefault(match.chunk_id, match)
    return list(first.values())


def _candidates(found: list[Passage], by_words: LexicalMatches, read: dict[ChunkId, list[str]]) -> list[Candidate]:
    named = {match.chunk_id for match in by_words.matches}
    return [Candidate(passage=passage, terms=read[passage.chunk_id]) for passage in found if passage.chunk_id in named]


def _fused(
    ranking: list[Passage], by_meaning: list[Match], found: list[Passage], unembedded: frozenset[DocumentId]
) -> list[Passage]:
    passages = {passage.chunk_id: passage for passage in found}
    words = [passage.chunk_id for passage in ranking]
    unranked = {passage.chunk_id for passage in ranking if passage.document_id in unembedded}
    meaning = filled([match.chunk_id for match in by_meaning], unranked=unranked, by=words)
    fused = reciprocal_rank_fusion([words, meaning])
    return [replace(passages[chunk_id], score=score) for chunk_id, score in fused if chunk_id in passages]
