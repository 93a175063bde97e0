from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engines.nginx import SHIPPED, Nginx
from integration.deploy.upstream import Upstream, ask
from studyteddy.entrypoints.http.headers import ALWAYS
from studyteddy.entrypoints.http.web import web_blueprint

NOWHERE = "127.0.0.1:9"
FILES = {
    "index.html": "<p>home</p>",
    "tasks.html": "<p>tasks</p>",
    "tasks.txt": "0:tasks",
    "tasks/__next.!KGFwcCk.tasks.__PAGE__.txt": "0:segment",
    "404.html": "<p>nothing here</p>",
    "robots.txt": "User-agent: *",
    "site.webmanifest": "{}",
    "_next/static/chunks/a1b2.js": "run()",
}


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


SAME = {name: value for name, value in ALWAYS.items() if name not in ("Content-Security-Policy", "Cache-Control")}


@pytest.fixture(scope="module")
def pages(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """With pages as the build of the UI exports them."""
    root = tmp_path_factory.mktemp("pages")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "_next/static/chunks/a1b2.js.gz").write_bytes(gzip.compress(b"run() // packed"))
    with Nginx(api=upstream.address, sockets=NOWHERE, pages=root) as nginx:
        yield nginx


@pytest.fixture(scope="module")
def bare(upstream: Upstream) -> Iterator[Nginx]:
    """Without any page."""
    with Nginx(api=upstream.address, sockets=NOWHERE) as nginx:
        yield nginx


