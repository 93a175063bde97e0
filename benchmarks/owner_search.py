"""P7, with the figures of P5 and P6: search among one student's chunks, exact however many others there are.

    python -m benchmarks.owner_search

One student has 10,000 chunks in 20 documents of two subjects, 30 others have 1,000 each. Printed are the recall of
filtered and unfiltered searches against a brute force in this process, whether their plans go by owner, and how long
the search by vectors takes against numpy over the same vectors in memory (where numpy is installed) and how much the
search by words adds to it.
"""

from __future__ import annotations

import functools
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread on both sides

import sqlalchemy as sa

from benchmarks.flashcard_data import database
from studyteddy.adapters.postgres.chunk_index import DENSE
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import ChunkId, UserId
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.testing.chunk_index import index_document
from studyteddy.testing.documents import a_document, add_user

DOCUMENTS, CHUNKS = 20, 500
OTHERS, CHUNKS_OF_OTHERS = 30, 1_000
DIMENSION, TOP, QUERIES, TIMED = 1_536, 10, 20, 30
MODEL = "benchmark"
GOAL_RECALL, GOAL_DENSE, GOAL_HYBRID = 1.0, 1.5, 1.3
WORDS = [f"word{number}" for number in range(4_000)]
SHARES = [1 / (number + 5) for number in range(4_000)]


@dataclass
class Library:
    """The vectors of one student, as they are stored."""

    owner: UserId
    chance: random.Random
    ids: list[ChunkId] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    vectors: list[list[float]] = field(default_factory=list)

    def vector(self) -> list[float]:
        """Eighths are exact as 16-bit floats, and so are sums of their products as 32-bit ones: no rounding decides."""
        return [bits / 8 for bits in self.chance.choices(range(-8, 9), k=DIMENSION)]

    def add(self, unit_of_work: UnitOfWorkFactory, subject: str, count: int) -> None:
        document = a_document(self.owner, subject=subject)
        texts = [" ".join(self.chance.choices(WORDS, SHARES, k=100)) for _ in range(count)]
        index_document(unit_of_work, document, texts)
        with unit_of_work() as uow:
            chunks = uow.chunk_writer.without_vector(self.owner, document.id, MODEL, limit=count)
            vectors = [self.vector() for _ in chunks]
            named = {chunk.id: vector for chunk, vector in zip(chunks, vectors, strict=True)}
            uow.chunk_writer.put_vectors(self.owner, document.id, MODEL, named)
            uow.vectors.note_complete(self.owner, document.id, MODEL)
            uow.commit()
        self.ids += named
        self.subjects += [subject] * count
        self.vectors += vectors


def fill(engine: sa.Engine, unit_of_work: UnitOfWorkFactory) -> Library:
    chance = random.Random(1)
    for _ in range(OTHERS):
        Library(add_user(unit_of_work), chance).add(unit_of_work, "Biology", CHUNKS_OF_OTHERS)
    mine = Library(add_user(unit_of_work), chance)
    for number in range(DOCUMENTS):
        mine.add(unit_of_work, ("Biology", "Physics")[number % 2], CHUNKS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("vacuum analyze"))
    return mine


def recall(unit_of_work: UnitOfWorkFactory, mine: Library, subject: str | None) -> float:
    """The share of the nearest chunks that a search finds."""
    hits = 0
    for _ in range(QUERIES):
        query = mine.vector()
        seen = [place for place in range(len(mine.ids)) if subject in (None, mine.subjects[place])]
        products = {place: sum(a * b for a, b in zip(query, mine.vectors[place], strict=True)) for place in seen}
        nearest = sorted(seen, key=lambda place: (-products[place], mine.ids[place]))[:TOP]
        with unit_of_work() as uow:
            found = uow.chunk_index.dense(mine.owner, MODEL, query, SearchFilters(subject=subject), limit=TOP)
        hits += len({mine.ids[place] for place in nearest} & {match.chunk_id for match in found})
    return hits / (QUERIES * TOP)


def plan(engine: sa.Engine, mine: Library) -> str:
    """The line of the plan that reads the vectors."""
    compiled = DENSE.compile(engine, compile_kwargs={"render_postcompile": True})
    with engine.connect() as connection:
        documents = connection.scalars(sa.text("select id from documents where owner = :of"), {"of": mine.owner}).all()
        values: dict[str, Any] = {"of": mine.owner, "made_by": MODEL, "size": DIMENSION, "most": TOP}
        values |= {"searched": list(documents), "wanted": str(mine.vector())}
        lines = connection.exec_driver_sql(f"explain {compiled}", values).scalars().all()
    told = " / ".join(line.strip() for line in lines if "chunk_embeddings" in line or "owner" in line)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}(,[0-9a-f-]{36})*", "...", told)


def in_turns(*searches: Callable[[], object]) -> list[list[float]]:
    """The seconds of each search, taken in turns."""
    times: list[list[float]] = [[] for _ in searches]
    for _ in range(TIMED):
        for search, taken in zip(searches, times, strict=True):
            began = time.perf_counter()
            search()
            taken.append(time.perf_counter() - began)
    return times


def report_times(unit_of_work: UnitOfWorkFactory, mine: Library) -> None:
    everything = SearchFilters()
    query = mine.vector()
    words = dict.fromkeys(mine.chance.choices(WORDS, SHARES, k=12), 1.0)

    def dense() -> object:
        with unit_of_work() as uow:
            return uow.chunk_index.dense(mine.owner, MODEL, query, everything, limit=50)

    def hybrid() -> object:
        with unit_of_work() as uow:
            uow.chunk_index.lexical(mine.owner, words, everything, limit=50)
            return uow.chunk_index.dense(mine.owner, MODEL, query, everything, limit=50)

    try:
        import numpy as np
    except ImportError:
        alone, both = in_turns(dense, hybrid)
        print("P5 skipped: numpy is not installed")
    else:
        matrix = np.array(mine.vectors, dtype=np.float32)
        wanted = np.array(query, dtype=np.float32)

        def brute() -> object:
            products = matrix @ wanted
            best = np.argpartition(-products, 50)[:50]
            return best[np.argsort(-products[best])]

        plain, alone, both = in_turns(brute, dense, hybrid)
        tell("P5 search by vectors, p50", GOAL_DENSE, "numpy in memory", alone, plain)
    tell("P6 hybrid search, p50", GOAL_HYBRID, "the search by vectors alone", both, alone)


def tell(what: str, goal: float, peer: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    ratios = sorted(own / other for own, other in zip(ours, theirs, strict=True))
    own, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"{what}, {DOCUMENTS * CHUNKS} chunks of {DIMENSION} dimensions: goal <= {goal}x of {peer}, measured "
        f"{own / other:.2f}x (middle half {ratios[TIMED // 4]:.2f} to {ratios[-1 - TIMED // 4]:.2f}, {TIMED} rounds), "
        f"ours {own * 1e3:.1f} ms, {peer} {other * 1e3:.1f} ms, {'met' if own / other <= goal else 'MISSED'}"
    )


def main() -> None:
    with database() as (engine, _):
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)
        mine = fill(engine, unit_of_work)
        for name, subject in (("all", None), ("one subject", "Physics")):
            measured = recall(unit_of_work, mine, subject)
            print(
                f"P7 search by vectors in {name}: goal recall@{TOP} {GOAL_RECALL}, measured {measured:.3f}, {QUERIES} "
                f"queries, {'met' if measured >= GOAL_RECALL else 'MISSED'}"
            )
        print(f"P7 plan: {plan(engine, mine)}")
        report_times(unit_of_work, mine)


if __name__ == "__main__":
    main()
