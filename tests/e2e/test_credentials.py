"""Every operation with every kind of credential: what opens nothing opens nothing anywhere, and what belongs to one
person reaches nothing of another by any way in.

The operations come from the OpenAPI document and the ids from ``ROUTES``, whose completeness ``test_tenants`` holds.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import websocket

from e2e.server import BASE, PASSWORD, Answered, Person, Server, Socket
from e2e.test_bad_input import claims_of, segment, signed
from e2e.test_tenants import CANARY, KINDS, PUBLIC, ROUTES, Route, Someone, attempt, furnished, heard, operations, state
from e2e.test_tenants import told as told_of

NOT_FOR_SCRIPTS = {"needs_log_in", "not_allowed"}


@pytest.fixture(scope="module")
def ada(server: Server) -> Someone:
    return furnished(server.person("ada@example.org"), CANARY)


@pytest.fixture(scope="module")
def bob(server: Server) -> Someone:
    return furnished(server.person("bob@example.org"), "A frog is a quiet animal that lives in ponds between reeds.")


def script_of(person: Person, *scopes: str) -> Person:
    """A program of somebody, with an API token instead of their log-in."""
    made = person.ok("POST", "/users/me/api-tokens", {"name": "a program", "scopes": list(scopes)})
    return Person(person.server, {"access_token": made["token"], "user": person.login["user"], "id": made["id"]})


def kept(someone: Someone) -> dict[str, Any]:
    """All that is somebody's, but when their tokens were used."""
    found = state(someone)
    return found | {"api_tokens": [{**one, "last_used_at": None} for one in found["api_tokens"]]}


def calls(server: Server) -> Iterator[tuple[str, Route]]:
    """Every operation that needs somebody, as the running server describes it."""
    described = operations(server)
    assert described.keys() == ROUTES.keys()
    for name in sorted(described.keys() - PUBLIC):
        yield name, ROUTES[name]


def worthless(server: Server, ada: Someone) -> dict[str, dict[str, str]]:
    """Headers that look like a way in and are none."""
    token, secret = ada.person.login["access_token"], server.signing_secret()
    head, claims = {"alg": "HS256", "typ": "JWT"}, claims_of(token)
    left, program = ada.person.log_in(), script_of(ada.person, "write")
    left.ok("POST", "/auth/logout")
    ada.person.ok("DELETE", f"/users/me/api-tokens/{program.login['id']}")
    credentials = {"email": ada.person.login["user"]["email"], "password": PASSWORD, "use_cookie": True}
    cookie = Person(server).post("/auth/login", credentials).headers["Set-Cookie"].partition(";")[0]
    bearers = {
        "garbage": "e30.e30.e30",
        "no algorithm": f"{segment({'alg': 'none', 'typ': 'JWT'})}.{segment(claims)}.",
        "another secret": signed(head, claims, b"x" * 64),
        "expired": signed(head, {**claims, "exp": int(time.time()) - 1}, secret),
        "a refresh token": ada.person.login["refresh_token"],
        "a log-in that was left": left.login["access_token"],
        "an API token that was deleted": program.login["access_token"],
        "an API token of nobody": "teddy_" + "x" * 43,
    }
    others = {
        "nothing": {"Authorization": ""},
        "the cookie alone": {"Authorization": "", "Cookie": cookie},
        "a key in another header": {"Authorization": "", "X-Api-Key": token, "X-Access-Token": token},
        "the token as a cookie": {"Authorization": "", "Cookie": f"access_token={token}"},
    }
    return {name: {"Authorization": f"Bearer {text}"} for name, text in bearers.items()} | others


def test_what_opens_nothing_opens_nothing_on_any_operation(server: Server, ada: Someone) -> None:
    tried, ways = Counter[str](), worthless(server, ada)
    before = kept(ada)
    for name, route in calls(server):
        attacked = next(iter(route.ids), "")
        value = ada.ids[route.ids[attacked]] if attacked else ""
        for way, headers in ways.items():
            answer = attempt(Bearing(ada.person, headers), name, route, ada.ids, attacked, value)
            assert answer.status == 401, (way, name, answer)
            assert answer.headers["WWW-Authenticate"] == "Bearer", (way, name)
            tried[name] += 1
    assert kept(ada) == before
    covered, everything = len(tried) + len(PUBLIC), len(operations(server))
    print(f"{covered} of {everything} operations covered ({len(PUBLIC)} public), {tried.total():,} requests")
    assert covered == everything
    assert set(tried.values()) == {len(ways)}


class Bearing(Person):
    """Somebody who sends other credentials than their own log-in."""

    def __init__(self, person: Person, headers: dict[str, str]) -> None:
        super().__init__(person.server, person.login)
        self._instead = headers

    def send(self, method: str, path: str, body: object = None, **options: Any) -> Answered:
        headers = {**options.pop("headers", {}), **self._instead}
        return super().send(method, path, body, headers=headers, **options)