@pytest.mark.parametrize(("path", "text"), [("/", "<p>home</p>"), ("/tasks", "<p>tasks</p>")])
def test_a_page_is_asked_for_anew_each_time_and_runs_nothing_from_elsewhere(pages: Nginx, path: str, text: str) -> None:
    answer = ask(pages.address, f"{path}?day=1")
    assert (answer.status, answer.body.decode()) == (200, text)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {name: answer.headers[name] for name in SAME} == SAME
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    unchanged = ask(pages.address, path, headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status == 304


@pytest.mark.parametrize(
    ("path", "to"),
    [("/tasks/?a=1", "/tasks?a=1"), ("/tasks.html", "/tasks"), ("/index.html", "/"), ("//evil.example/", None)],
)
def test_a_page_has_one_address(pages: Nginx, path: str, to: str | None) -> None:
    answer = ask(pages.address, path)
    assert (answer.status, answer.headers.get("Location")) == ((308, to) if to else (404, None))


@pytest.mark.parametrize(
    ("place", "name"), [("tasks", "task"), ("documents", "doc"), ("flashcards", "deck"), ("ai-tutor", "thread")]
)
def test_an_address_of_one_thing_leads_to_its_page(pages: Nginx, bare: Nginx, place: str, name: str) -> None:
    path = f"/{place}/01890a5d-ac96-774b-bcce-b302099a8057"
    answer = ask(pages.address, path)
    assert (answer.status, answer.headers["Location"]) == (302, f"/{place}?{name}={path.rpartition('/')[2]}")
    assert ask(pages.address, path + "/more").status == 404
    assert ask(bare.address, path).json["path"] == path


@pytest.mark.parametrize(
    "path", ["/\\evil.example/", "/%5Cevil.example/", "/%0d%0aSet-Cookie:a=b/", "/evil.example%2f/"]
)
def test_no_address_leads_elsewhere(pages: Nginx, path: str) -> None:
    answer = ask(pages.address, path)
    assert answer.status in (308, 404)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Location", "/").startswith("/e") or "Location" not in answer.headers


def test_an_unknown_page_is_really_not_found(pages: Nginx) -> None:
    for path in ("/nothing", "/nothing/at/all.html", "/tasks/tasks"):
        answer = ask(pages.address, path)
        if answer.status == 308:
            answer = ask(pages.address, answer.headers["Location"])
        assert (answer.status, answer.body) == (404, b"<p>nothing here</p>"), path
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Content-Security-Policy" in answer.headers


def test_the_page_of_what_is_missing_has_no_address_of_its_own(pages: Nginx) -> None:
    assert ask(pages.address, "/404.html").status == 404


def test_what_pages_load_of_each_other_is_neither_text_nor_kept(pages: Nginx) -> None:
    for path in ("/tasks.txt?_rsc=1", "/tasks/__next.!KGFwcCk.tasks.__PAGE__.txt"):
        answer = ask(pages.address, path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/x-component")
        assert answer.headers["Cache-Control"] == "no-cache"
    assert ask(pages.address, "/robots.txt").headers["Content-Type"].startswith("text/plain")
    assert ask(pages.address, "/site.webmanifest").headers["Content-Type"] == "application/manifest+json"


def test_a_file_with_a_hash_in_its_name_is_kept_for_good_and_sent_packed(pages: Nginx) -> None:
    path = "/_next/static/chunks/a1b2.js"
    plain = ask(pages.address, path)
    packed = ask(pages.address, path, headers={"Accept-Encoding": "gzip"})
    assert plain.body == b"run()"
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(packed.body) == b"run() // packed"


def test_a_missing_file_with_a_hash_in_its_name_is_not_kept(pages: Nginx) -> None:
    answer = ask(pages.address, "/_next/static/chunks/gone.js")
    assert (answer.status, answer.headers["Cache-Control"]) == (404, "no-cache")


def test_pages_take_no_writes_and_files_beside_them_are_out_of_reach(pages: Nginx) -> None:
    assert ask(pages.address, "/tasks", method="POST", body=b"{}").code == "method_not_allowed"
    for path in ("/../nginx.conf", "/%2e%2e/nginx.conf", "/_next/static/../../../nginx.conf"):
        assert ask(pages.address, path).status in (400, 404)


def test_the_application_keeps_its_addresses_beside_the_pages(pages: Nginx) -> None:
    assert ask(pages.address, "/api/v1/tasks/").json["path"] == "/api/v1/tasks/"
    assert ask(pages.address, "/api/v1/openapi.json").json["path"] == "/api/v1/openapi.json"


@pytest.mark.parametrize("path", ["/", "/tasks?a=1", "/_next/static/a.js", "/tasks.txt", "/icon.svg"])
def test_without_pages_everything_is_the_applications(bare: Nginx, path: str) -> None:
    answer = ask(bare.address, path)
    assert answer.json["path"] == path
    assert not {"Content-Security-Policy", "Cache-Control"} & answer.headers.keys()


def test_the_policy_of_a_page_is_the_one_that_the_application_would_send(upstream: Upstream, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    hashes = [
        "'sha256-ECuTGbh3gx9aHkJpKca//yUSPCm8+ZQfn7ECcz2HtPM='",
        "'sha256-Z9+7bfdusjzt94GSan7LD2DDnXGTj42yXteTmKaV8Qw='",
    ]
    (tmp_path / "csp.json").write_text(json.dumps({"index.html": hashes, "tasks.html": hashes[:1], "404.html": []}))
    for name in ("index.html", "tasks.html", "404.html"):
        (tmp_path / name).write_text("<p></p>")
    told = subprocess.run(
        [node, SHIPPED / "page-scripts.mjs", tmp_path / "csp.json"], check=True, capture_output=True, text=True
    )
    files = {"page_scripts.conf": told.stdout}
    with Nginx(api=upstream.address, sockets=NOWHERE, pages=tmp_path, files=files) as nginx:
        policies = {path: ask(nginx.address, path).headers["Content-Security-Policy"] for path in ("/", "/tasks", "/x")}
        hidden = ask(nginx.address, "/csp.json")
    app = Flask(__name__)
    app.register_blueprint(web_blueprint(tmp_path, prefix="api/v1"))
    for path, policy in policies.items():
        with app.test_client().get(path, base_url=f"http://{nginx.address}") as ours:
            assert policy == ours.headers["Content-Security-Policy"], path
    assert policies["/"].count("sha256-") == 2
    assert policies["/tasks"].count("sha256-") == 1
    assert hidden.status == 404
