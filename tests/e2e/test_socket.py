from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import websocket

from live_tutor import BASE, LivePerson, LiveSocket, LiveTutor
from tutoring import LOOPS, PHOTOSYNTHESIS, StallingModel, saying

pytestmark = pytest.mark.embedded_only("in the process of the test, with a model that it holds in its hand")

QUESTION = "What does the green pigment chlorophyll absorb?"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTutor]:
    with LiveTutor(tmp_path_factory.mktemp("home")) as app:
        yield app


@pytest.fixture(scope="module")
def ada(app: LiveTutor) -> LivePerson:
    ada = app.person("ada@example.org")
    ada.keep("biology.txt", "A page about nothing.", PHOTOSYNTHESIS)
    return ada


@pytest.fixture(scope="module")
def bob(app: LiveTutor) -> LivePerson:
    bob = app.person("bob@example.org")
    bob.keep("python.txt", LOOPS)
    return bob


@contextlib.contextmanager
def refused(status: int, code: str) -> Iterator[None]:
    """The request is answered as plain HTTP with a problem, without an upgrade."""
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        yield
    document = json.loads(caught.value.resp_body)
    assert (caught.value.status_code, document["code"]) == (status, code)
    assert caught.value.resp_headers["content-type"] == "application/problem+json"
    assert document["detail"]


def test_a_question_is_answered_with_the_page_that_says_so(ada: LivePerson) -> None:
    with ada.socket() as line:
        line.send(type="chat", id=str(uuid4()), message=QUESTION)
        processing = line.next("chat-processing")
        deltas, response = line.answer()

    message = response["message"]
    assert {"id", "job_id", "thread_id", "message_id"} < processing.keys()
    assert message["id"] == processing["message_id"]
    assert message["status"] == "complete"
    assert [delta["seq"] for delta in deltas] == list(range(1, len(deltas) + 1))
    assert "".join(delta["text"] for delta in deltas).strip() == message["content"]
    [citation] = message["citations"]
    assert citation["filename"] == "biology.txt"
    assert citation["locator"]["number"] == 2
    assert "chlorophyll absorbs red and blue light" in citation["quote"]
    assert citation["verified"]
    assert message["model"] == "extractive"
    assert 0.5 <= message["confidence"] <= 1


def test_a_question_that_the_documents_do_not_answer_is_told_so(ada: LivePerson) -> None:
    with ada.socket() as line:
        line.send(type="chat", id="moon", message="Who was the first astronaut on the moon?")
        line.next("chat-processing")
        _, response = line.answer()

    assert "your documents do not say" in response["message"]["content"].lower()
    assert response["message"]["citations"] == []
    assert response["message"]["confidence"] == 0


def test_sending_a_question_again_under_its_id_asks_nothing_anew(ada: LivePerson) -> None:
    identity = str(uuid4())
    with ada.socket() as line:
        line.send(type="chat", id=identity, message=QUESTION)
        first = line.next("chat-processing")
        _, answer = line.answer()
    with ada.socket() as line:
        line.send(type="chat", id=identity, message=QUESTION)
        assert line.next("chat-processing") == first
        assert line.answer()[1] == answer
        line.send(type="chat", id=identity, message="Something else")
        assert line.next("chat-error")["problem"]["code"] == "id_reused"


