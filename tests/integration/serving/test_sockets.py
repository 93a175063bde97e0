from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import websocket

from e2e.server import Person, Socket, eventually
from integration.serving.gunicorn import Gunicorn


def close_frame(line: Socket) -> tuple[int, str]:
    """What the server said when it closed the socket."""
    while True:
        opcode, data = line.raw.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big"), data[2:].decode()


def test_one_process_holds_many_sockets_while_it_answers_http(sockets: Gunicorn) -> None:
    people = [sockets.person(f"socket{number}@example.org") for number in range(4)]
    with ExitStack() as opened:
        lines = [opened.enter_context(person.socket()) for person in people for _ in range(10)]
        for number, line in enumerate(lines):
            line.send(type="ping")
            assert people[number % 4].ok("GET", "/users/me")["id"]
            line.next("pong")
        assert sockets.metric("studyteddy_http_requests_in_progress", route="/api/v1/ws") == 40
        assert len(sockets.workers()) == 1
        assert sockets.workers()[0].num_threads() < 20
    eventually(lambda: sockets.metric("studyteddy_http_requests_in_progress", route="/api/v1/ws") == 0)


def test_a_log_in_works_beside_sockets(sockets: Gunicorn) -> None:
    ada = sockets.person("beside@example.org")
    with ada.socket() as line:
        assert ada.log_in().id == ada.id
        line.send(type="ping")
        line.next("pong")


def test_at_the_end_sockets_are_told_to_connect_again_and_hold_up_nothing(
    home: Path, environment: dict[str, str]
) -> None:
    with Gunicorn(home, environment, ("--sockets",)) as server:
        ada = server.person("leaving@example.org")
        with ada.socket() as first, ada.socket() as second:
            server.terminate()
            for line in (first, second):
                assert close_frame(line) == (1012, "this server is being restarted; connect again")
        assert server.ended() == 0
        assert "graceful timeout" not in server.log()


def test_at_the_end_streams_end_too(home: Path, environment: dict[str, str]) -> None:
    with Gunicorn(home, environment, ("--sockets",)) as server:
        ada = server.person("stream@example.org")
        with ada.socket() as line:
            line.send(type="chat", id=str(uuid4()), message="Why?")
            message = line.next("chat-processing")["message_id"]
            response = follow(ada, message)
            server.terminate()
        assert response.read().decode().startswith("retry: 2000")
        response.close()
        assert server.ended() == 0


def follow(person: Person, message_id: str):  # type: ignore[no-untyped-def]
    from urllib.request import Request, urlopen

    headers = {"Authorization": f"Bearer {person.login['access_token']}"}
    url = f"http://{person.server.address}/api/v1/messages/{message_id}/events"
    return urlopen(Request(url, headers=headers), timeout=30)


@pytest.mark.parametrize("arguments", [(), ("--sockets",)], ids=["threads", "greenlets"])
def test_no_more_connections_are_open_than_the_settings_say(
    home: Path, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    few = {"STUDYTEDDY_SOCKETS": "3", "STUDYTEDDY_WEB_THREADS": "12"}
    with Gunicorn(home, environment | few, (*arguments, "--processes", "1")) as server:
        ada = server.person(f"few{len(arguments)}@example.org")
        with ExitStack() as opened:
            for _ in range(3):
                opened.enter_context(ada.socket())
            with pytest.raises(websocket.WebSocketBadStatusException) as refused, ada.socket():
                pass
            assert refused.value.status_code == 503
            assert ada.ok("GET", "/users/me")["id"] == ada.id
