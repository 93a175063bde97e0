from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps import PASSWORD, MemoryApp, Visitor, faulty_fields, problem
from studyteddy.application.ports.jobs import JobKind
from studyteddy.domain.accounts import UserRole
from studyteddy.domain.ids import UserId
from studyteddy.testing.jobs import a_job

LOGIN = {"email": "ada@example.org", "password": PASSWORD}


def path_of(visitor: Visitor) -> str:
    return f"/users/{visitor.tokens['user']['id']}"


def with_roles(app: MemoryApp, visitor: Visitor, *roles: UserRole) -> Visitor:
    """Somebody to whom an operator has given roles."""
    app.container.administer_user()(user_id=UserId(UUID(visitor.tokens["user"]["id"])), roles=frozenset(roles))
    return visitor


@pytest.fixture
def root(app: MemoryApp) -> Visitor:
    return with_roles(app, app.person("root@example.org"), UserRole.ADMIN)


@pytest.mark.parametrize("roles", [(UserRole.STUDENT,), (UserRole.TEACHER,)])
def test_only_administrators_administer(app: MemoryApp, ada: Visitor, bob: Visitor, roles: tuple[UserRole]) -> None:
    with_roles(app, bob, *roles)
    for someone in (path_of(ada), f"/users/{uuid4()}"):
        for answer in (
            bob.get("/users"),
            bob.patch(someone, {"roles": ["admin"]}),
            bob.patch(path_of(bob), {"roles": ["admin"]}),
            bob.post(f"{someone}/logout-all"),
            bob.get(f"{someone}/security-events"),
            bob.get("/admin/queue"),
        ):
            assert problem(answer) == (403, "not_allowed")


def test_accounts_are_listed_and_found(root: Visitor, ada: Visitor, bob: Visitor) -> None:
    root.patch(path_of(bob), {"disabled": True})
    listed = root.get("/users").json["items"]
    assert [one["email"] for one in listed] == ["ada@example.org", "bob@example.org", "root@example.org"]
    assert set(listed[0]) == {"id", "email", "display_name", "roles", "disabled", "version", "created_at"}
    for query, found in (
        ("email=ADA", ["ada"]),
        ("role=admin", ["root"]),
        ("disabled=true", ["bob"]),
        ("email=%25", []),
    ):
        assert [one["email"].partition("@")[0] for one in root.get(f"/users?{query}").json["items"]] == found
    first = root.get("/users?limit=2").json
    assert [one["email"] for one in root.get(f"/users?limit=2&cursor={first['next_cursor']}").json["items"]] == [
        "root@example.org"
    ]


def test_roles_take_effect_at_once(root: Visitor, ada: Visitor) -> None:
    answer = root.patch(path_of(ada), {"roles": ["student", "admin"]})
    assert (answer.status_code, answer.json["roles"]) == (200, ["admin", "student"])
    assert ada.get("/users").status_code == 200
    root.patch(path_of(ada), {"roles": ["student"]})
    assert problem(ada.get("/users")) == (403, "not_allowed")


def test_a_disabled_account_is_shut_and_its_log_ins_stay_ended(app: MemoryApp, root: Visitor, ada: Visitor) -> None:
    assert root.patch(path_of(ada), {"disabled": True}).json["disabled"] is True
    assert problem(ada.get("/tasks")) == (401, "session_ended")
    assert problem(app.anonymous().post("/auth/login", LOGIN)) == (403, "account_disabled")
    root.patch(path_of(ada), {"disabled": False})
    assert problem(ada.get("/tasks")) == (401, "session_ended")
    assert app.anonymous().post("/auth/login", LOGIN).status_code == 200


def test_an_administrator_ends_the_log_ins_of_somebody(app: MemoryApp, root: Visitor, ada: Visitor) -> None:
    assert root.post(f"{path_of(ada)}/logout-all").status_code == 204
    assert problem(ada.get("/tasks")) == (401, "session_ended")
    assert app.anonymous().post("/auth/login", LOGIN).status_code == 200
    assert root.get("/tasks").status_code == 200


def test_no_server_loses_its_last_administrator(root: Visitor, ada: Visitor) -> None:
    for body in ({"roles": ["student"]}, {"disabled": True}):
        assert problem(root.patch(path_of(root), body)) == (409, "own_account")
    root.patch(path_of(ada), {"roles": ["admin"]})
    assert ada.patch(path_of(root), {"roles": ["student"]}).status_code == 200
    assert problem(root.patch(path_of(ada), {"roles": ["student"]})) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["root"]}, "roles.0"),
        ({"roles": None}, "roles"),
        ({"disabled": 1}, "disabled"),
        ({"email": "eve@example.org"}, "email"),
        ({"password_hash": "-"}, "password_hash"),
    ],
)
def test_a_wrong_change_names_the_field(root: Visitor, ada: Visitor, body: dict[str, Any], field: str) -> None:
    answer = root.patch(path_of(ada), body)
    assert answer.status_code == 422
    assert faulty_fields(answer) == {field}


def test_a_stale_change_and_an_unknown_account_are_refused(root: Visitor, ada: Visitor) -> None:
    root.patch(path_of(ada), {"roles": ["teacher"]})
    answer = root.patch(path_of(ada), {"roles": ["student"]}, headers={"If-Match": '"1"'})
    assert problem(answer) == (412, "stale_version")
    nobody = f"/users/{uuid4()}"
    for answer in (
        root.patch(nobody, {"disabled": True}),
        root.post(f"{nobody}/logout-all"),
        root.get(f"{nobody}/security-events"),
    ):
        assert problem(answer) == (404, "not_found")


def test_what_administrators_do_is_noted_where_its_person_sees_it(app: MemoryApp, root: Visitor, ada: Visitor) -> None:
    for body in ({"roles": ["teacher"]}, {"disabled": True}, {"disabled": False}):
        app.clock.advance(seconds=1)
        root.patch(path_of(ada), body)
    seen = root.get(f"{path_of(ada)}/security-events").json["items"]
    assert [(one["kind"], one["detail"], one["by_admin"]) for one in seen] == [
        ("account_enabled", "", True),
        ("account_disabled", "", True),
        ("roles_changed", "teacher", True),
        ("registered", "", False),
    ]
    app.clock.advance(seconds=1)
    ada.tokens = app.anonymous().post("/auth/login", LOGIN).json
    told = ada.get("/users/me/security-events").json["items"][-4:]
    assert [one["kind"] for one in told] == [one["kind"] for one in seen]
    assert {(one["device"], one["network"]) for one in told if one["by_admin"]} == {("", "")}


def test_the_queue_shows_numbers_and_nobodys_work(app: MemoryApp, root: Visitor, ada: Visitor) -> None:
    owner = UserId(UUID(ada.tokens["user"]["id"]))
    with app.unit_of_work() as uow:
        uow.jobs.add(a_job(owner, now=app.clock.now - timedelta(seconds=90)))
        uow.commit()
    kinds = {one.pop("kind"): one for one in root.get("/admin/queue").json["items"]}
    assert set(kinds) == set(JobKind)
    assert kinds["ingest_document"] == {"waiting": 1, "running": 0, "oldest_seconds": 90, "failed_last_day": 0}


def test_an_administrator_does_not_see_the_work_of_others(root: Visitor, ada: Visitor) -> None:
    task = ada.post("/tasks", {"title": "Private"}).json
    deck = ada.post("/decks", {"name": "Private"}).json
    for path in (f"/tasks/{task['id']}", f"/decks/{deck['id']}", f"/decks/{deck['id']}/cards"):
        assert problem(root.get(path)) == (404, "not_found")
