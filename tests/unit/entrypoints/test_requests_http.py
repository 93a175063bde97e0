from __future__ import annotations

import errno
import json
from typing import Any

import pytest
import structlog
from flask import Flask
from flask_openapi import OpenAPI

from apps import BASE, MemoryApp, Visitor, faulty_fields, problem
from studyteddy.domain import errors
from studyteddy.entrypoints.http.app import MAX_JSON_BYTES, create_app
from studyteddy.entrypoints.http.errors import status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("x"), 404),
        (errors.Conflict("x"), 409),
        (errors.StaleVersion("x"), 409),
        (errors.Invalid("x"), 422),
        (errors.UnsupportedType("x"), 415),
        (errors.TooLarge("x"), 413),
        (errors.NotAuthenticated("x"), 401),
        (errors.NotAllowed("x"), 403),
        (errors.RateLimited("x"), 429),
        (errors.Unavailable("x"), 503),
    ],
)
def test_every_kind_of_error_has_its_status(error: errors.StudyTeddyError, status: int) -> None:
    assert status_of(error) == status


def test_no_kind_of_error_is_without_a_status() -> None:
    def kinds(of: type[errors.StudyTeddyError]) -> list[type[errors.StudyTeddyError]]:
        return [kind for child in of.__subclasses__() for kind in (child, *kinds(child))]

    assert kinds(errors.StudyTeddyError)
    assert [kind for kind in kinds(errors.StudyTeddyError) if status_of(kind("x")) == 500] == []


@pytest.fixture
def broken() -> OpenAPI:
    """An application with routes that fail in every way."""
    app = create_app([], version="0")

    def route(rule: str, error: Exception) -> None:
        def fail() -> None:
            raise error

        app.add_url_rule(rule, rule, fail)

    route("/crash", RuntimeError("secret detail"))
    route("/full", OSError(errno.ENOSPC, "No space left on device", "/secret/path"))
    route("/slow", errors.RateLimited("Wait.", retry_after=2.1))
    route("/down", errors.Unavailable("Try later.", retry_after=0.2))
    route("/stale", errors.StaleVersion("Changed."))
    route("/fields", errors.Invalid.field("title", "Give a title.", code="no_title"))
    return app


def test_a_fault_of_ours_tells_nothing_and_is_logged(broken: Flask) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = broken.test_client().get("/crash")
    assert problem(answer) == (500, "internal_error")
    assert "secret detail" not in answer.text
    assert [entry["event"] for entry in logs] == ["request.crashed", "request"]


def test_a_full_disk_is_told_as_something_that_passes(broken: Flask) -> None:
    answer = broken.test_client().get("/full")
    assert problem(answer) == (503, "disk_full")
    assert int(answer.headers["Retry-After"]) >= 30
    assert "secret" not in answer.text


def test_retry_after_is_whole_seconds_rounded_up(broken: Flask) -> None:
    assert broken.test_client().get("/slow").headers["Retry-After"] == "3"
    assert broken.test_client().get("/down").headers["Retry-After"] == "1"


def test_a_stale_version_is_412_only_for_those_who_stated_one(broken: Flask) -> None:
    assert problem(broken.test_client().get("/stale")) == (409, "stale_version")
    assert problem(broken.test_client().get("/stale", headers={"If-Match": '"1"'})) == (412, "stale_version")


