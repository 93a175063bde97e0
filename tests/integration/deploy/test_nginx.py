from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.server import eventually
from engines.nginx import PROJECT, Nginx
from integration.deploy.upstream import Upstream, ask
from studyteddy.entrypoints.http.errors import refusal_document

NOWHERE = "127.0.0.1:9"


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def nginx(upstream: Upstream) -> Iterator[Nginx]:
    """In front of a process that tells what reached it; the sockets' process is not there."""
    with Nginx(api=upstream.address, sockets=NOWHERE, max_upload_mb=1) as nginx:
        yield nginx


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/health/", "/health/other"])
def test_what_the_inside_looks_like_is_not_told_outside(nginx: Nginx, upstream: Upstream, path: str) -> None:
    upstream.met.clear()
    answer = ask(nginx.address, path)
    assert (answer.status, answer.code) == (404, "not_found")
    assert upstream.met == []


def test_whether_the_application_lives_is_told(nginx: Nginx) -> None:
    assert ask(nginx.address, "/health/live").json["path"] == "/health/live"


def test_what_a_client_says_about_itself_is_replaced(nginx: Nginx) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
    }
    seen = ask(nginx.address, "/api/v1/tasks", headers=forged).json["headers"]
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "http"
    assert seen["X-Forwarded-Host"] == seen["Host"] == nginx.address
    assert not {"X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP", "Forwarded"} & seen.keys()
    assert not any("203.0.113.7" in value or "evil" in value for value in seen.values())


def test_the_proxy_in_front_is_believed_where_one_is_named(upstream: Upstream) -> None:
    named = (PROJECT / "deploy/k8s/base/in_front.conf").read_text().replace("10.0.0.0/8", "127.0.0.0/8")
    told = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    with Nginx(api=upstream.address, sockets=NOWHERE, files={"in_front.conf": named}) as nginx:
        answer = ask(nginx.address, "/api/v1/tasks", headers=told)
        front_page = ask(nginx.address, "/metrics", headers=told)
    seen = answer.json["headers"]
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("203.0.113.7", "https")
    assert front_page.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_request_keeps_its_id_and_gets_one_where_it_has_none(nginx: Nginx) -> None:
    kept = ask(nginx.address, "/api/v1/tasks", headers={"X-Request-Id": "mine-1"}).json["headers"]["X-Request-Id"]
    made = ask(nginx.address, "/api/v1/tasks").json["headers"]["X-Request-Id"]
    replaced = ask(nginx.address, "/api/v1/tasks", headers={"X-Request-Id": 'no "id"'}).json["headers"]["X-Request-Id"]
    assert kept == "mine-1"
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert re.fullmatch("[0-9a-f]{32}", replaced)


def test_only_the_socket_may_be_upgraded(nginx: Nginx) -> None:
    asked = {"Upgrade": "websocket", "Connection": "Upgrade"}
    seen = ask(nginx.address, "/api/v1/tasks", headers=asked).json["headers"]
    assert not {"Upgrade", "Connection"} & seen.keys()


def test_the_log_has_a_line_of_json_for_each_request_without_its_query(nginx: Nginx) -> None:
    ask(nginx.address, "/api/v1/tasks?q=divorce+lawyer", headers={"X-Request-Id": "logged-1"})

    def logged() -> list[dict[str, object]]:
        lines = [json.loads(line) for line in nginx.log().splitlines()]
        return [line for line in lines if line["request_id"] == "logged-1"]

    (line,) = eventually(logged, seconds=10)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/tasks", 200)
    assert "divorce" not in nginx.log() + nginx.faults()


def test_the_log_does_not_tell_the_secret_of_a_calendar_feed(nginx: Nginx) -> None:
    ask(nginx.address, "/api/v1/calendar/guess-who.ics", headers={"X-Request-Id": "logged-2"})
    eventually(lambda: '"logged-2"' in nginx.log() and "/api/v1/calendar/***" in nginx.log(), seconds=10)
    assert "guess-who" not in nginx.log()


def test_a_socket_or_stream_whose_process_is_gone_is_unavailable_for_a_while(nginx: Nginx) -> None:
    for path in ("/api/v1/ws", "/api/v1/messages/0197/events?after_seq=1"):
        answer = ask(nginx.address, path)
        assert (answer.status, answer.code) == (503, "unavailable")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Retry-After"] == "5"
        assert answer.json["instance"] == path.partition("?")[0]


