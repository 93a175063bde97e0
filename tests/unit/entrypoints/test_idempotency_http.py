from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from apps import BASE, MemoryApp, Visitor, faulty_fields, problem
from builders import PASSWORD
from studyteddy.domain.ids import UserId

KEY = {"Idempotency-Key": "3f1c-7"}


def titles(visitor: Visitor) -> list[str]:
    return [task["title"] for task in visitor.get("/tasks").json["items"]]


def test_a_request_that_is_sent_again_is_answered_again_and_not_carried_out_again(ada: Visitor) -> None:
    first = ada.post("/tasks", {"title": "Read"}, headers=KEY)
    again = ada.post("/tasks", {"title": "Read"}, headers=KEY)
    assert (again.status_code, again.json) == (201, first.json)
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert titles(ada) == ["Read"]


def test_without_a_key_a_request_is_carried_out_each_time(ada: Visitor) -> None:
    for _ in range(2):
        ada.post("/tasks", {"title": "Read"})
    assert titles(ada) == ["Read", "Read"]


@pytest.mark.parametrize("path", ["/tasks", "/study-sessions"])
def test_a_key_serves_one_request(ada: Visitor, path: str) -> None:
    ada.post("/tasks", {"title": "Read"}, headers=KEY)
    answer = ada.post(path, {"title": "Write"} if path == "/tasks" else {}, headers=KEY)
    assert problem(answer) == (422, "idempotency_key_reused")
    assert faulty_fields(answer) == {"Idempotency-Key"}
    assert titles(ada) == ["Read"]


def test_two_people_may_use_one_key(ada: Visitor, bob: Visitor) -> None:
    for visitor in (ada, bob):
        assert visitor.post("/tasks", {"title": "Read"}, headers=KEY).status_code == 201
    assert titles(ada) == titles(bob) == ["Read"]


def test_a_refusal_is_answered_again_as_a_problem(ada: Visitor) -> None:
    first = ada.post("/tasks", {"title": ""}, headers=KEY)
    again = ada.post("/tasks", {"title": ""}, headers=KEY)
    assert problem(again) == problem(first) == (422, "invalid")
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_request_whose_answer_was_lost_is_not_carried_out_again(app: MemoryApp, ada: Visitor) -> None:
    ada.post("/tasks", {"title": "Read"}, headers=KEY)
    with app.unit_of_work() as uow:
        place = UserId(UUID(ada.tokens["user"]["id"])), KEY["Idempotency-Key"]
        attempt, kept = app.store.table("idempotency_keys")[place]
        # What a process leaves that ends between the commit of the change and that of its answer.
        app.store.table("idempotency_keys")[place] = attempt, replace(kept, status=None, body=None)
        uow.commit()
    answer = ada.post("/tasks", {"title": "Read"}, headers=KEY)
    assert problem(answer) == (409, "already_done")
    assert titles(ada) == ["Read"]


class Crossing:
    """Ids of the container, until the first one asked for sends the same request once more."""

    def __init__(self) -> None:
        self.cross: Callable[[], TestResponse] | None = None
        self.answer: TestResponse | None = None

    def __call__(self) -> UUID:
        if self.cross is not None:
            cross, self.cross = self.cross, None
            with ThreadPoolExecutor(1) as elsewhere:
                self.answer = elsewhere.submit(cross).result(30)
        return uuid4()


def test_of_two_requests_at_once_one_is_carried_out_and_the_other_may_be_sent_again(tmp_path: Path) -> None:
    ids = Crossing()
    app = MemoryApp(tmp_path, new_id=ids)
    ada = app.person()
    other = app.anonymous()
    other.tokens = ada.tokens
    ids.cross = lambda: other.post("/tasks", {"title": "Read"}, headers=KEY)
    late = ada.post("/tasks", {"title": "Read"}, headers=KEY)
    assert problem(late) == (409, "in_progress")
    assert ids.answer is not None
    assert ids.answer.status_code == 201
    again = ada.post("/tasks", {"title": "Read"}, headers=KEY)
    assert (again.status_code, again.json) == (201, ids.answer.json)
    assert titles(ada) == ["Read"]


def crash(*_: object) -> None:
    raise RuntimeError("disk on fire")


