"""Power cuts: whatever was acknowledged is there afterwards, and whatever was under way comes to an end."""

from __future__ import annotations

import http.client
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
import sqlalchemy as sa
from reportlab.pdfgen.canvas import Canvas

from e2e.server import Answered, OpenServer, Person, Server, eventually
from invariants import assert_invariants
from protocol_server import KEY, Exchange, ProtocolServer, chunk, told
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres

PAGES = 320
SENTENCE = "Rivers carry sand and silt down to the sea, where the waves sort them by size and weight."
SOUGHT = (1, 7, 100, 161, 250, PAGES)


def marker(page: int) -> str:
    """A word that stands on one page alone, in letters."""
    return "qu" + "".join("bcdfghjklm"[int(digit)] + "o" for digit in f"{page:03}")


@pytest.fixture(scope="module")
def book() -> bytes:
    """A PDF of 320 full pages, more than is ever written in one transaction."""
    written = io.BytesIO()
    canvas = Canvas(written, invariant=1, pageCompression=1)
    for page in range(1, PAGES + 1):
        lines = canvas.beginText(40, 800)
        lines.setFont("Helvetica", 8)
        lines.textLine(f"Chapter {page}: on the {marker(page)}")
        for number in range(60):
            lines.textLine(f"{page}.{number} {SENTENCE}")
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def wait_until_under_way(server: Server, document_id: str, progress: int) -> None:
    """Asks the database, which answers at once also while reading keeps the machine busy."""
    engine = sa.create_engine(server.database_url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    asked = sa.text("select status, progress from documents where id = :id")

    def is_under_way(connection: sa.Connection) -> bool:
        document = connection.execute(asked, {"id": document_id}).one()
        assert document.status in ("queued", "processing"), "it was read before it could be disturbed"
        return bool(document.progress >= progress)

    with engine.connect() as connection:
        eventually(lambda: is_under_way(connection), every=0.005)


@pytest.mark.parametrize(
    ("moments", "database"), [((10, 30), False), ((25,), True)], ids=["twice", "with its database"]
)
def test_a_book_whose_reader_was_killed_becomes_ready_as_if_nothing_had_happened(
    tmp_path: Path, open_server: OpenServer, book: bytes, moments: tuple[int, ...], database: bool
) -> None:
    with open_server(tmp_path / "home") as server:
        ada = server.person("ada@example.org")
        ada.ok("POST", "/tasks", {"title": "Kept before"})
        deck = ada.ok("POST", "/decks", {"name": "Kept before"})["id"]
        ada.ok("POST", f"/decks/{deck}/cards", {"front": "Kept?", "back": "Kept."})
        kept = {path: ada.everything(path) for path in ("/tasks", "/decks", f"/decks/{deck}/cards")}
        document_id = ada.upload("rivers.pdf", book).json["document"]["id"]

        for moment in moments:
            wait_until_under_way(server, document_id, moment)
            assert ada.ok("POST", "/search", {"query": marker(1)})["results"] == []
            orphans = server.readers()
            server.kill(database=database)
            psutil.wait_procs(orphans, timeout=10)
            assert not [orphan for orphan in orphans if orphan.is_running()]
            server.start()

        document = ada.ready(document_id, seconds=60)
        assert {path: ada.everything(path) for path in kept} == kept
        bob = server.person("bob@example.org")
        undisturbed = bob.ready(bob.upload("rivers.pdf", book).json["document"]["id"])
        for name in ("page_count", "chunk_count", "summary", "key_concepts", "size"):
            assert document[name] == undisturbed[name], name
        assert document["page_count"] == PAGES
        assert passages(ada) == passages(bob)
        assert rows_of(server, document_id) == rows_of(server, undisturbed["id"])
        assert rows_of(server, document_id)["chunks"] == document["chunk_count"]
        assert_invariants(server.database_url(), at_rest=False)


def passages(person: Person) -> list[Any]:
    """What some searches find, without the ids; each page is found once and by its own word."""
    found = []
    for page in SOUGHT:
        results = person.ok("POST", "/search", {"query": marker(page), "limit": 50})["results"]
        places = [(one["locator"]["number"], one["locator"]["char_start"]) for one in results]
        assert len(set(places)) == len(places)
        assert places[0][0] == page
        found.append([(one["text"], one["locator"], one["score"]) for one in results])
    return found


def rows_of(server: Server, document_id: str) -> dict[str, int]:
    """How much the database holds of a document, a table at a time."""
    engine = sa.create_engine(server.database_url(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        named = connection.execute(
            sa.text("select table_name from information_schema.columns where column_name = 'document_id'")
        )
        tables = {str(row.table_name) for row in named}
        assert "chunks" in tables
        return {
            table: int(
                connection.scalar(
                    sa.text(f'select count(*) from "{table}" where document_id = :id'), {"id": document_id}
                )
                or 0
            )
            for table in tables
        }


@pytest.fixture
def model() -> Iterator[ProtocolServer]:
    with ProtocolServer() as model:
        yield model


def slowly(exchange: Exchange) -> None:
    """A word every 50 milliseconds, for longer than anybody waits."""
    exchange.begin_stream()
    for number in range(2_000):
        exchange.event(chunk(f"word{number} "))
        if exchange.server.owner.stopping.wait(0.05):
            return


def test_an_answer_cut_short_by_a_kill_ends_as_interrupted_with_what_was_heard(
    tmp_path: Path, open_server: OpenServer, model: ProtocolServer
) -> None:
    settings = {"OPENAI_BASE_URL": model.base_url, "CHAT_MODEL": "test-model", "OPENAI_API_KEY": KEY}
    with open_server(tmp_path / "home", settings) as server:
        ada = server.person()
        ada.ready(ada.upload("notes.txt", b"Rivers carry sand to the sea.").json["document"]["id"])
        model.will(slowly)
        with ada.socket() as line:
            line.send(type="chat", id=str(uuid4()), message="What do rivers carry?")
            asked = line.next("chat-processing")
            heard = ""
            while heard.count("word") < 10:
                heard += line.next("chat-delta")["text"]
            server.kill()
        server.start()

        messages = f"/threads/{asked['thread_id']}/messages"
        answer = eventually(lambda: settled(ada.everything(messages)[-1]), seconds=30)
        assert (answer["id"], answer["status"]) == (asked["message_id"], "interrupted")
        assert answer["content"].startswith(heard.strip())
        assert len(model.requests) == 1
        eventually(lambda: ada.ok("GET", f"/jobs/{asked['job_id']}")["status"] in ("done", "failed"))
        model.will(told("They carry sand [1]."))
        again = ada.ok("POST", "/ask", {"question": "And now?", "thread_id": asked["thread_id"]})
        assert again["message"]["status"] == "complete"


def test_an_answer_of_which_nothing_was_said_yet_is_given_after_the_restart(
    tmp_path: Path, open_server: OpenServer, model: ProtocolServer
) -> None:
    settings = {"OPENAI_BASE_URL": model.base_url, "CHAT_MODEL": "test-model", "OPENAI_API_KEY": KEY}
    with open_server(tmp_path / "home", settings) as server:
        ada = server.person()
        ada.ready(ada.upload("notes.txt", b"Rivers carry sand to the sea.").json["document"]["id"])
        model.will(Exchange.wait_for_hang_up, told("They carry sand [1]."))
        with ada.socket() as line:
            line.send(type="chat", id="1", message="What do rivers carry?")
            asked = line.next("chat-processing")
            eventually(lambda: len(model.requests) == 1)
            server.kill()
        server.start()
        with ada.socket() as line:
            line.send(type="chat", id="1", message="What do rivers carry?")
            assert line.next("chat-processing")["message_id"] == asked["message_id"]
            while (frame := line.next("chat-delta", "chat-response"))["type"] == "chat-delta":
                continue
        assert (frame["message"]["status"], frame["message"]["content"]) == ("complete", "They carry sand [1].")
        assert [one["quote"] for one in frame["message"]["citations"]] == ["Rivers carry sand to the sea."]
        assert len(ada.everything(f"/threads/{asked['thread_id']}/messages")) == 2


def settled(message: dict[str, Any]) -> dict[str, Any] | None:
    return None if message["status"] in ("queued", "running", "pending", "streaming") else message


class Writer(threading.Thread):
    """Adds tasks one after the other until it is cut off, and notes each that was acknowledged."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person
        self.acknowledged: dict[str, str] = {}
        self.refused: list[Answered] = []
        self.last = ("", "")

    def run(self) -> None:
        while True:
            title, key = f"Task {uuid4()}", str(uuid4())
            self.last = title, key
            try:
                answer = self.person.post("/tasks", {"title": title}, headers={"Idempotency-Key": key}, timeout=10)
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 201:
                self.acknowledged[answer.json["id"]] = title
            else:
                self.refused.append(answer)


def test_no_acknowledged_write_is_lost_when_the_server_is_killed_under_two_writers(
    tmp_path: Path, open_server: OpenServer
) -> None:
    with open_server(tmp_path / "home") as server:
        people = [server.person("ada@example.org"), server.person("bob@example.org")]
        acknowledged: list[dict[str, str]] = [{}, {}]
        for cycle in range(3):
            writers = [Writer(person) for person in people]
            for writer in writers:
                writer.start()
            eventually(lambda writers=writers: all(len(writer.acknowledged) > 5 for writer in writers))
            server.kill(database=cycle == 1)
            for writer in writers:
                writer.join(30)
                assert not writer.is_alive()
            server.start()
            for person, writer, known in zip(people, writers, acknowledged, strict=True):
                assert {answer.status for answer in writer.refused} <= {503}
                known |= writer.acknowledged
                title, key = writer.last
                retried = person.post("/tasks", {"title": title}, headers={"Idempotency-Key": key})
                found = {task["id"]: task["title"] for task in person.everything("/tasks")}
                assert known.items() <= found.items()
                assert list(found.values()).count(title) == 1, retried
        everything = [task for known in acknowledged for task in known]
        assert_invariants(server.database_url(), acknowledged={"tasks": everything})
        print(f"\n{len(everything)} acknowledged writes in 3 kills, none lost")


@pytest.mark.embedded_only("names one dependency; production has its own in tests/drills/test_postgres_away.py")
def test_while_the_database_is_away_the_answer_is_503_and_afterwards_all_goes_on(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / "pg")
    url = postgres.start()
    try:
        with Server(tmp_path / "home", {"DATABASE_URL": url}) as server:
            ada = server.person()
            task = ada.ok("POST", "/tasks", {"title": "Kept"})
            with ada.socket() as line:
                postgres.stop()
                for method, path, body in (
                    ("GET", "/tasks", None),
                    ("POST", "/tasks", {"title": "Lost"}),
                    ("POST", "/ask", {"question": "Why?"}),
                    ("POST", "/auth/login", {"email": "ada@example.org", "password": "seven purple hedgehogs"}),
                    ("POST", "/auth/refresh", {"refresh_token": ada.login["refresh_token"]}),
                ):
                    answer = ada.send(method, path, body)
                    assert (answer.status, answer.code) == (503, "database_unavailable"), (path, answer)
                    assert int(answer.headers["Retry-After"]) >= 1
                    assert "Traceback" not in answer.json["detail"]
                ready = ada.get("/health/ready")
                assert (ready.status, ready.json["checks"]["database"]) == (503, "unavailable")
                assert ada.get("/health/live").status == 200
                line.send(type="rag-search", id="1", query="rivers")
                assert line.next("error")["problem"]["code"] == "database_unavailable"

                assert postgres.start() == url
                began = time.monotonic()
                eventually(lambda: ada.get("/tasks").status == 200, seconds=15)
                assert time.monotonic() - began < 5
                line.send(type="rag-search", id="2", query="rivers")
                assert line.next("rag-results")["results"] == []
            assert ada.everything("/tasks") == [task]
            eventually(lambda: ada.get("/health/ready").status == 200)
            ada.ready(ada.upload("notes.txt", b"Rivers carry sand to the sea.").json["document"]["id"])
            Person(server).ok("POST", "/auth/refresh", {"refresh_token": ada.login["refresh_token"]})
    finally:
        postgres.stop()


@pytest.mark.embedded_only("the server itself starts its PostgreSQL again")
def test_an_embedded_database_that_dies_comes_back_by_itself(tmp_path: Path) -> None:
    with Server(tmp_path / "home") as server:
        ada = server.person()
        task = ada.ok("POST", "/tasks", {"title": "Kept"})
        before = server.postgres()
        before[0].kill()
        psutil.wait_procs(before, timeout=10)
        eventually(lambda: ada.get("/tasks").status == 200, seconds=15)
        assert ada.everything("/tasks") == [task]
        assert server.postgres()[0].pid != before[0].pid
