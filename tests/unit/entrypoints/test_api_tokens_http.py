"""API tokens, and that there is no second way in which skips the check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from apps import BASE, MemoryApp, Visitor, faulty_fields, problem

TOKENS = "/users/me/api-tokens"


def script(app: MemoryApp, owner: Visitor, *scopes: str, **fields: Any) -> Visitor:
    """A program that has only an API token of somebody."""
    made = owner.post(TOKENS, {"name": "a script", "scopes": list(scopes or ("write",)), **fields})
    assert made.status_code == 201, made.text
    visitor = app.anonymous()
    visitor.tokens = {"access_token": made.json["token"], "id": made.json["id"]}
    return visitor


def disable(app: MemoryApp, who: Visitor) -> None:
    with app.unit_of_work() as uow:
        user = uow.users.by_email(who.tokens["user"]["email"])
        assert user is not None
        uow.users.save(replace(user, disabled=True, version=user.version + 1))
        uow.commit()


def operations(app: MemoryApp) -> Iterator[tuple[str, str]]:
    """Method and path of everything that the description holds, with ids that are nobody's."""
    for path, methods in app.web.api_doc["paths"].items():
        for method, operation in methods.items():
            if operation.get("security"):
                yield method.upper(), path.removeprefix(BASE).replace("{id}", str(uuid4())).replace("{n}", "1")


def test_a_secret_is_shown_once_and_only_its_hash_is_kept(app: MemoryApp, ada: Visitor) -> None:
    made = ada.post(TOKENS, {"name": " Backup ", "scopes": ["read"]})
    secret = made.json["token"]
    assert secret.startswith("teddy_")
    assert len(secret) >= len("teddy_") + 43  # 256 bits
    listed = ada.get(TOKENS)
    assert listed.json["items"] == [{name: value for name, value in made.json.items() if name != "token"}]
    assert listed.json["items"][0]["name"] == "Backup"
    assert secret not in listed.text
    kept = repr(dict(app.store._tables))
    assert secret not in kept
    assert hashlib.sha256(secret.encode()).hexdigest() in kept


def test_a_retry_does_not_get_the_secret_again(app: MemoryApp, ada: Visitor) -> None:
    body, key = {"name": "a script", "scopes": ["read"]}, {"Idempotency-Key": "once"}
    secret = ada.post(TOKENS, body, headers=key).json["token"]
    again = ada.post(TOKENS, body, headers=key)
    assert problem(again) == (409, "already_done")
    assert len(ada.get(TOKENS).json["items"]) == 1
    assert secret not in repr(dict(app.store._tables))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes.0"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2030-01-01"}, "expires_at"),
        ({"user_id": str(uuid4())}, "user_id"),
        ({"token": "teddy_chosen"}, "token"),
    ],
)
def test_a_wrong_token_names_the_field(ada: Visitor, changes: dict[str, Any], field: str) -> None:
    answer = ada.post(TOKENS, {"name": "a script", "scopes": ["read"], **changes})
    assert answer.status_code == 422
    assert faulty_fields(answer) == {field}


def test_nobody_has_more_than_fifty_tokens(app: MemoryApp, ada: Visitor) -> None:
    for _ in range(50):
        script(app, ada)
    assert problem(ada.post(TOKENS, {"name": "one more", "scopes": ["read"]})) == (409, "too_many_api_tokens")