def test_a_reconnecting_client_hears_the_rest_once(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        with ada.socket() as line:
            line.send(type="chat", id="1", message=QUESTION)
            message_id = line.next("chat-processing")["message_id"]
            heard = line.next("chat-delta")
        with ada.socket() as line:
            line.send(type="resume", message_id=message_id, after_seq=heard["seq"])
            time.sleep(0.3)
            model.let_go.set()
            deltas, response = line.answer()
            line.send(type="resume", message_id=message_id)
            again, _ = line.answer()

    assert heard["text"] + "".join(delta["text"] for delta in deltas) == "The pigment is chlorophyll [1]."
    assert deltas[0]["seq"] == heard["seq"] + 1
    assert again == [heard, *deltas]
    assert response["message"]["content"] == "The pigment is chlorophyll [1]."


def test_a_cancelled_answer_ends_within_a_second_with_what_was_said(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        with ada.socket() as line:
            line.send(type="chat", id="1", message=QUESTION)
            processing = line.next("chat-processing")
            line.next("chat-delta")
            began = time.monotonic()
            line.send(type="cancel", message_id=processing["message_id"])
            _, response = line.answer()
            took = time.monotonic() - began
        status, job = ada.call("GET", f"/jobs/{processing['job_id']}")
        model.let_go.set()

    assert response["message"]["status"] == "cancelled"
    assert response["message"]["content"] == "The pigment is"
    assert took < 1.5
    assert (status, job["status"]) in {(200, "running"), (200, "cancelled")}


def test_an_answer_can_be_cancelled_from_another_socket(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        with ada.socket() as asking, ada.socket() as other:
            asking.send(type="chat", id="1", message=QUESTION)
            message_id = asking.next("chat-processing")["message_id"]
            asking.next("chat-delta")
            other.send(type="cancel", message_id=message_id)
            assert other.next("chat-response")["message"]["status"] == "cancelled"
            assert asking.answer()[1]["message"]["status"] == "cancelled"
        model.let_go.set()


def test_the_answer_survives_a_closed_socket(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        with ada.socket() as line:
            line.send(type="chat", id="1", message=QUESTION)
            thread_id = line.next("chat-processing")["thread_id"]
        model.let_go.set()
        for _ in range(100):
            _, page = ada.call("GET", f"/threads/{thread_id}/messages")
            if page["items"][1]["status"] == "complete":
                break
            time.sleep(0.1)

    assert page["items"][1]["content"] == "The pigment is chlorophyll [1]."


def test_passages_can_be_searched_for(ada: LivePerson) -> None:
    with ada.socket() as line:
        line.send(type="rag-search", id="s1", query="chlorophyll", limit=3)
        found = line.next("rag-results")

    assert found["id"] == "s1"
    assert "chlorophyll" in found["results"][0]["text"]
    assert found["results"][0]["locator"]["number"] == 2


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", "bad_frame"),
        ("[1, 2]", "bad_frame"),
        ("null", "bad_frame"),
        ('"ping"', "bad_frame"),
        ("{}", "unknown_frame_type"),
        ('{"type": "subscribe"}', "unknown_frame_type"),
        ('{"type": 7}', "unknown_frame_type"),
        ('{"type": "ping", "extra": 1}', "bad_frame"),
        ('{"type": "chat"}', "bad_frame"),
        ('{"type": "chat", "id": 5, "message": "x"}', "bad_frame"),
        ('{"type": "chat", "id": "1", "message": ""}', "bad_frame"),
        ('{"type": "chat", "id": "1", "message": "x\\u0000"}', "bad_frame"),
        ('{"type": "chat", "id": "1", "message": "x", "owner": "me"}', "bad_frame"),
        ('{"type": "chat", "id": "1", "message": "x", "mode": "oracle"}', "bad_frame"),
        ('{"type": "resume", "message_id": "here", "after_seq": 0}', "bad_frame"),
        ('{"type": "resume", "message_id": "00000000-0000-0000-0000-000000000000", "after_seq": -1}', "bad_frame"),
        ('{"type": "resume", "message_id": "00000000-0000-0000-0000-000000000000"}', "not_found"),
        ('{"type": "cancel", "message_id": "00000000-0000-0000-0000-000000000000"}', "not_found"),
        ('{"type": "rag-search", "id": "1", "query": "x", "limit": 1000}', "bad_frame"),
        ("[" * 5_000, "bad_frame"),
    ],
)
def test_a_wrong_frame_is_answered_and_the_socket_stays(ada: LivePerson, frame: str, code: str) -> None:
    with ada.socket() as line:
        line.raw.send(frame)
        assert line.next("error")["problem"]["code"] == code
        line.send(type="ping")
        line.next("pong")


def test_a_refused_question_is_a_chat_error_with_its_id(ada: LivePerson) -> None:
    with ada.socket() as line:
        line.send(type="chat", id="q7", message=QUESTION, thread_id=str(uuid4()))
        refusal = line.next("chat-error")
        line.send(type="chat", id="q8", message="   ")
        blank = line.next("chat-error")

    assert (refusal["id"], refusal["message_id"], refusal["problem"]["status"]) == ("q7", None, 404)
    assert blank["problem"]["code"] == "invalid"


def test_binary_frames_are_refused(ada: LivePerson) -> None:
    with ada.socket() as line:
        line.raw.send_binary(b'{"type": "ping"}')
        assert line.next("error")["problem"]["code"] == "bad_frame"


@pytest.mark.parametrize("text", ["a" * 70_000, "\u00e9" * 40_000])
def test_a_frame_over_64_kib_closes_the_socket(ada: LivePerson, text: str) -> None:
    with ada.socket() as line:
        line.send(type="ping", padding=text) if text.isascii() else line.raw.send(text)
        assert line.close_code() == 1009


def test_too_many_frames_at_once_are_refused_but_the_socket_stays(ada: LivePerson) -> None:
    with ada.socket() as line:
        for _ in range(90):
            line.send(type="ping")
        answers = [line.next("pong", "error") for _ in range(90)]
        time.sleep(0.3)
        line.send(type="ping")
        line.next("pong")

    assert {answer["problem"]["code"] for answer in answers if answer["type"] == "error"} == {"too_many_frames"}


def test_the_server_speaks_the_subprotocol_and_never_repeats_the_ticket(ada: LivePerson) -> None:
    with ada.socket() as line:
        assert line.raw.subprotocol == "teddy.v1"
        assert "ticket" not in str(line.raw.headers).lower()


def test_a_ticket_is_good_for_one_socket(ada: LivePerson, app: LiveTutor) -> None:
    ticket = ada.ticket()
    with ada.socket(ticket):
        pass
    with refused(401, "ticket_invalid"):
        LiveSocket(app, [f"ticket.{ticket}"])


@pytest.mark.parametrize("names", [[], ["ticket."], ["ticket.a", "ticket.b"]])
def test_a_socket_without_one_ticket_is_refused(app: LiveTutor, names: list[str]) -> None:
    with refused(401, "ticket_missing"):
        LiveSocket(app, names)


def test_a_made_up_ticket_is_refused(app: LiveTutor) -> None:
    with refused(401, "ticket_invalid"):
        LiveSocket(app, ["ticket.abcdef"])


def test_a_ticket_of_a_log_in_that_has_ended_is_refused(app: LiveTutor) -> None:
    eve = app.person(f"{uuid4().hex}@example.org")
    ticket = eve.ticket()
    eve.call("POST", "/auth/logout")
    with refused(401, "session_ended"):
        LiveSocket(app, [f"ticket.{ticket}"])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "file://"])