def test_an_upload_may_be_a_bit_larger_than_the_setting_says_and_no_more(nginx: Nginx, upstream: Upstream) -> None:
    upstream.met.clear()
    taken = ask(nginx.address, "/api/v1/documents", method="POST", body=bytes(2 * 1024 * 1024))
    refused = ask(nginx.address, "/api/v1/documents", method="POST", body=bytes(2 * 1024 * 1024 + 1))
    elsewhere = ask(nginx.address, "/api/v1/tasks", method="POST", body=bytes(2 * 1024 * 1024 + 1))
    assert taken.json["length"] == 2 * 1024 * 1024
    assert upstream.met == ["POST /api/v1/documents"]
    for answer in (refused, elsewhere):
        assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /" + "a" * 9_000 + " HTTP/1.1", 414),
        ("GET /metrics HTTP/1.1", 404),
        ("GET / HTTP/1.1\r\nHost: twice", 400),
        ("GET / HTTP/1.1\r\nX-Big: " + "a" * 9_000, 431),
    ],
    ids=["uri", "nothing", "hosts", "headers"],
)
def test_what_nginx_refuses_is_told_in_the_words_of_the_application(
    nginx: Nginx, request_line: str, status: int
) -> None:
    host, _, port = nginx.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"{request_line}\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
        response = http.client.HTTPResponse(line)
        response.begin()
        told = json.loads(response.read())
        response.close()
    ours = refusal_document(status, instance="")
    assert response.status == told["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (told["code"], told["detail"]) == (ours["code"], ours["detail"])
    assert told.keys() == ours.keys()


def test_what_a_path_contains_can_not_break_a_problem_document(nginx: Nginx) -> None:
    answer = ask(nginx.address, '/health/","x":"\\')
    assert answer.json["instance"] == ""


def test_a_flood_from_one_address_is_told_to_wait(upstream: Upstream) -> None:
    changes = {"rate=100r/s": "rate=1r/m", "burst=400": "burst=2"}
    with Nginx(api=upstream.address, sockets=NOWHERE, changes=changes) as nginx:
        answers = [ask(nginx.address, "/api/v1/tasks") for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert (answers[-1].code, answers[-1].headers["Retry-After"]) == ("too_many_requests", "2")


def test_who_dribbles_a_request_is_shown_the_door(upstream: Upstream) -> None:
    changes = {"client_header_timeout 10s": "client_header_timeout 1s"}
    with Nginx(api=upstream.address, sockets=NOWHERE, changes=changes) as nginx:
        host, _, port = nginx.address.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: he")
            with pytest.raises(ConnectionResetError):
                line.recv(100)


def test_events_pass_at_once(upstream: Upstream) -> None:
    upstream.go_on.clear()
    with Nginx(api=NOWHERE, sockets=upstream.address) as nginx:
        host, _, port = nginx.address.partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request("GET", "/api/v1/messages/0197/events?after_seq=0")
        answer = connection.getresponse()
        first = answer.readline()
        upstream.go_on.set()
        rest = answer.read()
        connection.close()
    assert (first, rest) == (b"data: first\n", b"\ndata: second\n\n")


def test_another_process_takes_over_what_may_be_sent_twice_and_nothing_else() -> None:
    both = (
        "upstream api { server api:8000 max_fails=0; server sockets:8001 max_fails=0; }\n"
        "upstream sockets { server sockets:8001; }\n"
    )
    with Upstream() as first, Upstream() as second:
        with Nginx(api=first.address, sockets=second.address, files={"upstreams.conf": both}) as nginx:
            asked = ask(nginx.address, "/api/v1/hang-up")
            sent = ask(nginx.address, "/api/v1/hang-up", method="POST", body=b"{}")
        met = sorted(first.met + second.met)
    assert (asked.status, sent.status) == (503, 503)
    assert met == ["GET /api/v1/hang-up", "GET /api/v1/hang-up", "POST /api/v1/hang-up"]


def test_a_process_that_is_not_there_is_passed_over_also_for_writes() -> None:
    both = "upstream api { server sockets:8001; server api:8000; }\nupstream sockets { server sockets:8001; }\n"
    with Upstream() as there, Nginx(api=there.address, sockets=NOWHERE, files={"upstreams.conf": both}) as nginx:
        answers = [ask(nginx.address, "/api/v1/tasks", method="POST", body=b"{}") for _ in range(4)]
    assert [answer.status for answer in answers] == [200] * 4


def test_the_upstreams_of_the_cluster_lead_to_the_same_processes(upstream: Upstream) -> None:
    named = (PROJECT / "deploy/k8s/base/upstreams.conf").read_text()
    with Nginx(api=upstream.address, sockets=NOWHERE, files={"upstreams.conf": named}) as nginx:
        assert ask(nginx.address, "/api/v1/tasks").status == 200
        assert ask(nginx.address, "/api/v1/ws").status == 503


def test_probes_have_a_port_of_their_own(nginx: Nginx) -> None:
    assert ask(nginx.inner_address, "/live").status == 204
    assert b"Active connections" in ask(nginx.inner_address, "/status").body
    assert ask(nginx.inner_address, "/api/v1/tasks").status == 404
    assert ask(nginx.address, "/status").json["path"] == "/status"


def test_with_a_certificate_everything_goes_over_tls(upstream: Upstream, tmp_path: Path) -> None:
    with Nginx(api=upstream.address, sockets=NOWHERE, certificate=self_signed(tmp_path)) as nginx:
        plain = ask(nginx.address, "/tasks?page=2", headers={"Host": "study.example"})
        secret = ask(nginx.tls_address, "/api/v1/tasks", tls=True)
        missing = ask(nginx.tls_address, "/metrics", tls=True)
    assert (plain.status, plain.headers["Location"]) == (308, "https://study.example/tasks?page=2")
    assert secret.json["headers"]["X-Forwarded-Proto"] == "https"
    assert secret.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert missing.headers["Strict-Transport-Security"] == "max-age=31536000"


def self_signed(directory: Path) -> Path:
    """The directory, with a certificate of nobody's for an hour, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "study.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = datetime.now(UTC)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(hours=1))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "tls.crt").write_bytes(certificate)
    (directory / "tls.key").write_bytes(secret)
    return directory
