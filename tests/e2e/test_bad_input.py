"""Whatever is sent, the answer says what to do: a problem document, never a crash, and nothing half done."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import websocket

from e2e.server import BASE, Answered, Person, Server, Socket, form

JSON = {"Content-Type": "application/json"}
MEMBERS = {"type", "title", "status", "detail", "code", "instance"}
DEEP = b"[" * 100_000 + b"]" * 100_000
NOWHERE = "0198c6a0-0000-7000-8000-00000000dead"  # the same for every process that runs these tests


def problem(answer: Answered, status: int, code: str) -> dict[str, Any]:
    """A whole problem document of this status and code, with a sentence for a person."""
    assert (answer.status, answer.headers.get("Content-Type")) == (status, "application/problem+json"), answer
    document = answer.json
    assert document.keys() >= MEMBERS
    assert (document["status"], document["code"]) == (status, code), document
    assert len(document["detail"].split()) >= 3
    assert document["detail"][-1] in ".!?"
    assert "Traceback" not in document["detail"]
    for fault in document.get("errors", []):
        assert fault.keys() == {"field", "message"}
        assert fault["message"]
    return dict(document)


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person("ada@example.org")


@pytest.fixture(scope="module")
def task(ada: Person) -> str:
    return str(ada.ok("POST", "/tasks", {"title": "There before"})["id"])


@pytest.fixture
def unchanged(ada: Person, task: str) -> Iterator[None]:
    """Nothing that is refused leaves a trace."""
    before = kept(ada)
    yield
    assert kept(ada) == before


def kept(ada: Person) -> dict[str, Any]:
    found = {path: ada.everything(path) for path in ("/tasks", "/documents", "/threads", "/decks", "/study-sessions")}
    return found | {"me": ada.ok("GET", "/users/me")}


BODIES: dict[str, tuple[bytes, int, str]] = {
    "not JSON": (b"{", 400, "bad_json"),
    "trailing comma": (b'{"title": "a",}', 400, "bad_json"),
    "two values": (b'{"title": "a"} {"title": "b"}', 400, "bad_json"),
    "Latin-1": ('{"title": "é"}'.encode("latin-1"), 400, "bad_json"),
    "deep list": (DEEP, 400, "bad_json"),
    "deep field": (b'{"title": ' + DEEP + b"}", 400, "bad_json"),
    "number of 10,000 digits": (b'{"title": "a", "estimated_minutes": ' + b"9" * 10_000 + b"}", 400, "bad_json"),
    "null": (b"null", 422, "invalid"),
    "list": (b"[]", 422, "invalid"),
    "text": (b'"title"', 422, "invalid"),
    "nothing": (b"", 422, "invalid"),
    "no field": (b"{}", 422, "invalid"),
    "unknown field": (b'{"title": "a", "tilte": "b"}', 422, "invalid"),
    "null for a text": (b'{"title": null}', 422, "invalid"),
    "number for a text": (b'{"title": 5}', 422, "invalid"),
    "text for a number": (b'{"title": "a", "estimated_minutes": "5"}', 422, "invalid"),
    "fraction for a whole number": (b'{"title": "a", "estimated_minutes": 1.5}', 422, "invalid"),
    "true for a number": (b'{"title": "a", "estimated_minutes": true}', 422, "invalid"),
    "NaN": (b'{"title": "a", "estimated_minutes": NaN}', 422, "invalid"),
    "infinity": (b'{"title": "a", "estimated_minutes": 1e999}', 422, "invalid"),
    "2^63": (b'{"title": "a", "estimated_minutes": 9223372036854775808}', 422, "invalid"),
    "negative": (b'{"title": "a", "estimated_minutes": -1}', 422, "invalid"),
    "empty text": (b'{"title": ""}', 422, "invalid"),
    "blank text": (b'{"title": "   "}', 422, "invalid"),
    "long text": (b'{"title": "' + b"a" * 256 + b'"}', 422, "invalid"),
    "NUL": (b'{"title": "a\\u0000b"}', 422, "invalid"),
    "lone surrogate": (b'{"title": "a\\ud800"}', 422, "invalid"),
    "instant without offset": (b'{"title": "a", "due_at": "2026-01-01T10:00:00"}', 422, "invalid"),
    "number for an instant": (b'{"title": "a", "due_at": 1}', 422, "invalid"),
    "30 February": (b'{"title": "a", "due_at": "2026-02-30T10:00:00Z"}', 422, "invalid"),
    "year 0": (b'{"title": "a", "due_at": "0000-01-01T00:00:00Z"}', 422, "invalid"),
    "year 10000": (b'{"title": "a", "due_at": "10000-01-01T00:00:00Z"}', 422, "invalid"),
    "beyond the first year": (b'{"title": "a", "due_at": "0001-01-01T00:00:00+14:00"}', 422, "out_of_range"),
    "unknown choice": (b'{"title": "a", "priority": "somewhat"}', 422, "invalid"),
    "unknown rule": (b'{"title": "a", "recurrence": "FREQ=SECONDLY"}', 422, "bad_recurrence"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_wrong_body_is_refused_and_nothing_is_kept(ada: Person, unchanged: None, name: str) -> None:
    body, status, code = BODIES[name]
    problem(ada.post("/tasks", raw=body, headers=JSON), status, code)


def test_the_wrong_fields_are_named(ada: Person) -> None:
    answer = ada.post("/tasks", {"title": 5, "priority": "somewhat", "extra": 1})
    document = problem(answer, 422, "invalid")
    assert {fault["field"] for fault in document["errors"]} == {"title", "priority", "extra"}


SURROGATES = {
    "/auth/register": {"email": "eve@example.org", "password": "seven purple \ud800", "display_name": "E"},
    "/auth/login": {"email": "\ud800@example.org", "password": "\ud800"},
    "/auth/refresh": {"refresh_token": "\ud800"},
    "/tasks/parse": {"text": "Read \udfff"},
    "/search": {"query": "\ud800"},
    "/ask": {"question": "Why \ud800?"},
    "/threads": {"title": "\ud800"},
    "/decks": {"name": "\ud800"},
    "/study-sessions": {"subject": "\ud800"},
}


@pytest.mark.parametrize("bad", ["\ud800", "\0"], ids=["lone surrogate", "NUL"])
@pytest.mark.parametrize("path", SURROGATES)
def test_characters_that_cannot_be_kept_are_refused_everywhere(
    ada: Person, unchanged: None, path: str, bad: str
) -> None:
    body = json.loads(json.dumps(SURROGATES[path]).replace("\\ud800", "BAD").replace("\\udfff", "BAD"))
    stated = json.dumps({name: value.replace("BAD", bad) for name, value in body.items()}).encode()
    problem(ada.post(path, raw=stated, headers=JSON), 422, "invalid")


NUMBERS = {
    "/decks": ("desired_retention", {"name": "Birds"}),
    "/study-sessions": ("planned_minutes", {}),
    "/search": ("limit", {"query": "birds"}),
}


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e308", "-1", "9223372036854775808", "1" * 400, "[]", "{}"])
@pytest.mark.parametrize("path", NUMBERS)
def test_numbers_out_of_bounds_are_refused(ada: Person, unchanged: None, path: str, number: str) -> None:
    name, body = NUMBERS[path]
    stated = json.dumps({**body, name: 0}).replace(f'"{name}": 0', f'"{name}": {number}').encode()
    document = problem(ada.post(path, raw=stated, headers=JSON), 422, "invalid")
    assert [fault["field"] for fault in document["errors"]] == [name]


def test_a_body_of_more_than_a_megabyte_is_refused(ada: Person, unchanged: None) -> None:
    problem(ada.post("/tasks", {"title": "a", "description": "b" * 1_100_000}), 413, "too_large")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "", "x"],
)
def test_another_content_type_is_refused(ada: Person, unchanged: None, kind: str) -> None:
    """Also on a route that would take an empty body."""
    for path in ("/tasks", "/study-sessions", "/threads"):
        answer = ada.post(path, raw=b'{"title": "a"}', headers={"Content-Type": kind})
        problem(answer, 415, "unsupported_media_type")


def test_another_method_is_refused_with_those_that_would_do(ada: Person, unchanged: None, task: str) -> None:
    for method, path in (("PUT", "/tasks"), ("PATCH", "/tasks"), ("POST", f"/tasks/{task}"), ("BREW", "/tasks")):
        answer = ada.send(method, path)
        problem(answer, 405, "method_not_allowed")
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/tasks/abc", "/tasks/1", f"/tasks/{NOWHERE}0", f"/tasks/{NOWHERE}", f"/documents/{NOWHERE}"]
    + [f"/documents/{NOWHERE}/pages/{page}" for page in ("0", "-1", "x", "9" * 30)]
    + [
        "/tasks/%00",
        "/tasks/..%2f..%2fetc%2fpasswd",
        "/documents/../../health",
        f"/cards/{NOWHERE}",
        f"/jobs/{NOWHERE}",
    ],
)
def test_an_unknown_address_or_id_answers_404(ada: Person, path: str) -> None:
    answer = ada.get(path)
    if ada.server.proxied and "%00" in path:
        problem(answer, 400, "bad_request")
    else:
        problem(answer, 404, "not_found")


QUERIES: dict[str, tuple[int, str]] = {
    "/tasks?limit=0": (422, "invalid"),
    "/tasks?limit=101": (422, "invalid"),
    "/tasks?limit=x": (422, "invalid"),
    "/tasks?limit=99999999999999999999999": (422, "invalid"),
    "/tasks?sort=; drop table tasks": (422, "invalid"),
    "/tasks?sort=created_at desc": (422, "invalid"),
    "/tasks?unknown=1": (422, "invalid"),
    "/tasks?q=%00": (422, "bad_characters"),
    "/tasks?q=%FF": (400, "bad_encoding"),
    "/tasks?q=%ED%A0%80": (400, "bad_encoding"),
    "/tasks?due_from=yesterday": (422, "invalid"),
    "/reviews/queue?deck_id=1": (422, "invalid"),
    "/reviews/queue?limit=-1": (422, "invalid"),
    "/analytics/summary?from=2026-02-30": (422, "invalid"),
    "/analytics/summary?from=2026-02-02&to=2026-02-01": (422, "bad_period"),
    "/analytics/heatmap?from=0001-01-01&to=9999-12-31": (422, "out_of_range"),
    f"/messages/{NOWHERE}/events?after_seq=-1": (422, "invalid"),
}


@pytest.mark.parametrize("path", QUERIES)
def test_a_wrong_query_is_refused(ada: Person, path: str) -> None:
    problem(ada.get(path.replace(" ", "%20")), *QUERIES[path])


def test_an_empty_period_or_one_at_the_ends_of_time_is_no_crash(ada: Person) -> None:
    for name in ("summary", "heatmap", "forecast", "subjects", "retention"):
        for day in ("0001-01-01", "9999-12-31"):
            assert ada.get(f"/analytics/{name}", **{"from": day, "to": day}).status in (200, 422), (name, day)


def test_a_cursor_works_only_as_it_was_given(ada: Person) -> None:
    for number in range(3):
        ada.ok("POST", "/tasks", {"title": f"Task {number}"})
        ada.ok("POST", "/threads", {"title": f"Thread {number}"})
    good = ada.ok("GET", "/tasks?limit=1")["next_cursor"]
    of_another_list = ada.ok("GET", "/threads?limit=1")["next_cursor"]
    packed = json.loads(base64.urlsafe_b64decode(good + "=="))
    forged = [[*packed[:2], "no id"], [packed[0], 5, packed[2]], packed[:2], "text", {"order": 1}, DEEP.decode()[:1400]]
    forged += [[packed[0], "\0", packed[2]], [packed[0], "\ud800", packed[2]], [packed[0], "x' or 1=1", packed[2]]]
    forged += [[packed[0], "2026-01-01T00:00:00", packed[2]], [packed[0], "99999-01-01", packed[2]]]
    texts = ["garbage", "!!!", "=", "é", good[:-3], good + "x", "a" * 5_000, of_another_list]
    texts += [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in forged]
    for text in texts:
        problem(ada.get("/tasks", cursor=text), 422, "bad_cursor")
    problem(ada.get("/tasks", cursor=good, sort="-created_at"), 422, "bad_cursor")
    assert ada.get("/tasks", cursor=good).status == 200


@pytest.mark.parametrize("version", ['"99"', '"0"', "1", "abc", '"99999999999999999999"', '"1", "2"', 'W/"99"'])
def test_a_stale_version_is_refused(ada: Person, unchanged: None, task: str, version: str) -> None:
    headers = {"If-Match": version}
    problem(ada.patch(f"/tasks/{task}", {"title": "Overwritten"}, headers=headers), 412, "stale_version")
    problem(ada.delete(f"/tasks/{task}", headers=headers), 412, "stale_version")
    problem(ada.patch("/users/me", {"display_name": "X"}, headers=headers), 412, "stale_version")


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(header: object, claims: object, secret: bytes) -> str:
    head = f"{segment(header)}.{segment(claims)}"
    digest = hmac.new(secret, head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def claims_of(token: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")))


def test_a_token_that_is_not_ours_opens_nothing(server: Server, ada: Person) -> None:
    token, secret = ada.login["access_token"], server.signing_secret()
    head, claims = {"alg": "HS256", "typ": "JWT"}, claims_of(token)
    forged = {
        "nothing": "",
        "garbage": "x.y.z",
        "long": "a" * 20_000,
        "another secret": signed(head, claims, b"x" * 64),
        "empty secret": signed(head, claims, b""),
        "no algorithm": f"{segment({'alg': 'none'})}.{segment(claims)}.",
        "no signature": token.rsplit(".", 1)[0] + ".",
        "changed claims": ".".join([token.split(".")[0], segment({**claims, "sub": NOWHERE}), token.split(".")[2]]),
        "a refresh token": ada.login["refresh_token"],
        "expired": signed(head, {**claims, "exp": int(time.time()) - 1}, secret),
        "another kind": signed(head, {**claims, "typ": "refresh"}, secret),
        "another audience": signed(head, {**claims, "aud": "else"}, secret),
        "another issuer": signed(head, {**claims, "iss": "else"}, secret),
        "no expiry": signed(head, {name: value for name, value in claims.items() if name != "exp"}, secret),
        "an expiry that is no number": signed(head, {**claims, "exp": "never"}, secret),
        "an expiry beyond all years": signed(head, {**claims, "exp": 10**20}, secret),
        "nobody": signed(head, {**claims, "sub": NOWHERE}, secret),
        "no session": signed(head, {**claims, "sid": NOWHERE}, secret),
        "a key of its own": signed({**head, "jwk": {"kty": "oct", "k": "eA"}, "kid": "../x"}, claims, b"x"),
    }
    assert signed(head, claims, secret).split(".")[1:] != []
    assert Person(server, {"access_token": signed(head, claims, secret)}).get("/users/me").status == 200
    for name, text in forged.items():
        answer = ada.send("GET", "/users/me", headers={"Authorization": f"Bearer {text}"})
        if server.proxied and name == "long":
            problem(answer, 431, "headers_too_large")
            continue
        assert answer.status == 401, name
        code = {"expired": "token_expired", "nothing": "not_authenticated"}.get(name, answer.code)
        problem(answer, 401, code)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    for scheme in ("Basic", "bearer-x", "Token"):
        problem(ada.send("GET", "/users/me", headers={"Authorization": f"{scheme} {token}"}), 401, "not_authenticated")
    for place in ({"X-Api-Key": token}, {"Cookie": f"access_token={token}"}):
        problem(ada.send("GET", "/users/me", headers={"Authorization": "", **place}), 401, "not_authenticated")
    problem(ada.send("GET", f"/users/me?access_token={token}", headers={"Authorization": ""}), 401, "not_authenticated")


@pytest.mark.parametrize("token", ["", "x", None, [], {}, 5, "a.b", f"{NOWHERE}.x", "access"])
def test_a_refresh_token_that_is_not_ours_opens_nothing(server: Server, ada: Person, token: object) -> None:
    stated = ada.login["access_token"] if token == "access" else token
    answer = Person(server).post("/auth/refresh", {"refresh_token": stated})
    assert answer.status == (401 if isinstance(stated, str) else 422)
    problem(answer, answer.status, answer.code)


def test_a_spent_refresh_token_ends_the_device(server: Server, ada: Person) -> None:
    phone = ada.log_in()
    spent = phone.login["refresh_token"]
    renewed = Person(server).ok("POST", "/auth/refresh", {"refresh_token": spent})
    problem(Person(server).post("/auth/refresh", {"refresh_token": spent}), 401, "token_reused")
    again = Person(server).post("/auth/refresh", {"refresh_token": renewed["refresh_token"]})
    problem(again, 401, again.code)
    assert Person(server, renewed).get("/users/me").status == 401
    assert ada.get("/users/me").status == 200


REGISTRATIONS: dict[str, tuple[dict[str, object], int]] = {
    "no address": ({"email": "ada"}, 422),
    "taken address": ({"email": " ADA@example.org "}, 409),
    "short password": ({"password": "short"}, 422),
    "common password": ({"password": "password123"}, 422),
    "blank name": ({"display_name": "  "}, 422),
    "unknown zone": ({"time_zone": "Mars/Olympus"}, 422),
    "a path for a zone": ({"time_zone": "../../etc/passwd"}, 422),
    "line break in the address": ({"email": "eve@example.org\r\nBcc: all"}, 422),
    "a role": ({"roles": ["admin"]}, 422),
}


@pytest.mark.parametrize("name", REGISTRATIONS)
def test_a_wrong_registration_makes_no_account(server: Server, ada: Person, name: str) -> None:
    fields, status = REGISTRATIONS[name]
    body = {"email": "eve@example.org", "password": "seven purple hedgehogs", "display_name": "Eve", **fields}
    answer = Person(server).post("/auth/register", body)
    problem(answer, status, answer.code)
    credentials = {"email": "eve@example.org", "password": "seven purple hedgehogs"}
    problem(Person(server).post("/auth/login", credentials), 401, "wrong_credentials")


def multipart(ada: Person, body: bytes, kind: str) -> Answered:
    return ada.post("/documents", raw=body, headers={"Content-Type": kind})


def test_an_upload_that_is_no_form_with_one_file_is_refused(ada: Person, unchanged: None) -> None:
    text = ("file", "a.txt", b"Some text.")
    forms = {
        "nothing": form(),
        "no file": form(title="A"),
        "text for a file": form(file="A"),
        "another field": form(text, ("other", "b.txt", b"More.")),
        "unknown field": form(text, owner="me"),
        "no file name": form(("file", "", b"Some text.")),
        "a title with NUL": form(text, title="a\0b"),
        "a long title": form(text, title="a" * 256),
        "a long subject": form(text, subject="a" * 101),
    }
    for name, (body, kind) in forms.items():
        answer = multipart(ada, body, kind)
        assert answer.status in (415, 422), (name, answer)
        problem(answer, answer.status, answer.code)
    problem(multipart(ada, *form(text, ("file", "b.txt", b"More."))), 422, "several_files")
    body, kind = form(text)
    problem(multipart(ada, body[:-60], kind), 422, "invalid")
    problem(multipart(ada, body, "multipart/form-data"), 422, "invalid")
    problem(multipart(ada, *form(text, **{f"f{n}": "x" for n in range(2_000)})), 413, "too_large")
    problem(multipart(ada, *form(text, title="x" * 700_000)), 413, "too_large")
    problem(ada.post("/documents", {"file": "a"}), 415, "unsupported_media_type")


FILES = {
    "empty.txt": (b"", 422, "empty_file"),
    "program.exe": (b"MZ\x90\0" + bytes(100), 415, "unsupported_type"),
    "noextension": (b"Some text.", 415, "unsupported_type"),
    "CON": (b"Some text.", 415, "unsupported_type"),
    "text.pdf": (b"Some text.", 415, "type_mismatch"),
    "picture.docx": (b"\x89PNG\r\n\x1a\n" + bytes(100), 415, "type_mismatch"),
    "program.txt": (b"MZ\x90\0" + bytes(1_000), 415, "type_mismatch"),
}


@pytest.mark.parametrize("filename", FILES)
def test_a_file_that_is_not_what_it_says_is_refused(ada: Person, unchanged: None, filename: str) -> None:
    content, status, code = FILES[filename]
    problem(ada.upload(filename, content), status, code)


def test_no_file_name_leads_out_of_the_store(server: Server) -> None:
    """Bytes lie under a name of ours; what is left of theirs is safe to show and to download."""
    bob = server.person("bob@example.org")
    names = [
        "../../../etc/cron.d/job.txt",
        "..\\..\\job.txt",
        "/etc/passwd.txt",
        "C:\\x.txt",
        "a\0b.txt",
        "x" * 4_000 + ".txt",
    ]
    names += [
        "\u202egnp.exe.txt",
        "CON.txt",
        "\U0001f9f8 bear.txt",
        "a%00b.txt",
        "a;b='c.txt",
        "%2e%2e%2fa.txt",
        "<img src=x>.md",
    ]
    before = {path for path in server.home.parent.rglob("*") if path.is_file()}
    for number, name in enumerate(names):
        document = bob.ok("POST", "/documents", **sent(name, f"Note {number}.".encode()))["document"]
        shown = document["filename"]
        assert 1 <= len(shown) <= 255, name
        assert not set(shown) & set("/\\\0\u202e\r\n"), name
        file = bob.get(f"/documents/{document['id']}/file")
        assert file.body == f"Note {number}.".encode()
        assert file.headers["Content-Disposition"].startswith("attachment; ")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    twice = [bob.ok("POST", "/documents", **sent("same.txt", text))["document"]["id"] for text in (b"One.", b"Two.")]
    assert len(set(twice)) == 2
    new = {path for path in server.home.parent.rglob("*") if path.is_file()} - before
    outside = [path for path in new if not path.is_relative_to(server.home / "objects")]
    ours = (server.home / "postgres", server.home / "outbox")  # the database, and letters where no mail goes out
    assert not [path for path in outside if not any(path.is_relative_to(place) for place in ours)]


def sent(name: str, content: bytes) -> dict[str, Any]:
    body, kind = form(("file", name, content))
    return {"raw": body, "headers": {"Content-Type": kind}}


def test_a_key_that_is_reused_for_another_request_is_refused(ada: Person) -> None:
    key = {"Idempotency-Key": "one"}
    ada.ok("POST", "/tasks", {"title": "Once"}, headers=key)
    answer = ada.post("/tasks", {"title": "Something else"}, headers=key)
    problem(answer, answer.status, answer.code)
    assert answer.status in (409, 422)
    for bad in ("x" * 201, "a b", "\u00e9"):
        problem(ada.post("/tasks", {"title": "A"}, headers={"Idempotency-Key": bad}), 422, "invalid")


RAW: dict[str, tuple[bytes, int, str]] = {
    "four words in the first line": (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "a line too long": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
    "a header too long": (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431, "headers_too_large"),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431, "headers_too_large"),
    "a length that is no number": (
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n",
        422,
        "invalid",
    ),
}

BY_NGINX = {"too many headers": (400, "bad_request"), "a length that is no number": (400, "bad_request")}
"""What nginx says where the application never sees it."""


@pytest.mark.parametrize("name", RAW)
def test_what_is_hardly_http_gets_a_problem_too(server: Server, name: str) -> None:
    sent, status, code = RAW[name]
    if server.proxied:
        status, code = BY_NGINX.get(name, (status, code))
    host, _, port = server.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(one.split(": ", 1) for one in lines[1:])
    problem(Answered(int(lines[0].split()[1]), headers, body), status, code)


FRAMES: dict[str, tuple[str | bytes, str]] = {
    "not JSON": ("{", "bad_frame"),
    "a list": ("[]", "bad_frame"),
    "deep": (DEEP.decode()[:60_000], "bad_frame"),
    "bytes": (b"\xff\x00", "bad_frame"),
    "no type": ("{}", "unknown_frame_type"),
    "unknown type": ('{"type": "dance"}', "unknown_frame_type"),
    "a number as type": ('{"type": 5}', "unknown_frame_type"),
    "no message": ('{"type": "chat", "id": "1"}', "bad_frame"),
    "no id": ('{"type": "chat", "message": "Why?"}', "bad_frame"),
    "unknown field": ('{"type": "ping", "x": 1}', "bad_frame"),
    "bad id": ('{"type": "resume", "message_id": "1"}', "bad_frame"),
    "NUL": ('{"type": "chat", "id": "1", "message": "a\\u0000"}', "bad_frame"),
    "lone surrogate": ('{"type": "chat", "id": "1", "message": "a\\ud800"}', "bad_frame"),
    "surrogate in a search": ('{"type": "rag-search", "id": "1", "query": "\\udfff"}', "bad_frame"),
    "huge number": (f'{{"type": "resume", "message_id": "{NOWHERE}", "after_seq": 1e30}}', "bad_frame"),
    "too much": ('{"type": "rag-search", "id": "1", "query": "a", "limit": 51}', "bad_frame"),
    "unknown mode": ('{"type": "chat", "id": "1", "message": "a", "mode": "sing"}', "bad_frame"),
}


def test_a_wrong_frame_gets_an_error_and_the_socket_stays(ada: Person, unchanged: None) -> None:
    with ada.socket() as line:
        for name, (frame, code) in FRAMES.items():
            opcode = websocket.ABNF.OPCODE_BINARY if isinstance(frame, bytes) else websocket.ABNF.OPCODE_TEXT
            line.raw.send(frame, opcode)
            document = line.next("error", "chat-error")["problem"]
            assert document.keys() >= MEMBERS, name
            assert document["code"] == code, (name, document)
            assert document["detail"]
        line.send(type="ping")
        line.next("pong")


def test_a_frame_over_64_kib_closes_the_socket(ada: Person) -> None:
    with ada.socket() as line:
        line.raw.send(json.dumps({"type": "chat", "id": "1", "message": "a" * 66_000}))
        opcode, data = line.raw.recv_data()
        assert (opcode, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1009)


def test_a_socket_opens_only_with_a_fresh_ticket_from_our_own_pages(server: Server, ada: Person) -> None:
    ticket = ada.ok("POST", "/ws/ticket")["ticket"]
    with ada.socket() as line:
        assert line.raw.connected
    line = Socket(server, ticket)
    line.raw.close()
    line.raw.shutdown()
    for name, options, status in (
        ("spent", {"subprotocols": ["teddy.v1", f"ticket.{ticket}"]}, 401),
        ("none", {"subprotocols": ["teddy.v1"]}, 401),
        ("a token", {"subprotocols": ["teddy.v1", f"ticket.{ada.login['access_token']}"]}, 401),
        ("foreign page", {"subprotocols": ["teddy.v1", "ticket.x"], "origin": "http://evil.example"}, 403),
    ):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(
                f"ws://{server.address}{BASE}/ws", **{"origin": f"http://{server.address}", "timeout": 10, **options}
            )
        answer = Answered(
            refused.value.status_code,
            {"Content-Type": refused.value.resp_headers["content-type"]},
            refused.value.resp_body,
        )
        assert answer.status == status, name
        problem(answer, status, answer.code)
