"""Two people: whatever belongs to the first does not exist for the second, on every route and over the socket.

Each operation of the OpenAPI document has a row in ``ROUTES``. A route or a field with an id that has none fails the
tests, so it can't be forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from anki_packages import Note, package
from e2e.server import BASE, Answered, Person, Server, Socket, eventually, form

CANARY = "A canary is a small bird that sings zyzzyva under the quincunx every forenoon."
MINE = package([Note(values=["Mine?", "Mine."])])
KINDS = (
    "task document chunk job thread question answer deck card review proposal study_session device api_token user"
    " notification"
).split()


@dataclass(frozen=True)
class Route:
    """What each id of an operation names (path, query or body field), what else it needs (a file in a form, too), and
    how it refuses.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    file: bytes | None = None
    needed: tuple[str, ...] = ()
    status: int = 404
    own: int = 200


PUBLIC = {
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/email/verify",
    "POST /auth/password/forgot",
    "POST /auth/password/reset",
    "GET /auth/providers",
    "GET /auth/google/start",
    "GET /auth/google/callback",
    "GET /users/me/export/file",
    "GET /calendar/{secret}.ics",
    "GET /notifications/unsubscribe",
    "POST /notifications/unsubscribe",
}
"""By what they are sent, or by a secret in their address or a cookie."""

