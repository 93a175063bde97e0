"""The plans behind a search: by owner and exact, however many other people have documents."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from engines.databases import Database
from studyteddy.adapters.postgres.chunk_index import DENSE, LEXICAL
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.domain.documents import Document
from studyteddy.domain.ids import UserId
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.testing.chunk_index import MODEL, index_document
from studyteddy.testing.documents import a_document, add_user

DIMENSION = 16
OTHERS = 40
ROWS_OF_EACH = 500

_OTHERS = """
insert into documents (id, owner, filename, filename_key, media_type, size, sha256, title, title_key, status, progress,
    chunk_count, key_concepts, indexed_chunks, indexed_terms, version, created_at, updated_at)
select gen_random_uuid(), id, 'a.txt', 'a.txt', 'text/plain', 1, 'x', 'A', 'a', 'ready', 100, :rows, '{}', :rows,
    :rows, 1, now(), now() from users on conflict do nothing;
"""
_VECTORS = """
insert into chunk_embeddings
select gen_random_uuid(), owner, id, :model, :dimension, gen_random_uuid(),
    array_fill((n / 1000.0)::real, array[:dimension])::halfvec
from documents, generate_series(1, :rows) as n where sha256 = 'x'
"""
_TERMS = """
insert into document_terms (owner, document_id, first_index, term, occurrences, postings)
select owner, id, 0, 'term' || n, 1, array[(n::bigint << 32) | (1 << 16) | 9]
from documents, generate_series(1, :rows) as n where sha256 = 'x'
"""


class Explain(sa.Executable, sa.ClauseElement):
    """A statement's plan instead of its rows."""

    inherit_cache = False

    def __init__(self, statement: sa.ClauseElement) -> None:
        self.statement = statement


@compiles(Explain)
def _compile_explain(element: Explain, compiler: Any, **options: Any) -> str:
    return "explain (analyze, format json) " + compiler.process(element.statement, **options)


@pytest.fixture(scope="module")
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = database.open()
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    for _ in range(OTHERS):
        add_user(unit_of_work)
    values = {"rows": ROWS_OF_EACH, "model": MODEL, "dimension": DIMENSION}
    with engine.begin() as connection:
        for statement in (_OTHERS, _VECTORS, _TERMS):
            connection.execute(sa.text(statement), values)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def mine(engine: sa.Engine) -> Document:
    """One student's document among all of these, and fresh statistics."""
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    document = a_document(add_user(unit_of_work), subject="Biology")
    texts = [f"term{index} leaf" for index in range(300)]
    index_document(unit_of_work, document, texts)
    with unit_of_work() as uow:
        vectors = {chunk_id(document.id, index): _vector(index) for index in range(len(texts))}
        uow.chunk_writer.put_vectors(document.owner, document.id, MODEL, vectors)
        uow.vectors.note_complete(document.owner, document.id, MODEL)
        uow.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("vacuum analyze"))
    return document


def _vector(index: int) -> list[float]:
    return [((index * 7 + place * 13) % 33 - 16) / 16 for place in range(DIMENSION)]


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _plan(engine: sa.Engine, statement: sa.ClauseElement, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    with engine.connect() as connection:
        (plan,) = connection.execute(Explain(statement), values).scalar_one()
    return list(_nodes(plan["Plan"]))


def _assert_goes_by_owner(nodes: list[Mapping[str, Any]], table: str, owner: UserId) -> None:
    """Every row that is touched is found through an index condition on the owner, and no other person's is."""
    scans = [node for node in nodes if node.get("Relation Name") == table]
    assert scans
    assert not [node for node in scans if node["Node Type"] == "Seq Scan"], scans
    conditions = [str(node.get("Index Cond", "")) for node in nodes if "Index Cond" in node]
    assert any(f"(owner = '{owner}'::uuid)" in condition for condition in conditions), conditions
    touched = sum(node["Actual Rows"] * node["Actual Loops"] for node in scans)
    assert touched <= 1_000, "more than the owner's own rows were read"


def test_vectors_are_found_by_owner(engine: sa.Engine, mine: Document) -> None:
    values = {
        "of": mine.owner,
        "made_by": MODEL,
        "size": DIMENSION,
        "wanted": _vector(5),
        "searched": [mine.id],
        "most": 10,
    }
    nodes = _plan(engine, DENSE, values)
    _assert_goes_by_owner(nodes, "chunk_embeddings", mine.owner)
    # Exact: every vector of the owner is compared and then sorted; an approximate index would bring its own order.
    assert any(node["Node Type"] == "Sort" for node in nodes)
    (scan,) = [node for node in nodes if node.get("Relation Name") == "chunk_embeddings"]
    assert scan["Actual Rows"] * scan["Actual Loops"] == 300


def test_words_are_found_by_owner(engine: sa.Engine, mine: Document) -> None:
    values = {
        "of": mine.owner,
        "terms": ["leaf", "term7"],
        "gains": [1.0, 1.0],
        "searched": [mine.id],
        "penalties": [0.0],
        "base": 0.3,
        "slope": 0.45,
        "most": 10,
    }
    _assert_goes_by_owner(_plan(engine, LEXICAL, values), "document_terms", mine.owner)


def test_there_is_no_approximate_index(engine: sa.Engine, mine: Document) -> None:
    with engine.connect() as connection:
        kinds = connection.scalars(
            sa.text("select amname from pg_class join pg_am on pg_am.oid = relam where relkind = 'i'")
        )
        assert not {"hnsw", "ivfflat"} & set(kinds)


@pytest.mark.parametrize("filters", [SearchFilters(), SearchFilters(subject="Biology")])
def test_a_filtered_search_finds_all_that_is_nearest(engine: sa.Engine, mine: Document, filters: SearchFilters) -> None:
    for query in (_vector(number) for number in range(0, 300, 17)):
        products = [sum(a * b for a, b in zip(query, _vector(index), strict=True)) for index in range(300)]
        nearest = sorted(range(300), key=lambda index: (-products[index], chunk_id(mine.id, index)))[:10]
        with PostgresUnitOfWork(engine) as uow:
            found = uow.chunk_index.dense(mine.owner, MODEL, query, filters, limit=10)
        assert [match.chunk_id for match in found] == [chunk_id(mine.id, index) for index in nearest]


def test_vectors_stay_inside_their_rows(engine: sa.Engine, mine: Document) -> None:
    """A vector outside of its row would be fetched on its own for each comparison."""
    with PostgresUnitOfWork(engine) as uow:
        chance = random.Random(1)
        long = {chunk_id(mine.id, 0): [chance.gauss(0, 0.02) for _ in range(3_072)]}
        uow.chunk_writer.put_vectors(mine.owner, mine.id, "long", long)
        uow.commit()
    with engine.connect() as connection:
        size = connection.scalar(sa.text("select pg_column_size(embedding) from chunk_embeddings where model = 'long'"))
        outside = connection.scalar(
            sa.text("select pg_relation_size(reltoastrelid) from pg_class where relname = 'chunk_embeddings'")
        )
    assert size is not None
    assert size > 6_000
    assert outside == 0
