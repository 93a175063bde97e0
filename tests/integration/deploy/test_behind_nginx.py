from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.server import Person, Server
from engines.nginx import Nginx, nginx_program
from integration.deploy.upstream import ask

NOTES = b"# Osmosis\n\nOsmosis is the movement of water through a membrane towards the higher solute concentration.\n"
QUESTION = "What is osmosis?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Study Teddy whose people come through nginx."""
    nginx_program()
    settings = {"STUDYTEDDY_MAX_UPLOAD_MB": "1", "STUDYTEDDY_TRUSTED_PROXIES": "1"}
    with Server(tmp_path_factory.mktemp("proxied") / "home", settings) as server:
        with Nginx(api=server.address, sockets=server.address, max_upload_mb=1) as nginx:
            server.address = nginx.address
            yield server
        assert "request.crashed" not in server.log(), server.log()[-3000:]


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    person = server.person("ada@example.org")
    answer = person.upload("osmosis.md", NOTES)
    person.ready(answer.json["document"]["id"])
    return person


def test_documents_questions_and_answers_pass(ada: Person) -> None:
    answer = ada.ok("POST", "/ask", {"question": QUESTION})
    assert "movement of water" in answer["message"]["content"]
    assert answer["message"]["citations"][0]["verified"]


def test_the_socket_opens_and_streams(ada: Person) -> None:
    with ada.socket() as line:
        line.send(type="chat", id="1", message=QUESTION)
        line.next("chat-processing")
        line.next("chat-delta")
        while (frame := line.next("chat-delta", "chat-response"))["type"] == "chat-delta":
            pass
    assert "movement of water" in frame["message"]["content"]


def test_an_answer_can_be_followed_as_events(ada: Person) -> None:
    message = ada.ok("POST", "/ask", {"question": QUESTION})["message"]
    answer = ada.get(f"/messages/{message['id']}/events", after_seq=0)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert b"event: chat-response" in answer.body


def test_the_headers_of_the_application_come_once(ada: Person) -> None:
    answer = ada.send("GET", "/tasks", headers={"X-Request-Id": "one-1"})
    assert answer.headers["X-Request-Id"] == "one-1"
    wanted = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Security-Policy"] == wanted
    assert answer.headers["Server"] == "nginx"


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024], ids=["application", "nginx"])
def test_a_file_that_is_too_large_is_refused_in_the_same_words(ada: Person, size: int) -> None:
    answer = ada.upload("large.txt", b"a" * size)
    assert (answer.status, answer.code) == (413, "too_large")
    assert answer.json["instance"] == "/api/v1/documents"


def test_pages_that_only_the_application_has_pass(ada: Person, server: Server) -> None:
    docs = ask(server.address, "/api/v1/docs")
    assert docs.status == 200
    assert docs.headers["Content-Type"].startswith("text/html")
    assert ask(server.address, "/no/such/page").status == 404