ROUTES: dict[str, Route] = {
    "POST /auth/register": Route(),
    "POST /auth/login": Route(),
    "POST /auth/refresh": Route(),
    "POST /auth/email/verify": Route(),
    "POST /auth/email/resend": Route(),
    "POST /auth/password/forgot": Route(),
    "POST /auth/password/reset": Route(),
    "POST /auth/password/change": Route(),
    "GET /auth/providers": Route(),
    "GET /auth/google/start": Route(),
    "GET /auth/google/callback": Route(),
    "GET /auth/google/link": Route(),
    "POST /auth/google/link": Route(),
    "DELETE /auth/google/link": Route(),
    "POST /auth/logout": Route(),
    "POST /auth/logout-all": Route(),
    "GET /auth/sessions": Route(),
    "DELETE /auth/sessions/{id}": Route({"path.id": "device"}),
    "GET /users/me": Route(),
    "PATCH /users/me": Route(),
    "GET /users/me/api-tokens": Route(),
    "POST /users/me/api-tokens": Route(),
    "DELETE /users/me/api-tokens/{id}": Route({"path.id": "api_token"}),
    "GET /users/me/security-events": Route(),
    "GET /users": Route(),
    "PATCH /users/{id}": Route({"path.id": "user"}, {"roles": ["admin"]}, status=403),
    "POST /users/{id}/logout-all": Route({"path.id": "user"}, status=403),
    "GET /users/{id}/security-events": Route({"path.id": "user"}, status=403, own=403),
    "GET /admin/queue": Route(),
    "DELETE /users/me": Route(),
    "GET /users/me/export": Route(),
    "POST /users/me/export/ticket": Route(),
    "GET /users/me/export/file": Route(),
    "POST /users/me/import": Route(),
    "GET /tasks": Route(),
    "POST /tasks": Route(),
    "POST /tasks/parse": Route(),
    "GET /tasks/{id}": Route({"path.id": "task"}),
    "PATCH /tasks/{id}": Route({"path.id": "task"}, {"title": "Mine now"}),
    "DELETE /tasks/{id}": Route({"path.id": "task"}),
    "POST /tasks/{id}/complete": Route({"path.id": "task"}),
    "POST /tasks/{id}/reopen": Route({"path.id": "task"}),
    "GET /documents": Route(),
    "POST /documents": Route(),
    "GET /documents/{id}": Route({"path.id": "document"}),
    "PATCH /documents/{id}": Route({"path.id": "document"}, {"title": "Mine now"}),
    "DELETE /documents/{id}": Route({"path.id": "document"}),
    "POST /documents/{id}/reprocess": Route({"path.id": "document"}),
    "GET /documents/{id}/file": Route({"path.id": "document"}),
    "GET /documents/{id}/pages/{n}": Route({"path.id": "document", "query.chunk": "chunk"}),
    "POST /documents/{id}/flashcards": Route(
        {"path.id": "document", "body.deck_id": "deck"}, {"count": 1}, needed=("body.deck_id",)
    ),
    "POST /search": Route({"body.document_ids": "document"}, {"query": CANARY}, status=200),
    "POST /ask": Route({"body.thread_id": "thread", "body.document_ids": "document"}, {"question": "Who sings?"}),
    "GET /threads": Route(),
    "POST /threads": Route({"body.document_ids": "document"}, {"title": "A talk"}),
    "GET /threads/{id}": Route({"path.id": "thread"}),
    "PATCH /threads/{id}": Route({"path.id": "thread", "body.document_ids": "document"}, {"title": "Mine now"}),
    "DELETE /threads/{id}": Route({"path.id": "thread"}),
    "GET /threads/{id}/messages": Route({"path.id": "thread"}),
    "POST /messages/{id}/feedback": Route({"path.id": "answer"}, {"rating": 1}),
    "POST /messages/{id}/cancel": Route({"path.id": "answer"}),
    "GET /messages/{id}/events": Route({"path.id": "answer"}),
    "POST /ws/ticket": Route(),
    "GET /jobs/{id}": Route({"path.id": "job"}),
    "GET /decks": Route(),
    "POST /decks": Route(),
    "GET /decks/{id}": Route({"path.id": "deck"}),
    "PATCH /decks/{id}": Route({"path.id": "deck"}, {"name": "Mine now"}),
    "DELETE /decks/{id}": Route({"path.id": "deck"}),
    "POST /decks/{id}/publish": Route({"path.id": "deck"}),
    "DELETE /decks/{id}/publish": Route({"path.id": "deck"}),
    "GET /published-decks": Route(),
    "GET /published-decks/{id}": Route({"path.id": "deck"}, own=404),  # until it is published
    "POST /published-decks/{id}/copy": Route({"path.id": "deck"}),
    "GET /decks/{id}/export": Route({"path.id": "deck"}),
    "POST /decks/{id}/import": Route({"path.id": "deck"}, {"table": "Mine?,Mine.", "keep": True}),
    "POST /decks/{id}/import/package": Route(
        {"path.id": "deck"}, {"keep": "true"}, package([Note(values=["Mine?", "Mine."])])
    ),
    "GET /decks/{id}/cards": Route({"path.id": "deck"}),
    "POST /decks/{id}/cards": Route({"path.id": "deck"}, {"front": "Mine?", "back": "Mine."}),
    "GET /decks/{id}/proposals": Route({"path.id": "deck"}),
    "POST /proposals/accept": Route({"body.ids": "proposal"}),
    "POST /proposals/reject": Route({"body.ids": "proposal"}),
    "GET /cards": Route(),
    "GET /cards/{id}": Route({"path.id": "card"}),
    "PATCH /cards/{id}": Route({"path.id": "card", "body.deck_id": "deck"}, {"front": "Mine now"}),
    "DELETE /cards/{id}": Route({"path.id": "card"}),
    "GET /reviews/queue": Route({"query.deck_id": "deck"}),
    "POST /cards/{id}/reviews": Route({"path.id": "card"}, {"rating": "again"}),
    "POST /reviews/{id}/undo": Route({"path.id": "review"}),
    "GET /study-sessions": Route(),
    "POST /study-sessions": Route({"body.task_id": "task"}, {}),
    "GET /study-sessions/{id}": Route({"path.id": "study_session"}),
    "PATCH /study-sessions/{id}": Route({"path.id": "study_session", "body.task_id": "task"}, {"notes": "mine"}),
    "POST /study-sessions/{id}/pause": Route({"path.id": "study_session"}),
    "POST /study-sessions/{id}/resume": Route({"path.id": "study_session"}),
    "POST /study-sessions/{id}/finish": Route({"path.id": "study_session"}, {"notes": "mine"}),
    "GET /analytics/summary": Route(),
    "GET /analytics/heatmap": Route(),
    "GET /analytics/forecast": Route(),
    "GET /analytics/subjects": Route(),
    "GET /analytics/retention": Route(),
    "GET /notifications": Route(),
    "POST /notifications/read": Route({"body.ids": "notification"}, needed=("body.ids",), status=200),
    "GET /notifications/preferences": Route(),
    "PUT /notifications/preferences": Route(),
    "GET /notifications/unsubscribe": Route(),
    "POST /notifications/unsubscribe": Route(),
    "GET /calendar": Route(),
    "DELETE /calendar": Route(),
    "POST /calendar/rotate": Route(),
    "GET /calendar/{secret}.ics": Route(),
}


