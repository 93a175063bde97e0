from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from live_tutor import LivePerson, LiveTutor
from tutoring import PHOTOSYNTHESIS, BreakingModel, StallingModel, saying

pytestmark = pytest.mark.embedded_only("in the process of the test, with a model that it holds in its hand")

QUESTION = "What does the green pigment chlorophyll absorb?"


def ask_later(person: LivePerson) -> tuple[dict[str, Any], str]:
    """Ask over a socket that is closed again at once: the thread, and the id of the answer to come."""
    with person.socket() as line:
        line.send(type="chat", id="1", message=QUESTION)
        processing = line.next("chat-processing")
    return processing, str(processing["message_id"])


def events(person: LivePerson, message_id: str, after_seq: int = 0) -> list[tuple[str | None, str, Any]]:
    """All events of a stream, as id, kind and data."""
    with person.open("GET", f"/messages/{message_id}/events?after_seq={after_seq}") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert "no-store" in answer.headers["Cache-Control"]
        blocks = answer.read().decode().split("\n\n")
    found = []
    for block in blocks:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
    return found


def test_an_answer_can_be_followed_as_server_sent_events_while_it_comes(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        _, message_id = ask_later(ada)
        assert model.said_something.wait(10)
        threading.Timer(0.5, model.let_go.set).start()
        heard = events(ada, message_id)

    *deltas, (_, last, data) = heard
    assert [kind for _, kind, _ in deltas] == ["chat-delta"] * len(deltas)
    assert [int(number or 0) for number, _, _ in deltas] == list(range(1, len(deltas) + 1))
    assert "".join(delta["text"] for _, _, delta in deltas) == "The pigment is chlorophyll [1]."
    assert last == "chat-response"
    assert data["message"]["citations"][0]["verified"]


def test_a_stream_goes_on_after_the_last_piece_that_was_received(tmp_path: Path) -> None:
    with LiveTutor(tmp_path, saying("Red and blue light [1]. " * 30)) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        _, message_id = ask_later(ada)
        whole = events(ada, message_id)
        rest = events(ada, message_id, after_seq=2)

    assert len(whole) > 3
    assert rest == whole[2:]


def test_a_failed_answer_ends_its_stream_with_a_problem_and_keeps_the_question(tmp_path: Path) -> None:
    with LiveTutor(tmp_path, BreakingModel("Red and ")) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        processing, message_id = ask_later(ada)
        heard = events(ada, message_id)
        _, page = ada.call("GET", f"/threads/{processing['thread_id']}/messages")

    assert heard[-1][1] == "chat-error"
    assert heard[-1][2]["problem"]["code"] == "provider_unavailable"
    question, answer = page["items"]
    assert question["content"] == QUESTION
    assert (answer["status"], answer["problem"], answer["content"]) == ("failed", "provider_unavailable", "Red and")


def test_a_quiet_stream_says_that_it_is_still_there(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model, heartbeat=0.1) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        _, message_id = ask_later(ada)
        threading.Timer(2.5, model.let_go.set).start()
        with ada.open("GET", f"/messages/{message_id}/events") as answer:
            text = answer.read().decode()

    assert ": still here" in text


def test_ask_waits_for_the_whole_answer(tmp_path: Path) -> None:
    with LiveTutor(tmp_path) as app:
        ada, bob = app.person("ada@example.org"), app.person("bob@example.org")
        document_id = ada.keep("biology.txt", PHOTOSYNTHESIS)
        status, answer = ada.call("POST", "/ask", {"question": QUESTION, "document_ids": [str(document_id)]})
        foreign, _ = bob.call("POST", "/ask", {"question": QUESTION, "document_ids": [str(document_id)]})
        _, elsewhere = bob.call("POST", "/ask", {"question": QUESTION})

    assert (status, answer["message"]["status"]) == (200, "complete")
    assert answer["message"]["thread_id"] == answer["thread_id"]
    assert "absorbs red and blue light" in answer["message"]["content"]
    assert foreign == 404
    assert "your documents do not say" in elsewhere["message"]["content"].lower()


def test_a_failed_answer_makes_ask_unavailable(tmp_path: Path) -> None:
    with LiveTutor(tmp_path, BreakingModel()) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        status, problem = ada.call("POST", "/ask", {"question": QUESTION})

    assert (status, problem["code"]) == (503, "provider_unavailable")


def test_a_quiz_is_held_over_several_questions(tmp_path: Path) -> None:
    with LiveTutor(tmp_path) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        _, first = ada.call("POST", "/ask", {"question": "Quiz me on photosynthesis", "mode": "quiz"})
        thread = {"thread_id": first["thread_id"]}
        _, wrong = ada.call("POST", "/ask", {"question": "bananas", **thread})
        _, score = ada.call("POST", "/ask", {"question": "stop", **thread})

    assert "____" in first["message"]["content"]
    assert first["message"]["citations"] == []
    assert "Not quite" in wrong["message"]["content"]
    [citation] = wrong["message"]["citations"]
    assert citation["verified"]
    assert citation["locator"]["number"] == 1
    assert "**Question 2.**" in wrong["message"]["content"]
    assert "0 of 1 right" in score["message"]["content"]


def test_hints_lead_to_the_answer_and_not_before_the_last_rung(tmp_path: Path) -> None:
    said = []
    with LiveTutor(tmp_path) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        _, answer = ada.call("POST", "/ask", {"question": QUESTION, "mode": "socratic"})
        said.append(answer["message"])
        for _ in range(3):
            _, answer = ada.call("POST", "/ask", {"question": "I don't know", "thread_id": answer["thread_id"]})
            said.append(answer["message"])

    for message in said[:3]:
        told = message["content"] + "".join(citation["quote"] for citation in message["citations"])
        assert "blue" not in told
        assert message["citations"][0]["locator"]["number"] == 1
    assert "red and blue light" in said[3]["content"]
    assert said[3]["citations"][0]["verified"]
