"""P16: cost grows with one's own data, never with the number of users.

    python -m benchmarks.many_users

The same use cases for one student among 1,000 and for the only student of another database. All students have equal
data: 1,000 cards in 5 decks, 100 tasks, and a document of 100 passages with vectors of 384 dimensions, which are
searched by words and by meaning. The sides take turns, each student of the many does everything once unmeasured
before, as somebody does who has been studying for a minute, and the first time is told apart.
"""

from __future__ import annotations

import functools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa

from benchmarks.flashcard_data import NOW, database, fill
from benchmarks.review import our_review
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import new_id
from studyteddy.application.flashcards.cards import ListCards
from studyteddy.application.flashcards.decks import ListDecks
from studyteddy.application.flashcards.reviews import GetQueue, ReviewCard
from studyteddy.application.retrieval import SearchPassages
from studyteddy.application.tasks import ListTasks
from studyteddy.domain.accounts import User
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.wording import english_wording
from studyteddy.domain.tasks.task import TaskFilter, TaskOrder
from studyteddy.testing.chunk_index import index_document
from studyteddy.testing.documents import a_document

STUDENTS, DECKS, CARDS = 1_000, 5, 200
PASSAGES, DIMENSION, MODEL = 100, 384, "benchmark"
MEASURED, ROUNDS = 30, 7
GOAL = 1.2
WORDS = [f"word{'abcdefghij'[number % 10]}{number}" for number in range(2_000)]
SHARES = [1 / (number + 5) for number in range(2_000)]

_TASKS = """
insert into tasks select gen_random_uuid(), id, 'Read chapter ' || n, 'read chapter ' || n, '', '', 'Biology',
    %(now)s + n * interval '1 hour', 1, 30, 0, 'open', null, null, null, 1, %(now)s - n * interval '1 minute', %(now)s
from users, generate_series(1, 100) as n
"""
_COPIES = """
insert into documents
select (jsonb_populate_record(null::documents, to_jsonb(documents) || jsonb_build_object(
    'id', copies.document_id, 'owner', copies.owner))).*
from documents, copies where documents.id = %(template)s;
"""
_CHUNKS = """
insert into chunks
select (jsonb_populate_record(null::chunks, to_jsonb(chunks) || jsonb_build_object(
    'id', copied.id, 'document_id', copied.document_id))).*
from chunks join copied using (position) where chunks.document_id = %(template)s
"""
_TERMS = """
insert into document_terms (owner, term, document_id, first_index, occurrences, postings)
select copies.owner, term, copies.document_id, first_index, occurrences, postings
from document_terms as terms, copies where terms.document_id = %(template)s
"""
_VECTORS = """
insert into chunk_embeddings (chunk_id, owner, document_id, model, dimension, text_digest, embedding)
select copied.id, copies.owner, copied.document_id, model, dimension, text_digest, embedding
from chunk_embeddings as made join chunks on chunks.id = made.chunk_id
join copied using (position) join copies on copies.document_id = copied.document_id
where chunks.document_id = %(template)s
"""


class FixedEmbedder:
    """The same vector for every text: the model's own time is no part of a search."""

    model, dimension = MODEL, DIMENSION

    def __init__(self) -> None:
        self._vector = a_vector(random.Random(2))

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector for _ in texts]


def a_vector(chance: random.Random) -> list[float]:
    return [bits / 64 for bits in chance.choices(range(-8, 9), k=DIMENSION)]


@dataclass(frozen=True)
class Side:
    """The use cases on one database."""

    unit_of_work: Callable[[], PostgresUnitOfWork]
    students: list[User]

    def deeds(self) -> dict[str, Callable[[User], object]]:
        unit_of_work, clock, analyzer = self.unit_of_work, lambda: NOW, SnowballAnalyzer()
        decks, cards = (
            ListDecks(unit_of_work=unit_of_work, clock=clock),
            ListCards(unit_of_work=unit_of_work, clock=clock),
        )
        tasks, queue = ListTasks(unit_of_work=unit_of_work), GetQueue(unit_of_work=unit_of_work, clock=clock)
        review = ReviewCard(unit_of_work=unit_of_work, new_id=new_id, clock=clock)
        search = SearchPassages(
            unit_of_work=unit_of_work,
            analyzer=analyzer,
            wording=english_wording(analyzer.terms),
            embedder=FixedEmbedder(),
        )
        page, query = PageRequest(limit=50), " ".join(WORDS[10:200:40])

        def list_cards(of: User) -> object:
            deck = decks(owner=of.id, request=PageRequest(limit=1)).items[0].deck
            return cards(owner=of.id, deck_id=deck.id, request=page)

        return {
            "list of decks with counts": lambda of: decks(owner=of.id, request=page),
            "list of cards": list_cards,
            "list of tasks": lambda of: tasks(owner=of.id, wanted=TaskFilter(), order=TaskOrder.DUE_AT, request=page),
            "queue of 20": lambda of: queue(student=of, limit=20),
            "next due + grade": lambda of: our_review(queue, review, of),
            "search": lambda of: search(owner=of.id, query=query),
        }