def test_an_api_token_reaches_nothing_of_another_person(server: Server, ada: Someone, bob: Someone) -> None:
    before, program = kept(ada), script_of(bob.person, "write")
    for name, route in calls(server):
        for place, kind in route.ids.items():
            unknown = str(uuid4())
            foreign = attempt(program, name, route, bob.ids, place, ada.ids[kind])
            expected = attempt(program, name, route, bob.ids, place, unknown)
            assert told_of(foreign, ada.ids[kind]) == told_of(expected, unknown), (name, place)
            if foreign.status != route.status:
                assert (foreign.status, foreign.code in NOT_FOR_SCRIPTS) == (403, True), (name, foreign)
    assert kept(ada) == before


def test_an_api_token_that_may_read_changes_nothing_of_its_owner(server: Server, ada: Someone) -> None:
    program = script_of(ada.person, "read")
    before = kept(ada)
    for name, route in calls(server):
        attacked = next(iter(route.ids), "")
        value = ada.ids[route.ids[attacked]] if attacked else ""
        answer = attempt(program, name, route, ada.ids, attacked, value)
        if name.startswith("GET "):
            assert answer.status in (200, 403, route.own), (name, answer)
        else:
            assert (answer.status, answer.code in NOT_FOR_SCRIPTS | {"scope_missing"}) == (403, True), (name, answer)
    assert kept(ada) == before


@contextmanager
def disabled(server: Server, person: Person) -> Iterator[None]:
    """The account is disabled meanwhile."""
    engine = sa.create_engine(server.database_url())
    statement = sa.text("update users set disabled = :disabled where id = :id")

    def set_to(value: bool) -> None:
        with engine.begin() as connection:
            connection.execute(statement, {"disabled": value, "id": person.id})

    set_to(True)
    try:
        yield
    finally:
        set_to(False)
        engine.dispose()


def test_a_disabled_person_gets_in_by_no_way_that_was_open_before(server: Server, ada: Someone) -> None:
    program, before = script_of(ada.person, "write"), kept(ada)
    ticket = ada.person.ok("POST", "/ws/ticket")["ticket"]
    with disabled(server, ada.person):
        for name, route in calls(server):
            attacked = next(iter(route.ids), "")
            value = ada.ids[route.ids[attacked]] if attacked else ""
            for who in (ada.person, program):
                assert attempt(who, name, route, ada.ids, attacked, value).status == 401, name
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            Socket(server, ticket)
        assert refused.value.status_code == 401
        again = Person(server).post("/auth/refresh", {"refresh_token": ada.person.login["refresh_token"]})
        assert again.status in (401, 403)
        credentials = {"email": ada.person.login["user"]["email"], "password": PASSWORD}
        assert Person(server).post("/auth/login", credentials).status in (401, 403)
    assert kept(ada) == before


def test_the_socket_of_an_api_token_knows_only_what_is_its_owners(server: Server, ada: Someone, bob: Someone) -> None:
    frames = [
        ("answer", {"type": "resume", "message_id": "ID"}),
        ("answer", {"type": "cancel", "message_id": "ID"}),
        ("thread", {"type": "chat", "id": "a", "message": "Go on?", "thread_id": "ID"}),
        ("document", {"type": "rag-search", "id": "c", "query": CANARY, "filters": {"document_ids": ["ID"]}}),
    ]
    before = kept(ada)
    with script_of(bob.person, "write").socket() as line:
        for kind, frame in frames:
            foreign, unknown = (heard(line, frame, value) for value in (ada.ids[kind], str(uuid4())))
            assert foreign == unknown
            assert "zyzzyva" not in json.dumps(foreign)
    assert kept(ada) == before


@pytest.mark.parametrize("credential", ["access", "refresh", "api token", "no ticket"])
def test_the_socket_takes_tickets_only(server: Server, ada: Someone, credential: str) -> None:
    given = {
        "access": ada.person.login["access_token"],
        "refresh": ada.person.login["refresh_token"],
        "api token": script_of(ada.person, "write").login["access_token"],
        "no ticket": "",
    }[credential]
    address = f"ws://{server.address}{BASE}/ws?access_token={given}&ticket={given}"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(
            address,
            origin=f"http://{server.address}",
            subprotocols=["teddy.v1", f"ticket.{given}"],
            header=[f"Authorization: Bearer {given}"],
            timeout=30,
        )
    assert refused.value.status_code == 401


def test_no_word_tells_whether_an_address_has_an_account(server: Server) -> None:
    """The status, the headers' names and every word are the same for a person who is there and one who isn't."""
    server.person("known@example.org")
    asked = [("/auth/login", {"password": "eight purple hedgehogs"})]
    if "POST /auth/password/forgot" in operations(server):
        asked.append(("/auth/password/forgot", {}))
    for path, body in asked:
        known, unknown = (
            Person(server).post(path, {"email": email, **body}) for email in ("known@example.org", "nobody@example.org")
        )
        assert (known.status, set(known.headers), known.body) == (unknown.status, set(unknown.headers), unknown.body)


def test_every_kind_of_id_is_tried(ada: Someone) -> None:
    assert set(ada.ids) == set(KINDS)
