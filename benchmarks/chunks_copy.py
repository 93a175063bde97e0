"""P9: chunks with their vectors stored through the ports, against a bare binary COPY of the same rows.

    python -m benchmarks.chunks_copy

Ours is two units of work, as ingestion has them: ``put`` for the chunks, ``put_vectors`` for their vectors, with the
lock on the document, the removal of what an earlier attempt left, and the digest of each text. The bare side is one
transaction of two COPY statements through psycopg into the same tables, which makes the binary form of the same Python
values and does nothing else. Both commit durably and take turns; every round is a new document.
"""

from __future__ import annotations

import functools
import random
import statistics
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from uuid import UUID

import psycopg

from benchmarks.flashcard_data import database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Chunk, LocatorUnit, Section
from studyteddy.domain.ids import ChunkId, UserId
from studyteddy.domain.retrieval.chunking import chunks_of
from studyteddy.testing.documents import a_document, add_document, add_user

CHUNKS, ROUNDS, GOAL = 1_500, 11, 0.6
DIMENSIONS = (384, 1_536)
MODEL = "benchmark"

_COPY_CHUNKS = """
copy chunks (id, document_id, position, unit, number, label, char_start, char_end, token_count, text)
from stdin (format binary)
"""
_CHUNK_TYPES = ["uuid", "uuid", "int4", "text", "int4", "text", "int4", "int4", "int4", "text"]
_COPY_VECTORS = """
copy chunk_embeddings (chunk_id, owner, document_id, model, dimension, text_digest, embedding)
from stdin (format binary)
"""
_VECTOR_TYPES = ["uuid", "uuid", "uuid", "text", "int2", "uuid", "bytea"]


@dataclass(frozen=True)
class Book:
    """A document with its chunks and a vector for each."""

    owner: UserId
    chunks: Sequence[Chunk]
    vectors: Mapping[ChunkId, Sequence[float]]


def make_book(unit_of_work: UnitOfWorkFactory, owner: UserId, dimension: int, chance: random.Random) -> Book:
    """A document that exists but has no rows yet."""
    document = add_document(unit_of_work, a_document(owner))
    words = [f"word{number}" for number in range(5_000)]
    sections = (
        Section(unit=LocatorUnit.PAGE, number=number, label=None, text=" ".join(chance.choices(words, k=95)))
        for number in range(1, CHUNKS + 1)
    )
    chunks = list(chunks_of(document.id, sections))
    return Book(owner, chunks, {chunk.id: [chance.gauss(0, 0.05) for _ in range(dimension)] for chunk in chunks})


def ours(unit_of_work: UnitOfWorkFactory, book: Book) -> None:
    document_id = book.chunks[0].document_id
    with unit_of_work() as uow:
        uow.chunk_writer.put(book.owner, document_id, book.chunks)
        uow.commit()
    with unit_of_work() as uow:
        uow.chunk_writer.put_vectors(book.owner, document_id, MODEL, book.vectors)
        uow.commit()


def bare(connection: psycopg.Connection, book: Book) -> None:
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_CHUNKS) as copy:
            copy.set_types(_CHUNK_TYPES)
            for chunk in book.chunks:
                at = chunk.locator
                place = (at.unit.value, at.number, at.label, at.char_start, at.char_end)
                copy.write_row((chunk.id, chunk.document_id, chunk.index, *place, chunk.token_count, chunk.text))
        with cursor.copy(_COPY_VECTORS) as copy:
            copy.set_types(_VECTOR_TYPES)
            for chunk in book.chunks:
                numbers = book.vectors[chunk.id]
                packed = struct.pack(f">HH{len(numbers)}e", len(numbers), 0, *numbers)
                digest = UUID(bytes=md5(chunk.text.encode()).digest())
                keys = (chunk.id, book.owner, chunk.document_id, MODEL, len(numbers), digest)
                copy.write_row((*keys, packed))
    connection.commit()


def timed(store: functools.partial[None]) -> float:
    began = time.perf_counter()
    store()
    return time.perf_counter() - began


def main() -> None:
    chance = random.Random(1)
    with database() as (engine, connection):
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)
        owner = add_user(unit_of_work)
        for dimension in DIMENSIONS:
            pairs = []
            for _ in range(ROUNDS + 1):
                plain, own = (make_book(unit_of_work, owner, dimension, chance) for _ in range(2))
                pairs.append(
                    (
                        timed(functools.partial(bare, connection, plain)),
                        timed(functools.partial(ours, unit_of_work, own)),
                    )
                )
            report(dimension, pairs[1:])


def report(dimension: int, pairs: Sequence[tuple[float, float]]) -> None:
    ratios = sorted(plain / own for plain, own in pairs)
    plain, own = (statistics.median(side) for side in zip(*pairs, strict=True))
    measured = statistics.median(ratios)
    print(
        f"P9 {CHUNKS} chunks with vectors of {dimension} dimensions stored: goal >= {GOAL}x of bare binary COPY, "
        f"measured {measured:.2f}x (middle half {ratios[ROUNDS // 4]:.2f} to {ratios[-1 - ROUNDS // 4]:.2f} over "
        f"{ROUNDS} rounds), ours {CHUNKS / own:.0f} chunks/s, bare {CHUNKS / plain:.0f} chunks/s, "
        f"{'met' if measured >= GOAL else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
