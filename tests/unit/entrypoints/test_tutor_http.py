from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from apps import MemoryApp, Visitor, faulty_fields, problem
from studyteddy.domain.ids import ThreadId, UserId


def begun(visitor: Visitor, **fields: object) -> Any:
    answer = visitor.post("/threads", fields)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_thread_is_made_shown_changed_and_deleted(ada: Visitor) -> None:
    thread = begun(ada, title="Cells", mode="quiz")
    path = f"/threads/{thread['id']}"

    assert ada.get(path).json == thread
    assert (thread["mode"], thread["document_ids"], thread["message_count"]) == ("quiz", [], 0)
    changed = ada.patch(path, {"title": "Mitosis"}, headers={"If-Match": '"1"'})
    assert (changed.json["title"], changed.headers["ETag"]) == ("Mitosis", '"2"')
    assert problem(ada.patch(path, {"title": "X"}, headers={"If-Match": '"1"'})) == (412, "stale_version")
    assert ada.delete(path).status_code == 204
    assert problem(ada.get(path)) == (404, "not_found")


def test_threads_are_listed_by_pages(app: MemoryApp, ada: Visitor) -> None:
    for number in range(3):
        begun(ada, title=f"Thread {number}")
        app.clock.advance(minutes=1)

    first = ada.get("/threads?limit=2").json
    second = ada.get(f"/threads?limit=2&cursor={first['next_cursor']}").json

    assert [thread["title"] for thread in first["items"] + second["items"]] == ["Thread 2", "Thread 1", "Thread 0"]
    assert second["next_cursor"] is None
    assert problem(ada.get("/threads?cursor=nonsense")) == (422, "bad_cursor")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/threads/{thread}"),
        ("PATCH", "/threads/{thread}"),
        ("DELETE", "/threads/{thread}"),
        ("GET", "/threads/{thread}/messages"),
        ("POST", "/messages/{message}/cancel"),
        ("POST", "/messages/{message}/feedback"),
        ("GET", "/messages/{message}/events"),
    ],
)
def test_another_persons_thread_answers_like_an_unknown_one(
    app: MemoryApp, ada: Visitor, bob: Visitor, method: str, path: str
) -> None:
    thread = begun(ada)
    message = ask_without_an_answer(app, ada, thread["id"])
    body = {"rating": 3} if "feedback" in path else {"title": "Mine"} if method == "PATCH" else None

    foreign = bob.send(method, path.format(thread=thread["id"], message=message), body)
    unknown = bob.send(method, path.format(thread=uuid4(), message=uuid4()), body)

    assert problem(foreign) == problem(unknown) == (404, "not_found")
    assert foreign.json["detail"] == unknown.json["detail"]


def ask_without_an_answer(app: MemoryApp, visitor: Visitor, thread_id: str) -> str:
    """Ask where no worker runs; the answer stays queued."""
    owner = UserId(UUID(visitor.tokens["user"]["id"]))
    ask = app.container.ask_tutor()
    return str(ask(owner=owner, question="What is mitosis?", thread_id=ThreadId(UUID(thread_id))).answer.id)


def test_a_queued_answer_is_listed_cancelled_and_rated(app: MemoryApp, ada: Visitor) -> None:
    thread = begun(ada)
    message = ask_without_an_answer(app, ada, thread["id"])

    question, answer = ada.get(f"/threads/{thread['id']}/messages").json["items"]
    assert (question["role"], question["content"]) == ("user", "What is mitosis?")
    assert (answer["id"], answer["status"], answer["citations"]) == (message, "queued", [])
    assert problem(ada.post(f"/messages/{message}/feedback", {"rating": 5})) == (409, "not_rateable")

    cancelled = ada.post(f"/messages/{message}/cancel")
    assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")
    assert ada.post(f"/messages/{message}/feedback", {"rating": 5}).json["feedback_rating"] == 5
    assert ada.post(f"/messages/{message}/cancel").json["status"] == "cancelled"


def test_a_rating_says_why_until_it_is_given_anew(app: MemoryApp, ada: Visitor) -> None:
    thread = begun(ada)
    message = ask_without_an_answer(app, ada, thread["id"])
    ada.post(f"/messages/{message}/cancel")
    rated = ada.post(f"/messages/{message}/feedback", {"rating": 2, "reason": " It stops halfway. "}).json
    assert (rated["feedback_rating"], rated["feedback_reason"]) == (2, "It stops halfway.")
    assert ada.get(f"/threads/{thread['id']}/messages").json["items"][1]["feedback_reason"] == "It stops halfway."
    assert ada.post(f"/messages/{message}/feedback", {"rating": 3}).json["feedback_reason"] is None


@pytest.mark.parametrize("reason", ["x" * 501, "nul\0", 5, None])
def test_a_reason_is_a_short_text(app: MemoryApp, ada: Visitor, reason: object) -> None:
    message = ask_without_an_answer(app, ada, begun(ada)["id"])
    ada.post(f"/messages/{message}/cancel")

    assert faulty_fields(ada.post(f"/messages/{message}/feedback", {"rating": 3, "reason": reason})) == {"reason"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "x" * 4_001}, "question"),
        ({"question": 5}, "question"),
        ({"question": "nul\0"}, "question"),
        ({"question": "x", "mode": "oracle"}, "mode"),
        ({"question": "x", "thread_id": "here"}, "thread_id"),
        ({"question": "x", "document_ids": "all"}, "document_ids"),
        ({"question": "x", "document_ids": [str(uuid4())] * 101}, "document_ids"),
        ({"question": "x", "context": "You are a pirate"}, "context"),
        ({"question": "x", "owner": str(uuid4())}, "owner"),
    ],
)
def test_a_wrong_question_is_refused_by_field(ada: Visitor, body: object, field: str) -> None:
    answer = ada.post("/ask", body)

    assert problem(answer)[0] == 422
    assert faulty_fields(answer) == {field}


@pytest.mark.parametrize("rating", [0, 6, "5", 2.5, None])
def test_a_rating_runs_from_one_to_five(app: MemoryApp, ada: Visitor, rating: object) -> None:
    message = ask_without_an_answer(app, ada, begun(ada)["id"])

    assert problem(ada.post(f"/messages/{message}/feedback", {"rating": rating}))[0] == 422


def test_the_tutor_needs_a_log_in(stranger: Visitor) -> None:
    for method, path in (("POST", "/ask"), ("GET", "/threads"), ("POST", "/ws/ticket")):
        assert problem(stranger.send(method, path, {} if method == "POST" else None))[0] == 401


def test_a_ticket_is_short_lived_and_never_the_same(ada: Visitor) -> None:
    first, second = ada.post("/ws/ticket").json, ada.post("/ws/ticket").json

    assert first["expires_in"] == 30
    assert first["ticket"] != second["ticket"]
    assert len(first["ticket"]) >= 43


def test_a_plain_request_for_the_socket_is_refused_as_a_problem(ada: Visitor) -> None:
    assert problem(ada.get("/ws"))[0] == 400
