"""Searching chunks in PostgreSQL: BM25 and inner products, exact over all chunks that the owner may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from studyteddy.adapters.postgres.chunk_writer import locator_of
from studyteddy.adapters.postgres.tables.documents import chunk_embeddings, chunks, documents
from studyteddy.application.ports.chunk_index import LexicalMatches, Match
from studyteddy.domain.documents import DocumentStatus
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.lexical import (
    AFFINITY_WEIGHT,
    K1,
    B,
    CollectionStatistics,
    TermCounts,
    affinity_by_counts,
)
from studyteddy.domain.retrieval.passages import Passage, SearchFilters

_READY = documents.c.status == DocumentStatus.READY.value
_SEARCHED = (
    sa.select(documents.c.id, documents.c.indexed_chunks, documents.c.indexed_terms, documents.c.embedded_by)
    .where(documents.c.owner == sa.bindparam("of"), _READY)
    .order_by(documents.c.id)
)
_COUNTS = sa.text("""
    select document_id, term, sum(cardinality(postings))::int as chunks, sum(occurrences)::int as occurrences
    from document_terms
    where owner = :of and term = any(:terms) and document_id = any(:searched)
    group by document_id, term
""")
_PLACE_BITS = 22
"""A place packs the number of its document, from 1 in the order of ids, and the index of the chunk: numbers are grouped
and sorted faster than pairs, and numbers below 2^32 hash without collisions. Four million chunks are more than the
largest document can have."""

# A posting packs chunk index, frequency and chunk length. The formula is that of BM25, divided by the frequency. Scores
# are rounded for the order, so that chunks with the same terms stay in the order of their places, whatever the order in
# which their terms were summed up.
LEXICAL = sa.text(f"""
    with posting as (
        select far.number << {_PLACE_BITS} as document, wanted.gain, unnest(term.postings) as packed
        from unnest(cast(:terms as text[]), cast(:gains as float8[])) as wanted (term, gain)
        join document_terms as term
            on term.owner = :of and term.term = wanted.term collate "C" and term.document_id = any(:searched)
        join unnest(cast(:searched as uuid[])) with ordinality as far (id, number) on far.id = term.document_id
    ), scored as (
        select document | (packed >> 32) as place,
            sum(gain / (1 + (:base + :slope * (packed & 65535)) / (packed >> 16 & 65535))) as score
        from posting
        group by document | (packed >> 32)
    ), penalised as (
        select place, score - (cast(:penalties as float8[]))[place >> {_PLACE_BITS}] as score
        from scored
    )
    select place, score
    from penalised
    order by round(score * 1e9) desc, place
    limit :most
""")  # noqa: S608 - the only thing put in is a constant
_DISTANCE = chunk_embeddings.c.embedding.max_inner_product(
    sa.bindparam("wanted", type_=chunk_embeddings.c.embedding.type)
).label("distance")  # the negative inner product
DENSE = (
    sa.select(chunk_embeddings.c.chunk_id, _DISTANCE)
    .where(chunk_embeddings.c.owner == sa.bindparam("of"), chunk_embeddings.c.model == sa.bindparam("made_by"))
    .where(chunk_embeddings.c.dimension == sa.bindparam("size"))
    .where(chunk_embeddings.c.document_id == sa.func.any(sa.bindparam("searched")))
    .order_by(_DISTANCE, chunk_embeddings.c.chunk_id)
    .limit(sa.bindparam("most"))
)
_PASSAGES = (
    sa.select(chunks, documents.c.filename, documents.c.title)
    .join(documents, documents.c.id == chunks.c.document_id)
    .where(chunks.c.id == sa.func.any(sa.bindparam("ids")), documents.c.owner == sa.bindparam("of"), _READY)
)


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of a document is searched, and the model that it is embedded by."""

    chunks: int
    terms: int
    embedded_by: str | None