def test_a_problem_document_names_address_and_fields(broken: Flask) -> None:
    assert broken.test_client().get("/fields").json == {
        "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "detail": "Give a title.",
        "code": "no_title", "instance": "/fields", "errors": [{"field": "title", "message": "Give a title."}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b'{"title": }', 400, "bad_json"),
        (b"\xff\xfe\xff", 400, "bad_json"),
        (b'{"title": "\xff"}', 400, "bad_json"),
        (b"[" * 100_000, 400, "bad_json"),
        (b'{"a":' * 100_000, 400, "bad_json"),
        (b'{"estimated_minutes": ' + b"9" * 5_000 + b"}", 400, "bad_json"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"title"', 422, "invalid"),
        (b"5", 422, "invalid"),
        (b"", 422, "invalid"),
        (b'{"title": "half \\ud83d"}', 422, "invalid"),
        (b'{"title": "nul \\u0000"}', 422, "invalid"),
        (b'{"title": "x", "estimated_minutes": NaN}', 422, "invalid"),
        (b'{"title": "x", "estimated_minutes": 1e308}', 422, "invalid"),
        (b'{"title": "x", "estimated_minutes": Infinity}', 422, "invalid"),
        (b'{"title": "x", "estimated_minutes": 9223372036854775808}', 422, "invalid"),
        (b'{"title": "x", "estimated_minutes": "5"}', 422, "invalid"),
        (b'{"title": "x", "due_at": 1772400000}', 422, "invalid"),
        (b'{"title": "x", "due_at": "2026-03-02"}', 422, "invalid"),
        (b'{"title": "x", "due_at": "2026-03-02T09:30:00"}', 422, "invalid"),
        (b'{"title": "x", "due_at": "0001-01-01T00:00:00Z"}', 422, "out_of_range"),
        (b'{"title": "x", "due_at": "9999-12-31T23:59:59-12:00"}', 422, "out_of_range"),
        (b'{"title": "x", "priority": "huge"}', 422, "invalid"),
        (b'{"title": "x", "recurrence": "FREQ=SECONDLY"}', 422, "bad_recurrence"),
        (b'{"title": "x", "owner": "me"}', 422, "invalid"),
        (b'{"title": "x", "__proto__": {}}', 422, "invalid"),
    ],
)
def test_a_body_that_is_wrong_gets_a_problem_and_changes_nothing(
    ada: Visitor, body: bytes, status: int, code: str
) -> None:
    answer = ada.post("/tasks", data=body, content_type="application/json")
    assert problem(answer) == (status, code)
    assert ada.get("/tasks").json["items"] == []


def test_every_wrong_field_is_named_at_once(ada: Visitor) -> None:
    body = {"title": "", "priority": 3, "estimated_minutes": 0, "colour": "red"}
    answer = ada.post("/tasks", body)
    assert faulty_fields(answer) == set(body)
    assert all(name in answer.json["detail"] for name in body)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_body_of_another_type_is_refused(ada: Visitor, content_type: str | None) -> None:
    answer = ada.post("/tasks", data=b'{"title": "x"}', content_type=content_type)
    assert problem(answer) == (415, "unsupported_media_type")


def test_json_may_name_its_charset(ada: Visitor) -> None:
    answer = ada.post("/tasks", data='{"title": "Größe"}'.encode(), content_type="application/json; charset=utf-8")
    assert (answer.status_code, answer.json["title"]) == (201, "Größe")


def test_a_body_that_is_too_large_is_refused(ada: Visitor) -> None:
    body = json.dumps({"title": "x", "description": "y" * MAX_JSON_BYTES}).encode()
    assert problem(ada.post("/tasks", data=body, content_type="application/json")) == (413, "too_large")


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(ada: Visitor) -> None:
    answer = ada.send("PUT", "/tasks", {"title": "x"})
    assert problem(answer) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/nothing", "/tasks/7", "/tasks/not-a-uuid", "/tasks/%00", "/users/you"])
def test_an_unknown_address_is_not_found(ada: Visitor, path: str) -> None:
    assert problem(ada.get(path)) == (404, "not_found")


@pytest.mark.parametrize("query", ["q=a%00b", "%00=1", "status=%00"])
def test_a_nul_in_the_address_is_refused(ada: Visitor, query: str) -> None:
    assert problem(ada.get(f"/tasks?{query}")) == (422, "bad_characters")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=1e2", "limit"),
        ("cursor=x", "cursor"), ("cursor=" + "A" * 5_000, "cursor"), ("cursor=W10", "cursor"), ("sort=owner", "sort"),
        ("sort=title;drop%20table%20tasks", "sort"), ("status=done", "status"), ("due_from=yesterday", "due_from"),
        ("due_to=2026-03-02T09:30:00", "due_to"), ("page=2", "page"), ("q=" + "x" * 256, "q"),
    ],
)  # fmt: skip
def test_a_wrong_query_is_named(ada: Visitor, query: str, field: str) -> None:
    answer = ada.get(f"/tasks?{query}")
    assert answer.status_code == 422
    assert faulty_fields(answer) == {field}