# There is no other way to make a wired use case fail than to break what it stands on.


def test_after_a_fault_before_the_change_the_request_is_carried_out(
    ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("studyteddy.adapters.in_memory.tasks.InMemoryTasks.add", crash)
        assert problem(ada.post("/tasks", {"title": "Read"}, headers=KEY)) == (500, "internal_error")
    assert ada.post("/tasks", {"title": "Read"}, headers=KEY).status_code == 201
    assert titles(ada) == ["Read"]


def test_after_a_fault_behind_the_change_the_request_is_not_carried_out_again(
    ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("studyteddy.entrypoints.http.tasks.TaskOut", crash)
        assert problem(ada.post("/tasks", {"title": "Read"}, headers=KEY)) == (500, "internal_error")
    assert problem(ada.post("/tasks", {"title": "Read"}, headers=KEY)) == (409, "already_done")
    assert titles(ada) == ["Read"]


def test_a_key_is_not_taken_over_by_the_next_request(app: MemoryApp, ada: Visitor) -> None:
    ada.get("/tasks", headers=KEY)
    ada.post("/tasks", {"title": ""}, headers=KEY)
    ada.post("/tasks", {"title": "Read"})
    assert app.container.attempt_at_hand().drop() is None
    assert len(app.store.table("idempotency_keys")) == 1


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_key_is_short_and_visible(ada: Visitor, key: str) -> None:
    answer = ada.post("/tasks", {"title": "Read"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert faulty_fields(answer) == {"Idempotency-Key"}
    assert titles(ada) == []


def test_only_posts_take_a_key(ada: Visitor) -> None:
    task = ada.post("/tasks", {"title": "Read"}, headers=KEY).json
    for _ in range(2):
        assert ada.patch(f"/tasks/{task['id']}", {"title": "Write"}, headers=KEY).status_code == 200
    assert ada.get(f"/tasks/{task['id']}").json["version"] == 3


def test_a_key_without_a_log_in_is_not_kept(app: MemoryApp, ada: Visitor, stranger: Visitor) -> None:
    assert problem(stranger.post("/tasks", {"title": "Read"}, headers=KEY))[0] == 401
    assert ada.post("/tasks", {"title": "Read"}, headers=KEY).status_code == 201
    assert len(app.store.table("idempotency_keys")) == 1


@pytest.mark.parametrize(
    ("path", "body", "secret"),
    [
        ("/users/me/api-tokens", {"name": "a script", "scopes": ["read"]}, lambda told: told["token"]),
        ("/calendar/rotate", None, lambda told: told["url"].rpartition("/")[2].removesuffix(".ics")),
        ("/ws/ticket", None, lambda told: told["ticket"]),
    ],
)
def test_an_answer_that_holds_a_secret_is_not_kept(
    app: MemoryApp, ada: Visitor, path: str, body: object, secret: Callable[[Any], str]
) -> None:
    told = secret(ada.post(path, body, headers=KEY).json)
    assert len(told) > 20
    assert told not in repr(dict(app.store._tables))
    again = ada.post(path, body, headers=KEY)
    assert told not in again.text
    assert "Idempotency-Replayed" not in again.headers


def test_a_feed_is_given_one_new_address_however_often_that_is_asked_for(ada: Visitor) -> None:
    url = ada.post("/calendar/rotate", headers=KEY).json["url"]
    assert problem(ada.post("/calendar/rotate", headers=KEY)) == (409, "already_done")
    assert ada.get(url.rpartition(BASE)[2]).status_code == 200


def test_passwords_in_a_request_leave_no_quick_hash(app: MemoryApp, ada: Visitor) -> None:
    body = json.dumps({"current_password": PASSWORD, "new_password": "nine green armadillos"}).encode()
    changed = ada.client.post(
        f"{BASE}/auth/password/change",
        data=body,
        headers={**KEY, "Authorization": f"Bearer {ada.tokens['access_token']}", "Content-Type": "application/json"},
    )
    assert changed.status_code == 204, changed.text
    ((_, kept),) = app.store.table("idempotency_keys").values()
    start = f"{BASE}/auth/password/change\0{len(body)}\0".encode()
    assert kept.fingerprint != hashlib.sha256(start + body).hexdigest()