class PostgresChunkIndex:
    """The ``ChunkIndex`` port. The steps of one search see the same documents, which are looked up once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._seen: tuple[UserId, SearchFilters, dict[UUID, _Size]] | None = None

    def _searched(self, owner: UserId, filters: SearchFilters) -> dict[UUID, _Size]:
        """The documents that a search may see, by id in order."""
        if self._seen is None or self._seen[:2] != (owner, filters):
            self._seen = (owner, filters, self._look_up(owner, filters))
        return self._seen[2]

    def _look_up(self, owner: UserId, filters: SearchFilters) -> dict[UUID, _Size]:
        query = _SEARCHED
        if filters.document_ids is not None:
            query = query.where(documents.c.id.in_(filters.document_ids))
        if filters.subject is not None:
            query = query.where(documents.c.subject == filters.subject)
        rows = self._connection.execute(query, {"of": owner})
        return {row.id: _Size(row.indexed_chunks, row.indexed_terms, row.embedded_by) for row in rows}

    def lexical(
        self, owner: UserId, query: Mapping[str, float], filters: SearchFilters, *, limit: int
    ) -> LexicalMatches:
        sizes = self._searched(owner, filters)
        held, chunk_counts = self._counts(owner, query, sizes)
        known = _statistics(sizes, held, chunk_counts)
        if not known.counts:
            return LexicalMatches((), known)
        affinities = {
            document: affinity_by_counts(query, held[document], sizes[document].terms, known) for document in held
        }
        highest = max(affinities.values())
        found = [term for term in query if term in known.counts]
        searched = [document for document in sizes if document in affinities]
        values = {
            "of": owner,
            "terms": found,
            "gains": [query[term] * known.idf(term) * (K1 + 1) for term in found],
            "searched": searched,
            "penalties": [AFFINITY_WEIGHT * (highest - affinities[document]) for document in searched],
            "base": K1 * (1 - B),
            "slope": K1 * B * known.chunk_count / known.total_length,
            "most": limit,
        }
        rows = self._connection.execute(LEXICAL, values)
        return LexicalMatches(tuple(Match(_chunk_at(row.place, searched), row.score) for row in rows), known)

    def _counts(
        self, owner: UserId, query: Mapping[str, float], sizes: Mapping[UUID, _Size]
    ) -> tuple[dict[UUID, dict[str, int]], dict[str, int]]:
        """How often each document holds the terms of the query, and how many chunks of all of them do."""
        held: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
        chunk_counts: defaultdict[str, int] = defaultdict(int)
        values: dict[str, Any] = {"of": owner, "terms": list(query), "searched": list(sizes)}
        for row in self._connection.execute(_COUNTS, values):
            held[row.document_id][row.term] = row.occurrences
            chunk_counts[row.term] += row.chunks
        return dict(held), dict(chunk_counts)

    def dense(
        self, owner: UserId, model: str, vector: Sequence[float], filters: SearchFilters, *, limit: int
    ) -> Sequence[Match]:
        sizes = self._searched(owner, filters)
        searched = [document for document, size in sizes.items() if size.embedded_by == model]
        values = {
            "of": owner,
            "made_by": model,
            "size": len(vector),
            "wanted": list(vector),
            "searched": searched,
            "most": limit,
        }
        return [Match(ChunkId(row.chunk_id), -row.distance) for row in self._connection.execute(DENSE, values)]

    def unembedded(self, owner: UserId, model: str, filters: SearchFilters) -> frozenset[DocumentId]:
        sizes = self._searched(owner, filters)
        return frozenset(DocumentId(document) for document, size in sizes.items() if size.embedded_by != model)

    def passages(self, owner: UserId, matches: Sequence[Match]) -> list[Passage]:
        values: dict[str, Any] = {"of": owner, "ids": [match.chunk_id for match in matches]}
        rows = {row.id: row for row in self._connection.execute(_PASSAGES, values)}
        return [_passage(rows[match.chunk_id], match.score) for match in matches if match.chunk_id in rows]


def _statistics(
    sizes: Mapping[UUID, _Size], held: Mapping[UUID, Mapping[str, int]], chunk_counts: Mapping[str, int]
) -> CollectionStatistics:
    occurrences: defaultdict[str, int] = defaultdict(int)
    for counts in held.values():
        for term, count in counts.items():
            occurrences[term] += count
    return CollectionStatistics(
        chunk_count=sum(size.chunks for size in sizes.values()),
        total_length=sum(size.terms for size in sizes.values()),
        counts={term: TermCounts(chunk_counts[term], occurrences[term]) for term in chunk_counts},
    )


def _chunk_at(place: int, searched: Sequence[UUID]) -> ChunkId:
    return chunk_id(DocumentId(searched[(place >> _PLACE_BITS) - 1]), place & ((1 << _PLACE_BITS) - 1))


def _passage(row: Any, score: float) -> Passage:
    return Passage(
        chunk_id=ChunkId(row.id),
        document_id=DocumentId(row.document_id),
        filename=row.filename,
        title=row.title,
        locator=locator_of(row),
        text=row.text,
        score=score,
    )