def test_a_foreign_origin_is_refused_and_costs_no_ticket(ada: LivePerson, app: LiveTutor, origin: str) -> None:
    ticket = ada.ticket()
    with refused(403, "foreign_origin"):
        LiveSocket(app, [f"ticket.{ticket}"], origin=origin)
    with ada.socket(ticket):
        pass


def test_a_socket_without_an_origin_is_refused(ada: LivePerson, app: LiveTutor) -> None:
    with refused(403, "foreign_origin"):
        LiveSocket(app, [f"ticket.{ada.ticket()}"], suppress_origin=True)


def test_another_subprotocol_is_refused(ada: LivePerson, app: LiveTutor) -> None:
    with refused(422, "unknown_subprotocol"):
        LiveSocket(app, [f"ticket.{ada.ticket()}"], protocol="teddy.v9")


@pytest.mark.parametrize("key", ["", "short", "!!!!", "dGhlIHNhbXBsZSBub25jZQ=", "YQ=="])
def test_a_broken_handshake_is_a_bad_request(ada: LivePerson, app: LiveTutor, key: str) -> None:
    request = (
        f"GET {BASE}/ws HTTP/1.1\r\nHost: {app.host}\r\nOrigin: http://{app.host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Protocol: teddy.v1, ticket.{ada.ticket()}\r\n\r\n"
    )
    host, port = app.host.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(request.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 400")


def test_sockets_are_limited_before_the_upgrade_and_places_come_back(tmp_path: Path) -> None:
    with LiveTutor(tmp_path) as app, contextlib.ExitStack() as open_sockets:
        ada, bob = app.person("ada@example.org"), app.person("bob@example.org")
        lines = [open_sockets.enter_context(ada.socket()) for _ in range(10)]
        with refused(503, "too_many_connections"):
            ada.socket()
        open_sockets.enter_context(bob.socket())
        lines[0].close()
        for _ in range(100):
            try:
                open_sockets.enter_context(ada.socket())
                break
            except websocket.WebSocketBadStatusException:
                time.sleep(0.1)
        else:
            pytest.fail("a closed socket never gave its place back")


def test_the_socket_is_closed_when_the_log_in_ends(tmp_path: Path) -> None:
    with LiveTutor(tmp_path, check_seconds=0.2) as app:
        ada = app.person()
        with ada.socket() as line:
            ada.call("POST", "/auth/logout")
            assert line.close_code() == 4401


def test_another_persons_answers_are_not_found(ada: LivePerson, bob: LivePerson) -> None:
    with ada.socket() as line:
        line.send(type="chat", id=str(uuid4()), message=QUESTION)
        processing = line.next("chat-processing")
        line.answer()
    with bob.socket() as line:
        for frame in (
            {"type": "resume", "message_id": processing["message_id"]},
            {"type": "cancel", "message_id": processing["message_id"]},
        ):
            line.send(**frame)
            assert line.next("error")["problem"]["status"] == 404
        line.send(type="chat", id="x", message=QUESTION, thread_id=processing["thread_id"])
        assert line.next("chat-error")["problem"]["status"] == 404
        line.send(type="rag-search", id="s", query="chlorophyll")
        assert line.next("rag-results")["results"] == []


def test_the_news_of_a_person_reaches_their_sockets_only(app: LiveTutor, ada: LivePerson, bob: LivePerson) -> None:
    progress = {"document_id": str(uuid4()), "status": "processing", "progress": 40}
    assert ada.user_id is not None
    with ada.socket() as hers, bob.socket() as his:
        time.sleep(0.2)
        app.container.events().publish(ada.user_id, "user", "document-progress", progress)
        app.container.events().publish(ada.user_id, "user", "something-internal", {})
        assert hers.next("document-progress") == {"type": "document-progress", **progress}
        his.send(type="ping")
        his.next("pong")
        hers.send(type="ping")
        hers.next("pong")


def test_a_failed_answer_is_a_chat_error_with_a_problem(tmp_path: Path) -> None:
    with LiveTutor(tmp_path, saying("")) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        with ada.socket() as line:
            line.send(type="chat", id="1", message=QUESTION)
            message_id = line.next("chat-processing")["message_id"]
            _, error = line.answer()

    assert (error["type"], error["id"], error["message_id"]) == ("chat-error", "1", message_id)
    assert (error["problem"]["code"], error["problem"]["status"]) == ("provider_unavailable", 503)
