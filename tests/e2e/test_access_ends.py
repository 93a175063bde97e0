"""Whatever ends access ends it at once: for requests, for open sockets and for open streams, of every credential.

The look at the clock is turned off here, so a socket that closes was told; ``test_socket`` has it the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from live_tutor import PASSWORD, LivePerson, LiveTutor
from studyteddy.entrypoints.http.socket import ACCESS_ENDED
from tutoring import PHOTOSYNTHESIS, StallingModel

pytestmark = pytest.mark.embedded_only("in the process of the test, with a model that it holds in its hand")

WITHIN = 5.0
"""Seconds."""
TOKENS = "/users/me/api-tokens"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveTutor]:
    with LiveTutor(tmp_path_factory.mktemp("ends"), check_seconds=3600) as app:
        yield app


def another_device(person: LivePerson, email: str) -> LivePerson:
    _, answer = person.call("POST", "/auth/login", {"email": email, "password": PASSWORD})
    return LivePerson(person.app, answer["access_token"], person.user_id)


def script(person: LivePerson, **fields: Any) -> tuple[LivePerson, str]:
    """A program with an API token of somebody, and the id of that."""
    status, made = person.call("POST", TOKENS, {"name": "a script", "scopes": ["write"], **fields})
    assert status == 201, made
    return LivePerson(person.app, made["token"], person.user_id), made["id"]


def log_out(person: LivePerson, _: LivePerson) -> None:
    person.call("POST", "/auth/logout")


def log_out_from_elsewhere(_: LivePerson, elsewhere: LivePerson) -> None:
    elsewhere.call("POST", "/auth/logout-all")


def set_password(person: LivePerson, _: LivePerson) -> None:
    email = person.call("GET", "/users/me")[1]["email"]
    person.app.container.set_password()(email=email, password="eleven orange badgers")


@pytest.mark.parametrize("end", [log_out, log_out_from_elsewhere, set_password])
def test_an_open_socket_ends_with_its_log_in(app: LiveTutor, end: Callable[[LivePerson, LivePerson], None]) -> None:
    email = f"{end.__name__}@example.org"
    ada = app.person(email)
    elsewhere = another_device(ada, email)
    with ada.socket() as line:
        began = monotonic()
        end(ada, elsewhere)
        assert line.close_code() == ACCESS_ENDED
    assert monotonic() - began < WITHIN
    assert ada.call("GET", "/tasks")[0] == 401


def test_an_open_socket_of_a_script_ends_with_its_token_and_others_stay(app: LiveTutor) -> None:
    ada = app.person("tokens@example.org")
    program, token_id = script(ada)
    with ada.socket() as mine, program.socket() as line:
        began = monotonic()
        assert ada.call("DELETE", f"{TOKENS}/{token_id}")[0] == 204
        assert line.close_code() == ACCESS_ENDED
        assert monotonic() - began < WITHIN
        mine.send(type="ping")
        assert mine.next("pong")
    assert program.call("GET", "/tasks")[0] == 401


def test_an_open_socket_of_a_script_ends_when_its_token_expires(app: LiveTutor) -> None:
    ada = app.person("expiring@example.org")
    expires_at = datetime.now(UTC) + timedelta(seconds=2)
    program, _ = script(ada, expires_at=expires_at.isoformat())
    with program.socket() as line:
        assert line.close_code() == ACCESS_ENDED
    assert timedelta(0) <= datetime.now(UTC) - expires_at < timedelta(seconds=WITHIN)


def test_a_ticket_is_worth_no_more_than_its_token(app: LiveTutor) -> None:
    ada = app.person("tickets@example.org")
    program, token_id = script(ada)
    reader, _ = script(ada, scopes=["read"])
    status, refused = reader.call("POST", "/ws/ticket")
    assert (status, refused["code"]) == (403, "scope_missing")
    ticket = program.ticket()
    ada.call("DELETE", f"{TOKENS}/{token_id}")
    with pytest.raises(Exception, match="401"):
        program.socket(ticket)


def test_an_open_stream_ends_with_its_log_in(tmp_path: Path) -> None:
    model = StallingModel()
    with LiveTutor(tmp_path, model) as app:
        ada = app.person()
        ada.keep("biology.txt", PHOTOSYNTHESIS)
        program, token_id = script(ada)
        with ada.socket() as line:
            line.send(type="chat", id="1", message="What does the green pigment chlorophyll absorb?")
            message_id = line.next("chat-processing")["message_id"]
        assert model.said_something.wait(10)
        for who, end in (
            (program, lambda: ada.call("DELETE", f"{TOKENS}/{token_id}")),
            (ada, lambda: ada.call("POST", "/auth/logout")),
        ):
            with closing(who.open("GET", f"/messages/{message_id}/events")) as stream:
                assert stream.readline().startswith(b"retry")
                began = monotonic()
                end()
                heard = stream.read()
            assert monotonic() - began < WITHIN
            assert b"chat-response" not in heard
        model.let_go.set()
