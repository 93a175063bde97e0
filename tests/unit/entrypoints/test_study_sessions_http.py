from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from apps import MemoryApp, Visitor, faulty_fields, problem


def started(visitor: Visitor, **fields: Any) -> dict[str, Any]:
    answer = visitor.post("/study-sessions", fields)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_session_is_started_paused_resumed_and_finished(app: MemoryApp, ada: Visitor) -> None:
    session = started(ada, subject="Biology", planned_minutes=30)
    path = f"/study-sessions/{session['id']}"
    assert (session["status"], session["worked_seconds"], session["planned_end"]) == (
        "running", 0, "2026-03-02T10:00:00Z",
    )  # fmt: skip
    app.clock.advance(minutes=10)
    paused = ada.post(f"{path}/pause").json
    assert (paused["status"], paused["paused_at"], paused["worked_seconds"]) == ("paused", "2026-03-02T09:40:00Z", 600)
    app.clock.advance(minutes=3)
    resumed = ada.post(f"{path}/resume").json
    assert (resumed["status"], resumed["planned_end"], resumed["worked_seconds"]) == (
        "running", "2026-03-02T10:03:00Z", 600,
    )  # fmt: skip
    app.clock.advance(minutes=20)
    finished = ada.post(f"{path}/finish")
    assert finished.json == {
        "id": session["id"], "subject": "Biology", "task_id": None, "planned_minutes": 30, "status": "finished",
        "started_at": "2026-03-02T09:30:00Z", "paused_at": None, "finished_at": "2026-03-02T10:03:00Z",
        "planned_end": "2026-03-02T10:03:00Z", "worked_seconds": 1800, "focus_score": 90, "notes": "",
        "closed_automatically": False, "version": 4,
    }  # fmt: skip
    assert finished.headers["ETag"] == '"4"'
    assert ada.get(path).json == finished.json


def test_finishing_takes_notes_and_a_score_of_the_students_own(ada: Visitor) -> None:
    session = started(ada)
    answer = ada.post(f"/study-sessions/{session['id']}/finish", {"notes": "Tired.", "focus_score": 40})
    assert (answer.json["notes"], answer.json["focus_score"], answer.json["version"]) == ("Tired.", 40, 2)


def test_a_finished_session_can_be_corrected_but_not_paused(ada: Visitor) -> None:
    path = f"/study-sessions/{started(ada)['id']}"
    ada.post(f"{path}/finish")
    corrected = ada.patch(path, {"subject": "History", "notes": "Ch 3", "focus_score": 7}).json
    assert (corrected["subject"], corrected["notes"], corrected["focus_score"]) == ("History", "Ch 3", 7)
    assert ada.patch(path, {"subject": None}).json["subject"] is None
    for verb in ("pause", "resume", "finish"):
        assert problem(ada.post(f"{path}/{verb}")) == (409, "already_finished")


def test_a_second_session_waits_for_the_end_of_the_first(ada: Visitor, bob: Visitor) -> None:
    started(ada)
    assert problem(ada.post("/study-sessions", {})) == (409, "already_running")
    assert started(bob)["status"] == "running"


def test_a_session_on_a_task_takes_its_subject_and_counts_its_minutes(app: MemoryApp, ada: Visitor) -> None:
    task = ada.post("/tasks", {"title": "Read", "subject": "Latin"}).json
    session = started(ada, task_id=task["id"])
    assert session["subject"] == "Latin"
    app.clock.advance(minutes=20)
    ada.post(f"/study-sessions/{session['id']}/finish", {"notes": "done"})
    assert ada.get(f"/tasks/{task['id']}").json["actual_minutes"] == 20


def test_a_forgotten_session_is_closed_and_marked_by_whoever_looks(app: MemoryApp, ada: Visitor) -> None:
    session = started(ada, planned_minutes=25)
    app.clock.advance(hours=5)
    listed = ada.get("/study-sessions").json["items"]
    assert [(one["id"], one["closed_automatically"], one["worked_seconds"]) for one in listed] == [
        (session["id"], True, 1500)
    ]
    again = started(ada)
    app.clock.advance(hours=5)
    assert ada.get(f"/study-sessions/{again['id']}").json["closed_automatically"] is True


def test_sessions_are_listed_by_pages_last_first(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    made = []
    for _ in range(3):
        made.append(started(ada)["id"])
        app.clock.advance(minutes=1)
        ada.post(f"/study-sessions/{made[-1]}/finish")
    started(bob)
    first = ada.get("/study-sessions?limit=2").json
    second = ada.get(f"/study-sessions?limit=2&cursor={first['next_cursor']}").json
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    assert problem(ada.get("/study-sessions?cursor=nonsense")) == (422, "bad_cursor")


def test_another_persons_session_is_not_found(ada: Visitor, bob: Visitor) -> None:
    path = f"/study-sessions/{started(ada)['id']}"
    for answer in (bob.get(path), bob.patch(path, {}), *(bob.post(f"{path}/{verb}") for verb in ("pause", "finish"))):
        assert problem(answer) == (404, "not_found")
    assert problem(bob.get(f"/study-sessions/{uuid4()}")) == (404, "not_found")
    task = ada.post("/tasks", {"title": "Mine"}).json
    assert problem(bob.post("/study-sessions", {"task_id": task["id"]})) == (404, "not_found")


def test_a_stale_version_is_refused(ada: Visitor) -> None:
    path = f"/study-sessions/{started(ada)['id']}"
    assert ada.post(f"{path}/pause", headers={"If-Match": '"1"'}).status_code == 200
    assert problem(ada.post(f"{path}/resume", headers={"If-Match": '"1"'})) == (412, "stale_version")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"planned_minutes": 0}, "planned_minutes"),
        ({"planned_minutes": "25"}, "planned_minutes"),
        ({"planned_minutes": 1.5}, "planned_minutes"),
        ({"subject": "x" * 101}, "subject"),
        ({"task_id": "7"}, "task_id"),
        ({"started_at": "2026-03-02T09:30:00Z"}, "started_at"),
    ],
)
def test_a_wrong_field_is_named(ada: Visitor, body: dict[str, Any], field: str) -> None:
    answer = ada.post("/study-sessions", body)
    assert problem(answer) == (422, "invalid")
    assert faulty_fields(answer) == {field}


def test_a_running_session_has_no_score_yet(ada: Visitor) -> None:
    answer = ada.patch(f"/study-sessions/{started(ada)['id']}", {"focus_score": 50})
    assert answer.status_code == 422
    assert faulty_fields(answer) == {"focus_score"}
