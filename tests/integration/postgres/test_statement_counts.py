"""A page of fifty rows costs as many statements as a page of one: no list asks the database row by row."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from apps import MemoryApp, Visitor
from engines.databases import Database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.testing.chunk_index import index_document
from studyteddy.testing.documents import a_document
from studyteddy.testing.flashcards import a_card, a_deck, a_proposal
from studyteddy.testing.study_sessions import a_finished_session
from studyteddy.testing.tasks import a_task
from studyteddy.testing.tutor import a_message, a_thread

FEW, MANY = 1, 50


class Counter:
    """How many statements went to the database, whoever sent them: Core and the driver share the driver's cursor."""

    def __init__(self, engine: sa.Engine) -> None:
        self.statements = 0
        counter = self

        class CountingCursor(psycopg.Cursor[Any]):
            def execute(self, *arguments: Any, **options: Any) -> Any:
                counter.statements += 1
                return super().execute(*arguments, **options)

        @sa.event.listens_for(engine, "connect")
        def count(connection: psycopg.Connection[Any], _: object) -> None:
            connection.cursor_factory = CountingCursor

    def of(self, visitor: Visitor, method: str, path: str, body: object = None) -> int:
        """The statements behind a request, once whatever is loaded once is loaded."""
        for _ in range(2):
            self.statements = 0
            answer = visitor.send(method, path, body)
            assert answer.status_code == 200, answer.text
        return self.statements


@pytest.fixture(scope="module")
def engine(database: Database) -> Iterator[sa.Engine]:
    engine = database.open()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def counter(engine: sa.Engine) -> Counter:
    return Counter(engine)


@pytest.fixture(scope="module")
def app(engine: sa.Engine, counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> MemoryApp:
    home = tmp_path_factory.mktemp("home")
    return MemoryApp(home, unit_of_work=functools.partial(PostgresUnitOfWork, engine))


class Student:
    """Somebody with so many rows of everything; the paths of their lists."""

    def __init__(self, app: MemoryApp, unit_of_work: UnitOfWorkFactory, rows: int) -> None:
        self.visitor, self.rows = app.person(f"student{rows}@example.org"), rows
        self.id = UserId(UUID(self.visitor.tokens["user"]["id"]))
        for _ in range(rows - 1):
            self.log_in()
        for number in range(rows):
            index_document(unit_of_work, a_document(self.id), [f"rivers carry sand number{number}"])
        self.deck, self.thread = a_deck(self.id), a_thread(self.id)
        with unit_of_work() as uow:
            self._add(uow)
            uow.commit()

    def log_in(self) -> None:
        credentials = {"email": f"student{self.rows}@example.org", "password": "seven purple hedgehogs"}
        assert self.visitor.post("/auth/login", credentials).status_code == 200

    def _add(self, uow: UnitOfWork) -> None:
        uow.decks.add(self.deck)
        uow.threads.add(self.thread)
        for number in range(1, self.rows):
            uow.decks.add(a_deck(self.id, f"Deck {number}"))
            uow.threads.add(a_thread(self.id))
        for number in range(self.rows):
            uow.tasks.add(a_task(self.id))
            uow.study_sessions.add(a_finished_session(self.id, minute=20 * number))
            uow.messages.add(a_message(self.thread, number + 1))
        uow.cards.add([a_card(self.deck, f"Front {number}") for number in range(self.rows)])
        uow.proposals.add([a_proposal(self.deck, f"Proposal {number}") for number in range(self.rows)])

    def lists(self) -> dict[str, str]:
        return {
            "tasks": "/tasks?limit=50",
            "documents": "/documents?limit=50",
            "decks": "/decks?limit=50",
            "cards": f"/decks/{self.deck.id}/cards?limit=50",
            "proposals": f"/decks/{self.deck.id}/proposals?limit=50",
            "queue": "/reviews/queue?limit=50",
            "threads": "/threads?limit=50",
            "messages": f"/threads/{self.thread.id}/messages?limit=50",
            "study sessions": "/study-sessions?limit=50",
            "devices": "/auth/sessions",
        }


@pytest.fixture(scope="module")
def students(app: MemoryApp, engine: sa.Engine) -> tuple[Student, Student]:
    unit_of_work = functools.partial(PostgresUnitOfWork, engine)
    return Student(app, unit_of_work, FEW), Student(app, unit_of_work, MANY)


LISTS = ["tasks", "documents", "decks", "cards", "proposals", "queue", "threads", "messages", "study sessions"]


@pytest.mark.parametrize("name", [*LISTS, "devices"])
def test_a_list_of_fifty_costs_as_many_statements_as_a_list_of_one(
    counter: Counter, students: tuple[Student, Student], name: str
) -> None:
    counts = []
    for student in students:
        path = student.lists()[name]
        # A queue holds as many new cards as its deck allows in a day.
        assert len(student.visitor.get(path).json["items"]) == (
            min(student.rows, 20) if name == "queue" else student.rows
        )
        counts.append(counter.of(student.visitor, "GET", path))
    few, many = counts
    assert few == many
    assert 1 < few <= 7


@pytest.mark.parametrize("kind", ["summary", "heatmap", "forecast", "subjects", "retention"])
def test_figures_cost_as_many_statements_whatever_they_count(
    counter: Counter, students: tuple[Student, Student], kind: str
) -> None:
    few, many = (counter.of(student.visitor, "GET", f"/analytics/{kind}") for student in students)
    assert few == many


def test_a_search_costs_as_many_statements_however_much_it_finds(
    counter: Counter, students: tuple[Student, Student]
) -> None:
    body = {"query": "rivers carry sand", "limit": 50}
    found = [len(student.visitor.post("/search", body).json["results"]) for student in students]
    assert found[0] == FEW
    assert found[1] > 10
    few, many = (counter.of(student.visitor, "POST", "/search", body) for student in students)
    assert few == many