def test_a_cursor_serves_its_own_order_only(ada: Visitor) -> None:
    for number in range(3):
        ada.post("/tasks", {"title": f"Task {number}"})
    cursor = ada.get("/tasks?limit=1&sort=title").json["next_cursor"]
    assert ada.get(f"/tasks?limit=1&sort=title&cursor={cursor}").json["items"][0]["title"] == "Task 1"
    assert problem(ada.get(f"/tasks?sort=-title&cursor={cursor}")) == (422, "bad_cursor")


@pytest.mark.parametrize(
    ("tag", "status"), [('"1"', 412), ('W/"1"', 412), ('"x"', 412), ("2", 412), ("", 412), ('"2"', 200), ("*", 200)]
)
def test_if_match_states_the_version_that_was_seen(ada: Visitor, tag: str, status: int) -> None:
    path = f"/tasks/{ada.post('/tasks', {'title': 'Read'}).json['id']}"
    assert ada.patch(path, {"title": "Write"}).headers["ETag"] == '"2"'
    assert ada.patch(path, {"title": "Sum up"}, headers={"If-Match": tag}).status_code == status
    assert ada.get(path).json["title"] == ("Sum up" if status == 200 else "Write")


def test_if_match_guards_every_change_of_a_task(ada: Visitor) -> None:
    path = f"/tasks/{ada.post('/tasks', {'title': 'Read'}).json['id']}"
    stale: dict[str, Any] = {"headers": {"If-Match": '"7"'}}
    for method, tail in (("POST", "/complete"), ("POST", "/reopen"), ("DELETE", "")):
        assert problem(ada.send(method, path + tail, **stale)) == (412, "stale_version")
    assert ada.get(path).json["version"] == 1


def test_a_patch_changes_what_it_names_and_null_removes(ada: Visitor) -> None:
    task = ada.post("/tasks", {"title": "Read", "subject": "Latin", "due_at": "2026-03-03T10:00:00+01:00"}).json
    assert task["due_at"] == "2026-03-03T09:00:00Z"
    changed = ada.patch(f"/tasks/{task['id']}", {"subject": None}).json
    assert changed == task | {"subject": None, "version": 2}
    refused = ada.patch(f"/tasks/{task['id']}", {"title": None})
    assert faulty_fields(refused) == {"title"}


def test_another_persons_task_answers_like_an_unknown_one(ada: Visitor, bob: Visitor) -> None:
    mine = ada.post("/tasks", {"title": "Read"}).json["id"]
    unknown = mine[:-12] + "0" * 12
    for method, tail in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/complete"), ("POST", "/reopen")):
        answers = [bob.send(method, f"/tasks/{task}{tail}") for task in (mine, unknown)]
        assert [problem(answer) for answer in answers] == [(404, "not_found")] * 2
        assert answers[0].json["detail"] == answers[1].json["detail"]
    assert ada.get(f"/tasks/{mine}").json["version"] == 1


@pytest.mark.parametrize("stated", ["abc-1.2_3", None, "", "x" * 101, "a b", "é"])
def test_every_answer_carries_a_request_id(ada: Visitor, stated: str | None) -> None:
    headers = {} if stated is None else {"X-Request-Id": stated}
    for path in ("/tasks", "/nothing"):
        given = ada.get(path, headers=headers).headers["X-Request-Id"]
        assert given == stated if stated == "abc-1.2_3" else len(given) == 32


@pytest.mark.parametrize("path", ["/tasks", "/nothing", "/openapi.json"])
def test_every_answer_is_guarded_by_headers(ada: Visitor, path: str) -> None:
    headers = ada.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_health_names_what_does_not_work(app: MemoryApp) -> None:
    client = app.web.test_client()
    assert client.get("/health/live").json == {"status": "ok"}
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"] == "unavailable"


def test_the_description_and_its_page_work_without_a_network(stranger: Visitor) -> None:
    assert stranger.get("/openapi.json").json["openapi"] == "3.1.0"
    page = stranger.get("/docs")
    assert page.mimetype == "text/html"
    assert "://" not in page.text
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        with stranger.client.get(f"{BASE}/docs/{asset}") as answer:
            assert answer.status_code == 200
    assert problem(stranger.get("/docs/passwd")) == (404, "not_found")
