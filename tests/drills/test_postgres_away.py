"""PostgreSQL is away for a while: everybody is told so at once, nobody is logged out, and it all goes on by itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from drills.writers import Ledger, Writers
from e2e.production import Engines, ProductionServer
from e2e.server import PASSWORD, Answered, Person, Socket, eventually
from invariants import assert_invariants, files_in

AWAY_SECONDS = 60 if os.environ.get("DRILL") else 4
LONGEST_ANSWER = 6.0
"""Seconds: as long as one waits for a connection, and a little."""
RECOVERY = 5.0
REFUSED = ("database_unavailable", "database_busy")

pytestmark = pytest.mark.drill


def requests_of(person: Person) -> list[tuple[str, str, object]]:
    return [
        ("GET", "/tasks", None),
        ("POST", "/tasks", {"title": "Lost"}),
        ("POST", "/ask", {"question": "Why?"}),
        ("POST", "/search", {"query": "rivers"}),
        ("POST", "/auth/login", {"email": person.login["user"]["email"], "password": PASSWORD}),
        ("POST", "/auth/refresh", {"refresh_token": person.login["refresh_token"]}),
    ]


def test_while_postgres_is_stopped_the_answer_is_503_and_afterwards_all_goes_on(
    tmp_path: Path, engines: Engines
) -> None:
    with ProductionServer(tmp_path / "home", engines=engines) as server:
        ada, bob = server.person("ada@example.org"), server.person("bob@example.org")
        document = ada.upload("notes.txt", b"Rivers carry sand to the sea.").json["document"]["id"]
        ada.ready(document)
        kept = ada.everything("/tasks")
        with Writers([bob], Ledger(tmp_path / "acknowledged")) as writers, ada.socket() as line:
            writers.until_more(5)
            engines.postgres.stop()
            try:
                slowest = refused(ada, line)
                assert ada.get("/health/live").status == 200
            finally:
                engines.postgres.start()
            back = time.monotonic()
            eventually(lambda: ada.get("/tasks").status == 200, seconds=60)
            recovery = time.monotonic() - back
            writers.until_more(5)
            line.send(type="rag-search", id="2", query="rivers")
            assert [one["document_id"] for one in line.next("rag-results")["results"]] == [document]
        print(
            f"\naway for {AWAY_SECONDS} s: the slowest refusal took {slowest:.1f} s, the first good answer came"
            f" {recovery:.1f} s after the return; {dict(writers.answers)}"
        )
        assert recovery <= RECOVERY
        assert set(writers.answers) <= {"201", "503 database_unavailable", "503 database_busy"}
        assert writers.without_retry_after == 0
        assert "request.crashed" not in server.log()
        assert ada.everything("/tasks") == kept
        Person(server).ok("POST", "/auth/refresh", {"refresh_token": ada.login["refresh_token"]})
        # The workers had lost their connections as well.
        ada.ready(ada.upload("more.txt", b"Waves sort the sand by size.").json["document"]["id"])
        assert_invariants(
            server.database_url(),
            acknowledged={"tasks": writers.ledger.frozen(), "documents": {document}},
            files=files_in(server.place.bucket),
        )


def refused(person: Person, line: Socket) -> float:
    """Every request is refused in the same words for as long as the database is away, and over the socket, which stays
    open; the slowest one's seconds."""
    slowest, until = 0.0, time.monotonic() + AWAY_SECONDS
    while time.monotonic() < until:
        for method, path, body in requests_of(person):
            began = time.monotonic()
            answer = person.send(method, path, body)
            slowest = max(slowest, time.monotonic() - began)
            assert is_refusal(answer), (path, answer)
        line.send(type="rag-search", id="1", query="rivers")
        assert line.next("error")["problem"]["code"] in REFUSED
        time.sleep(0.5)  # a socket may not say more than so much a second
    assert slowest < LONGEST_ANSWER
    return slowest


def is_refusal(answer: Answered) -> bool:
    refused = answer.status == 503 and answer.code in REFUSED
    return refused and int(answer.headers["Retry-After"]) >= 1 and "Traceback" not in answer.json["detail"]
