"""An open socket ends within seconds of what it rests on, in the process that holds it, whichever process ended that.

With several processes the request that ends the access is answered by another one than holds the socket; nothing but
Redis tells the one of the other.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from uuid import uuid4

import pytest
import websocket

from e2e.server import PASSWORD, Person, Server, Socket
from studyteddy.entrypoints.http.socket import ACCESS_ENDED

WITHIN = 5.0
"""Seconds."""


@pytest.fixture(scope="module")
def admin(server: Server) -> Person:
    email = f"{uuid4().hex}@example.org"
    person = server.person(email)
    assert server.run("user", "set-roles", email, "admin").returncode == 0
    return person


def disable(admin: Person, who: Person, _: Person) -> None:
    admin.ok("PATCH", f"/users/{who.id}", {"disabled": True})


def log_out_as_admin(admin: Person, who: Person, _: Person) -> None:
    admin.ok("POST", f"/users/{who.id}/logout-all")


def log_out_elsewhere(_: Person, __: Person, device: Person) -> None:
    device.ok("POST", "/auth/logout-all")


def change_password_elsewhere(_: Person, __: Person, device: Person) -> None:
    device.ok("POST", "/auth/password/change", {"current_password": PASSWORD, "new_password": "six orange badgers"})


def leave(_: Person, __: Person, device: Person) -> None:
    assert device.delete("/users/me", body={"password": PASSWORD}).status == 204


@pytest.mark.parametrize("end", [disable, log_out_as_admin, log_out_elsewhere, change_password_elsewhere, leave])
def test_a_socket_ends_with_its_access_and_others_stay(
    server: Server, admin: Person, end: Callable[[Person, Person, Person], None]
) -> None:
    ada, bob = (server.person(f"{uuid4().hex}@example.org") for _ in range(2))
    device = ada.log_in()
    with ada.socket() as line, bob.socket() as other:
        began = monotonic()
        end(admin, ada, device)
        assert close_code(line) == ACCESS_ENDED
        assert monotonic() - began < WITHIN
        other.send(type="ping")
        assert other.next("pong")
    assert ada.get("/tasks").status in (401, 403)


def close_code(line: Socket) -> int:
    """How the server closes a socket."""
    line.raw.settimeout(2 * WITHIN)
    while True:
        opcode, data = line.raw.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")
