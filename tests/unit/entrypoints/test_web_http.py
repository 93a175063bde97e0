from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from studyteddy.entrypoints.http.web import web_blueprint

PAGE = b"<!doctype html><title>Tasks</title><script>go()</script>" + b" " * 2_000
HASH = "'sha256-abc'"
ID = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """What a build of the web application leaves behind, in small."""
    files = {
        "index.html": b"<!doctype html>front",
        "tasks.html": PAGE,
        "tasks.html.gz": gzip.compress(PAGE),
        "tasks.txt": b"1:payload",
        "404.html": b"<!doctype html>nothing here",
        "_next/static/chunks/a1b2.js": b"go()",
        "manifest.webmanifest": b"{}",
        "sw.js": b"self",
        "csp.json": json.dumps({"index.html": [], "tasks.html": [HASH], "404.html": []}).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def client_of(directory: Path) -> FlaskClient:
    app = Flask("web", static_folder=None)
    app.register_blueprint(web_blueprint(directory, prefix="api/v1"))

    @app.post("/api/v1/tasks")
    def add() -> str:
        return "added"

    return app.test_client()


@pytest.fixture
def client(export: Path) -> FlaskClient:
    return client_of(export)


def test_a_page_stands_at_its_name_without_an_ending(client: FlaskClient) -> None:
    answer = client.get("/tasks")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/html", PAGE)
    assert client.get("/").data == b"<!doctype html>front"


@pytest.mark.parametrize("address", ["/tasks/", "/tasks.html"])
def test_other_spellings_lead_to_the_page_with_their_query(client: FlaskClient, address: str) -> None:
    answer = client.get(address + "?task=7")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/tasks?task=7")


@pytest.mark.parametrize(
    ("address", "to"),
    [(f"/tasks/{ID}", f"/tasks?task={ID}"), (f"/tasks/{ID.upper()}/", f"/tasks?task={ID.upper()}"),
     (f"/documents/{ID}", f"/documents?doc={ID}"), (f"/flashcards/{ID}", f"/flashcards?deck={ID}"),
     (f"/ai-tutor/{ID}", f"/ai-tutor?thread={ID}")],
)  # fmt: skip
def test_an_address_of_one_thing_leads_to_its_page(client: FlaskClient, address: str, to: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, to)


@pytest.mark.parametrize("address", [f"/elsewhere/{ID}", f"/tasks/{ID}/more", "/tasks/7", f"//evil.example/{ID}"])
def test_no_other_address_leads_anywhere(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/nowhere", "/csp.json", "/tasks.html.gz", "/../secret", "/_next/static/gone.js"])
def test_where_nothing_stands_is_a_real_404(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.data) == (404, b"<!doctype html>nothing here")


@pytest.mark.parametrize("address", ["/api/v1/nowhere", "/api/nowhere", "/health/nowhere", "/metrics"])
def test_addresses_of_the_api_never_get_a_page(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert b"nothing here" not in answer.data


def test_a_wrong_method_stays_one(client: FlaskClient) -> None:
    assert client.get("/api/v1/tasks").status_code == 405
    assert client.post("/tasks").status_code == 404


def test_scripts_of_a_page_are_allowed_by_their_hash_alone(client: FlaskClient) -> None:
    policy = client.get("/tasks").headers["Content-Security-Policy"]
    assert f"script-src 'self' {HASH};" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' ws://localhost;" in policy


def test_the_service_worker_may_fetch_what_it_keeps(client: FlaskClient) -> None:
    policy = client.get("/sw.js").headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "script-src 'self';" in policy


def test_what_has_a_hash_in_its_name_is_kept_for_ever_and_the_rest_is_asked_for(client: FlaskClient) -> None:
    assert "immutable" in client.get("/_next/static/chunks/a1b2.js").headers["Cache-Control"]
    page = client.get("/tasks")
    assert page.headers["Cache-Control"] == "no-cache"
    again = client.get("/tasks", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_compressed_twin_goes_to_those_who_take_it(client: FlaskClient) -> None:
    plain, packed = client.get("/tasks"), client.get("/tasks", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.mimetype == "text/html"


def test_payloads_and_manifest_go_out_as_what_they_are(client: FlaskClient) -> None:
    assert client.get("/tasks.txt").mimetype == "text/x-component"
    assert client.get("/manifest.webmanifest").mimetype == "application/manifest+json"


def test_without_a_build_the_front_page_says_what_to_do(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert "/api/v1/docs" in answer.text
    assert client.get("/tasks").status_code == 404