@dataclass(frozen=True)
class Someone:
    """A person and one id of each kind of thing that is theirs."""

    person: Person
    ids: Mapping[str, str]


BY_THE_CLOCK = ("task_due", "reviews_due", "weekly_digest")
UNREMINDED = {
    "switches": {kind: {"in_app": False, "email": False} for kind in BY_THE_CLOCK},
    "reminder_hour": 8,
    "digest_weekday": 0,
    "quiet_hours": None,
    "language": "en",
}
"""Told of what they do themselves alone, whatever the hour and the weekday at which tests run."""


def furnished(person: Person, text: str) -> Someone:
    """Somebody who has one of everything."""
    person.ok("PUT", "/notifications/preferences", UNREMINDED)
    task = person.ok("POST", "/tasks", {"title": text[:200]})["id"]
    upload = person.upload("notes.txt", f"{text}\n\n{text[::-1]}".encode()).json
    document = person.ready(upload["document"]["id"])["id"]
    chunk = person.ok("POST", "/search", {"query": text})["results"][0]["chunk_id"]
    asked = person.ok("POST", "/ask", {"question": text, "document_ids": [document]})
    thread = asked["thread_id"]
    question, answer = (one["id"] for one in person.everything(f"/threads/{thread}/messages"))
    deck = person.ok("POST", "/decks", {"name": "Birds"})["id"]
    job = person.ok("POST", f"/documents/{document}/flashcards", {"deck_id": deck, "count": 3})["job_id"]
    eventually(lambda: person.ok("GET", f"/jobs/{job}")["status"] == "done")
    proposal = person.everything(f"/decks/{deck}/proposals")[0]["id"]
    card = person.ok("POST", f"/decks/{deck}/cards", {"front": text, "back": text})["id"]
    review = person.ok("POST", f"/cards/{card}/reviews", {"rating": "good"})["review"]["id"]
    session = person.ok("POST", "/study-sessions", {"subject": text[:50]})["id"]
    api_token = person.ok("POST", "/users/me/api-tokens", {"name": text[:50], "scopes": ["write"]})["id"]
    teach(person)
    notification = person.everything("/notifications")[0]["id"]
    person.log_in()
    devices = person.ok("GET", "/auth/sessions")["items"]
    device = next(one["id"] for one in devices if not one["current"])
    named = [
        task,
        document,
        chunk,
        upload["job_id"],
        thread,
        question,
        answer,
        deck,
        card,
        review,
        proposal,
        session,
        device,
        api_token,
        person.id,
        notification,
    ]
    return Someone(person, dict(zip(KINDS, named, strict=True)))


def teach(person: Person) -> None:
    """Make a teacher of somebody, behind the back of the server, so that the guard of roles does not stand before the
    one of owners.
    """
    engine = sa.create_engine(person.server.database_url())
    with engine.begin() as connection:
        roles = sa.text("update users set roles = array['student', 'teacher'] where id = :id")
        connection.execute(roles, {"id": person.id})
    engine.dispose()


@pytest.fixture(scope="module")
def ada(server: Server) -> Someone:
    return furnished(server.person("ada@example.org"), CANARY)