def test_a_script_does_its_owners_work(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    writer, reader = script(app, ada), script(app, ada, "read")
    task = writer.post("/tasks", {"title": "From a script"}).json
    assert reader.get(f"/tasks/{task['id']}").json == ada.get(f"/tasks/{task['id']}").json
    assert reader.get("/users/me").json["email"] == "ada@example.org"
    assert script(app, bob).get(f"/tasks/{task['id']}").status_code == 404
    assert problem(reader.delete(f"/tasks/{task['id']}")) == (403, "scope_missing")


def test_the_last_use_is_noted_at_most_once_a_minute(app: MemoryApp, ada: Visitor) -> None:
    program = script(app, ada)
    assert ada.get(TOKENS).json["items"][0]["last_used_at"] is None
    seen = []
    for seconds in (0, 30, 40):
        app.clock.advance(seconds=seconds)
        program.get("/tasks")
        seen.append(ada.get(TOKENS).json["items"][0]["last_used_at"])
    assert seen[0] == seen[1] != seen[2]


def test_method_confusion_lets_a_token_that_reads_change_nothing(app: MemoryApp, ada: Visitor) -> None:
    reader = script(app, ada, "read")
    for method, path in operations(app):
        answer = reader.send(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
        if method not in ("GET", "HEAD"):
            assert problem(answer) in ((403, "scope_missing"), (403, "needs_log_in")), (method, path)
        for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            disguised = reader.send("GET", path, headers={header: "DELETE"})
            assert disguised.status_code in (200, 403, 404, 405, 422), (method, path)
    task = ada.post("/tasks", {"title": "Stays"}).json
    for method in ("HEAD", "OPTIONS", "GET"):
        reader.send(method, f"/tasks/{task['id']}", headers={"X-HTTP-Method-Override": "DELETE"})
    assert ada.get(f"/tasks/{task['id']}").json == task


def test_no_token_reaches_what_opens_or_ends_an_account(app: MemoryApp, ada: Visitor) -> None:
    program = script(app, ada)
    closed = [(method, path) for method, path in operations(app) if path.startswith(("/auth", "/users", "/admin"))]
    closed.remove(("GET", "/users/me"))
    assert len(closed) >= 8
    for method, path in closed:
        assert problem(program.send(method, path)) == (403, "needs_log_in"), (method, path)
        if method == "GET":
            assert program.send("HEAD", path).status_code == 403, path
    assert len(ada.get(TOKENS).json["items"]) == 1
    assert ada.get("/auth/sessions").status_code == 200


@pytest.mark.parametrize("way", ["x-api-key", "query", "cookie", "basic", "no scheme"])
def test_a_token_comes_in_by_one_way_only(app: MemoryApp, ada: Visitor, way: str) -> None:
    secret = script(app, ada).tokens["access_token"]
    visitor = app.anonymous()
    headers = {
        "x-api-key": {"X-Api-Key": secret},
        "cookie": {"Cookie": f"studyteddy_refresh={secret}; access_token={secret}; token={secret}"},
        "basic": {"Authorization": f"Basic {secret}"},
        "no scheme": {"Authorization": secret},
    }.get(way, {})
    query = f"?access_token={secret}&token={secret}&api_key={secret}" if way == "query" else ""
    for path in ("/tasks", "/users/me"):
        assert problem(visitor.get(path + query, headers=headers)) == (401, "not_authenticated")


def test_an_ended_token_is_refused_at_once(app: MemoryApp, ada: Visitor) -> None:
    soon = (app.clock.now.replace(year=app.clock.now.year + 1)).isoformat()
    deleted, expired = script(app, ada), script(app, ada, expires_at=soon)
    assert ada.delete(f"{TOKENS}/{deleted.tokens['id']}").status_code == 204
    assert problem(deleted.get("/tasks")) == (401, "token_invalid")
    assert problem(ada.delete(f"{TOKENS}/{deleted.tokens['id']}")) == (404, "not_found")
    app.clock.advance(days=365)
    assert problem(expired.get("/tasks")) == (401, "token_expired")


def test_a_disabled_account_has_no_other_way_in(app: MemoryApp, ada: Visitor) -> None:
    program = script(app, ada)
    disable(app, ada)
    for visitor, code in ((ada, "session_ended"), (program, "token_expired")):
        assert problem(visitor.get("/tasks")) == (401, code)
        assert problem(visitor.post("/ws/ticket")) == (401, code)
    refreshed = app.anonymous().post("/auth/refresh", {"refresh_token": ada.tokens["refresh_token"]})
    assert problem(refreshed) == (403, "account_disabled")


def test_tokens_are_noted_without_their_secret(app: MemoryApp, ada: Visitor) -> None:
    app.clock.advance(seconds=1)
    program = script(app, ada, name="Backup")
    app.clock.advance(seconds=1)
    ada.delete(f"{TOKENS}/{program.tokens['id']}")
    events = ada.get("/users/me/security-events")
    assert [(one["kind"], one["detail"]) for one in events.json["items"]][:2] == [
        ("api_token_deleted", "Backup"),
        ("api_token_made", "Backup"),
    ]
    assert "teddy_" not in events.text


def test_security_events_are_ones_own_and_tell_from_where(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    visitor = app.anonymous()
    wrong = {"email": "ada@example.org", "password": "not this one"}
    app.clock.advance(seconds=1)
    visitor.post("/auth/login", wrong, headers={"User-Agent": 'Lynx\t{"kind": "logged_out"}'})
    first, *_ = ada.get("/users/me/security-events").json["items"]
    assert (first["kind"], first["device"]) == ("log_in_failed", r'Lynx\t{"kind": "logged_out"}')
    assert (first["network"], first["by_admin"]) == ("127.0.0.0/24", False)
    assert {one["kind"] for one in bob.get("/users/me/security-events").json["items"]} == {"registered"}