def load(engine: sa.Engine, bare: psycopg.Connection, students: int) -> Side:
    found = fill(engine, bare, students=students, decks=DECKS, cards_per_deck=CARDS)
    bare.execute(_TASKS, {"now": NOW})
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    template = a_template(unit_of_work, found[0])
    bare.execute("create temporary table copies (document_id uuid, owner uuid)")
    bare.execute("create temporary table copied (id uuid, document_id uuid, position int)")
    copies = [(DocumentId(new_id()), student.id) for student in found[1:]]
    with bare.cursor().copy("copy copies from stdin") as rows:
        for copy in copies:
            rows.write_row(copy)
    with bare.cursor().copy("copy copied from stdin") as rows:
        for document_id, _ in copies:
            for position in range(PASSAGES):
                rows.write_row((chunk_id(document_id, position), document_id, position))
    for statement in (_COPIES, _CHUNKS, _TERMS, _VECTORS):
        bare.execute(statement, {"template": template})
    bare.commit()
    bare.autocommit = True
    bare.execute("vacuum analyze")
    return Side(unit_of_work, found)


def a_template(unit_of_work: Callable[[], PostgresUnitOfWork], student: User) -> DocumentId:
    """A document of one student with passages, words and vectors."""
    chance = random.Random(1)
    document = a_document(student.id, subject="Biology")
    index_document(unit_of_work, document, [" ".join(chance.choices(WORDS, SHARES, k=100)) for _ in range(PASSAGES)])
    with unit_of_work() as uow:
        chunks = uow.chunk_writer.without_vector(student.id, document.id, MODEL, limit=PASSAGES)
        vectors = {chunk.id: a_vector(chance) for chunk in chunks}
        uow.chunk_writer.put_vectors(student.id, document.id, MODEL, vectors)
        uow.commit()
    return document.id


def timed(deed: Callable[[User], object], student: User) -> float:
    begun = time.perf_counter()
    deed(student)
    return time.perf_counter() - begun


def samples(one: Side, many: Side) -> Iterator[tuple[str, float, float, float]]:
    """Of each deed and student: its name, and the seconds of the only student, of the one among many, and of that
    one's first time."""
    alone, among = one.deeds(), many.deeds()
    step = max(1, len(many.students) // MEASURED)
    for student in many.students[step - 1 :: step][:MEASURED]:
        for name in alone:
            first = timed(among[name], student)
            timed(alone[name], one.students[0])
            turns = [(timed(alone[name], one.students[0]), timed(among[name], student)) for _ in range(ROUNDS)]
            single, crowd = (statistics.median(side) for side in zip(*turns, strict=True))
            yield name, single, crowd, first


def main() -> None:
    with database() as (small_engine, small), database() as (large_engine, large):
        one = load(small_engine, small, 1)
        many = load(large_engine, large, STUDENTS)
        found: dict[str, list[tuple[float, float, float]]] = {}
        for name, *times in samples(one, many):
            found.setdefault(name, []).append((times[0], times[1], times[2]))
    for name, rows in found.items():
        ratios = sorted(crowd / single for single, crowd, _ in rows)
        measured, quarter = statistics.median(ratios), len(ratios) // 4
        single, crowd, first = (statistics.median(side) * 1e3 for side in zip(*rows, strict=True))
        print(
            f"P16 {name}, {STUDENTS:,} users of {DECKS * CARDS:,} cards: goal <= {GOAL}x of one user, measured "
            f"{measured:.2f}x (middle half {ratios[quarter]:.2f} to {ratios[-1 - quarter]:.2f}), among many "
            f"{crowd:.2f} ms, alone {single:.2f} ms, for the first time {first:.2f} ms, "
            f"{'met' if measured <= GOAL else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