@pytest.fixture(scope="module")
def bob(server: Server) -> Someone:
    return furnished(
        server.person("bob@example.org"), "A frog is a quiet animal that lives in ponds between reeds and mud."
    )


@pytest.fixture
def unharmed(ada: Someone) -> Iterator[None]:
    """Whatever the test tries, the first person's data stay as they are."""
    before = state(ada)
    yield
    assert state(ada) == before


REMINDERS = ("task_due", "reviews_due", "weekly_digest")


def state(someone: Someone) -> dict[str, Any]:
    person, ids = someone.person, someone.ids
    found: dict[str, Any] = person.dump()
    # What ticks by itself is no change.
    for session in found["/study-sessions"]:
        del session["worked_seconds"]
    found["job"] = person.ok("GET", f"/jobs/{ids['job']}")
    found["file"] = person.get(f"/documents/{ids['document']}/file").body
    found["api_tokens"] = person.everything("/users/me/api-tokens")
    # Reminders come by the clock, on Mondays even to somebody who has just registered.
    found["notifications"] = [one for one in person.everything("/notifications") if one["kind"] not in REMINDERS]
    found["preferences"] = person.ok("GET", "/notifications/preferences")
    found["calendar"] = person.ok("GET", "/calendar")
    found["devices"] = [one["id"] for one in person.ok("GET", "/auth/sessions")["items"]]
    return {name: value for name, value in found.items() if not name.startswith("/analytics")}


def operations(server: Server) -> dict[str, Any]:
    description = Person(server).ok("GET", "/openapi.json")
    return {
        f"{method.upper()} {path.removeprefix(BASE)}": (operation, description)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def id_fields(operation: dict[str, Any], description: dict[str, Any]) -> set[str]:
    """Where an operation takes ids, as ``path.id`` or ``body.deck_id``."""
    found = {
        f"{one['in']}.{one['name']}"
        for one in operation.get("parameters", [])
        if one["in"] in ("path", "query") and takes_id(one["name"], one["schema"], description)
    }
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = resolved(content["schema"], description)
        for name, inner in schema.get("properties", {}).items():
            if takes_id(name, inner, description):
                found.add(f"body.{name}")
    return found


def takes_id(name: str, schema: dict[str, Any], description: dict[str, Any]) -> bool:
    """By its format, by that of anything inside it, or at least by its name."""
    return name in ("id", "ids") or name.endswith(("_id", "_ids")) or "uuid" in formats(schema, description)


def formats(schema: Any, description: dict[str, Any]) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(formats(one, description) for one in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    schema = resolved(schema, description)
    return {str(schema.get("format", ""))}.union(*(formats(one, description) for one in schema.values()))


def resolved(schema: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def attempt(who: Person, name: str, route: Route, own: Mapping[str, str], attacked: str, value: str) -> Answered:
    """Call an operation with ``value`` in the attacked field and one's own ids in the others."""
    method, _, path = name.partition(" ")
    body, query = dict(route.body or {}), ""
    for place, kind in route.ids.items():
        where, _, label = place.partition(".")
        chosen = value if place == attacked else own[kind]
        if where == "path":
            path = path.replace(f"{{{label}}}", chosen)
        elif place == attacked or place in route.needed:
            if where == "query":
                query = f"?{label}={chosen}"
            else:
                body[label] = [chosen] if label.endswith("ids") else chosen
    address = path.replace("{n}", "1") + query
    if route.file is not None:
        raw, kind = form(("file", "mine", route.file), **body)
        return who.send(method, address, raw=raw, headers={"Content-Type": kind})
    return who.send(method, address, body if route.body is not None or body else None)


def told(answer: Answered, value: str) -> tuple[int, set[str], Any]:
    """What an answer tells: its status, the names of its headers, and its body, without the id that was asked for."""
    return answer.status, set(answer.headers), json.loads(answer.body.replace(value.encode(), b"ID"))


def test_every_route_and_every_id_in_it_has_a_row(server: Server) -> None:
    described = {name: id_fields(*found) for name, found in operations(server).items()}
    assert described == {name: set(route.ids) for name, route in ROUTES.items()}


def test_the_table_attacks_every_kind_of_thing() -> None:
    assert {kind for route in ROUTES.values() for kind in route.ids.values()} | {"question"} == set(KINDS)


def test_another_persons_id_answers_like_an_unknown_one_on_every_route(
    ada: Someone, bob: Someone, unharmed: None
) -> None:
    tried = 0
    for name, route in ROUTES.items():
        for place, kind in route.ids.items():
            unknown = str(uuid4())
            foreign = attempt(bob.person, name, route, bob.ids, place, ada.ids[kind])
            expected = attempt(bob.person, name, route, bob.ids, place, unknown)
            assert foreign.status == route.status, (name, place, foreign)
            assert told(foreign, ada.ids[kind]) == told(expected, unknown), (name, place)
            assert b"zyzzyva" not in foreign.body, (name, place)
            if foreign.status == 404:
                assert foreign.code == "not_found", (name, place)
            tried += 1
    assert tried == sum(len(route.ids) for route in ROUTES.values())


def test_the_same_calls_with_ones_own_ids_reach_something(server: Server, bob: Someone) -> None:
    """Otherwise the refusals above would prove nothing."""
    for name, route in ROUTES.items():
        if not name.startswith("GET "):
            continue
        for place, kind in route.ids.items():
            answer = attempt(bob.person, name, route, bob.ids, place, bob.ids[kind])
            assert answer.status == route.own, (name, answer)


def test_nobody_gets_401_on_every_route_that_is_not_public(server: Server, ada: Someone, unharmed: None) -> None:
    found = operations(server)
    assert {name for name, (operation, _) in found.items() if not operation.get("security")} == PUBLIC
    nobody, stranger = Person(server), Person(server, {"access_token": "e30.e30.e30"})
    for name in ROUTES.keys() - PUBLIC:
        route = ROUTES[name]
        attacked = next(iter(route.ids), "")
        value = ada.ids[route.ids[attacked]] if attacked else ""
        for who in (nobody, stranger):
            answer = attempt(who, name, route, ada.ids, attacked, value)
            assert answer.status == 401, (name, answer)
            assert answer.headers["WWW-Authenticate"] == "Bearer", name


def test_a_question_of_somebody_else_cannot_be_rated_or_followed(ada: Someone, bob: Someone, unharmed: None) -> None:
    for path, method, body in (("feedback", "POST", {"rating": 1}), ("cancel", "POST", None), ("events", "GET", None)):
        assert bob.person.send(method, f"/messages/{ada.ids['question']}/{path}", body).status == 404


@pytest.mark.parametrize("headers", [{"X-HTTP-Method-Override": "DELETE"}, {"X-Original-URL": "/api/v1/tasks"}])
def test_no_header_opens_a_second_way_in(ada: Someone, bob: Someone, unharmed: None, headers: dict[str, str]) -> None:
    for kind, path in (("task", "tasks"), ("document", "documents"), ("card", "cards")):
        assert bob.person.send("POST", f"/{path}/{ada.ids[kind]}", headers=headers).status in (404, 405)
        assert bob.person.send("GET", f"/{path}/{ada.ids[kind]}", headers=headers).status == 404
        assert bob.person.send("HEAD", f"/{path}/{ada.ids[kind]}", headers=headers).status == 404


def test_lists_searches_and_answers_never_hold_what_is_somebody_elses(ada: Someone, bob: Someone) -> None:
    bobs = json.dumps(bob.person.dump())
    found = bob.person.ok("POST", "/search", {"query": CANARY})
    answer = bob.person.ok("POST", "/ask", {"question": "Where does the canary sing zyzzyva?"})
    heard = bobs + json.dumps(found) + json.dumps(answer["message"]["citations"])
    assert "quincunx" not in heard
    assert not [kind for kind, value in ada.ids.items() if value in heard]
    assert ada.person.ok("POST", "/search", {"query": CANARY})["results"]


def test_a_cursor_of_somebody_else_opens_nothing(ada: Someone, bob: Someone) -> None:
    for person in (ada.person, bob.person):
        for number in range(3):
            person.ok("POST", "/tasks", {"title": f"{person.login['user']['email']} {number}"})
    cursor = ada.person.ok("GET", "/tasks?limit=1")["next_cursor"]
    page = bob.person.get("/tasks", limit=100, cursor=cursor)
    assert b"ada@example.org" not in page.body


def test_the_key_of_somebody_elses_request_replays_nothing(ada: Someone, bob: Someone) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    hers = ada.person.ok("POST", "/tasks", {"title": "Once"}, headers=key)
    his = bob.person.post("/tasks", {"title": "Once"}, headers=key)
    assert (his.status, "Idempotency-Replayed" in his.headers) == (201, False)
    assert his.json["id"] != hers["id"]
    assert ada.person.ok("POST", "/tasks", {"title": "Once"}, headers=key) == hers


def test_fields_that_only_the_server_sets_are_refused(ada: Someone, bob: Someone, unharmed: None) -> None:
    """A body with an id, an owner or a role in it neither changes that nor reaches another person's row."""
    extras = {"id": ada.ids["task"], "owner": ada.person.id, "user_id": ada.person.id, "roles": ["admin"]}
    extras |= {"is_admin": True, "version": 99, "created_at": "2000-01-01T00:00:00Z"}
    before = state(bob)
    for path, body in (("/tasks", {"title": "A"}), ("/decks", {"name": "B"}), ("/threads", {"title": "C"})):
        for name, value in extras.items():
            answer = bob.person.post(path, {**body, name: value})
            assert (answer.status, answer.code) == (422, "invalid"), (path, name)
    for name, value in extras.items():
        assert bob.person.patch("/users/me", {name: value}).status == 422, name
    assert state(bob) == before


def test_the_socket_knows_only_ones_own(server: Server, ada: Someone, bob: Someone, unharmed: None) -> None:
    frames: list[tuple[str, dict[str, Any]]] = [
        ("answer", {"type": "resume", "message_id": "ID"}),
        ("question", {"type": "resume", "message_id": "ID"}),
        ("answer", {"type": "cancel", "message_id": "ID"}),
        ("thread", {"type": "chat", "id": "a", "message": "Go on?", "thread_id": "ID"}),
        ("document", {"type": "chat", "id": "b", "message": "Who sings?", "document_ids": ["ID"]}),
        ("document", {"type": "rag-search", "id": "c", "query": CANARY, "filters": {"document_ids": ["ID"]}}),
    ]
    with bob.person.socket() as line:
        for kind, frame in frames:
            foreign, unknown = (heard(line, frame, value) for value in (ada.ids[kind], str(uuid4())))
            assert foreign == unknown
            assert foreign.get("results", []) == []
            assert foreign["type"] == "rag-results" or foreign["problem"]["code"] == "not_found", frame


def heard(line: Socket, frame: dict[str, Any], value: str) -> dict[str, Any]:
    """The answer to a frame that names ``value``, with ``ID`` in its place."""
    line.raw.send(json.dumps(frame).replace("ID", value))
    answer = line.next("error", "chat-error", "rag-results")
    return dict(json.loads(json.dumps(answer).replace(value, "ID")))


def test_news_reach_only_the_person_they_are_about(ada: Someone, bob: Someone) -> None:
    with bob.person.socket() as line:
        document = ada.person.upload("more.txt", b"Another page about nothing much.").json["document"]["id"]
        ada.person.ready(document)
        ada.person.ok("DELETE", f"/documents/{document}")
        line.send(type="ping")
        first = json.loads(line.raw.recv())
    assert first == {"type": "pong"}
