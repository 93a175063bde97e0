"""What went wrong in programs like this one, once each, by the name under which it was published.

The programs were others; the mistakes are easy to make. Where there is nothing here that could be wrong in that way,
the test shows that there is nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from apps import BASE, MemoryApp, Visitor, problem
from builders import PASSWORD
from e2e.server import eventually
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.application.attempts import LimitLogIns, LimitRequests

pytestmark = pytest.mark.embedded_only("in the process of the test, for each of these is one request or two")

PROJECT = Path(__file__).parents[2]
NOTES = b"# Osmosis\n\nOsmosis is the movement of water through a membrane towards the higher solute concentration."
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
    "Origin": "http://localhost",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryApp]:
    made = MemoryApp(tmp_path_factory.mktemp("home"), objects=InMemoryObjects())
    runner = made.container.runner()
    runner.start()
    yield made
    runner.stop()


@pytest.fixture(scope="module")
def ada(app: MemoryApp) -> Visitor:
    return app.person("ada@example.org")


@pytest.fixture(scope="module")
def bob(app: MemoryApp) -> Visitor:
    return app.person("bob@example.org")


@pytest.fixture(scope="module")
def hers(ada: Visitor) -> dict[str, str]:
    """One of everything that is the first person's."""
    document = upload(ada, "biology.md", NOTES).json["document"]["id"]
    eventually(partial(is_ready, ada, document))
    asked = ada.post("/ask", {"question": "What is osmosis?"}).json
    return {
        "document": document,
        "thread": asked["thread_id"],
        "message": asked["message"]["id"],
        "task": ada.post("/tasks", {"title": "Hers"}).json["id"],
    }


def upload(who: Visitor, filename: str, content: bytes, kind: str = "text/markdown") -> Any:
    form = {"file": (io.BytesIO(content), filename, kind)}
    return who.post("/documents", data=form, content_type="multipart/form-data")


def is_ready(who: Visitor, document: str) -> bool:
    return bool(who.get(f"/documents/{document}").json["status"] == "ready")


def script(who: Visitor, app: MemoryApp, *scopes: str) -> Visitor:
    visitor = app.anonymous()
    made = who.post("/users/me/api-tokens", {"name": "a program", "scopes": list(scopes)}).json
    visitor.tokens = {"access_token": made["token"]}
    return visitor


def fields(app: MemoryApp) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Operation, name and schema of every parameter and every field of a body."""
    description = app.web.api_doc
    schemas = description["components"]["schemas"]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            for one in operation.get("parameters", []):
                yield f"{method} {path}", one["name"], one["schema"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], content["schema"])
                for name, inner in schema.get("properties", {}).items():
                    yield f"{method} {path}", name, inner


def test_cve_2026_45671_a_file_that_is_talked_about_is_deleted_by_its_owner_only(
    ada: Visitor, bob: Visitor, hers: dict[str, str]
) -> None:
    assert bob.delete(f"/documents/{hers['document']}").status_code == 404
    assert ada.get(f"/documents/{hers['document']}").status_code == 200


def test_cve_2026_45402_a_strangers_file_is_neither_attached_nor_read_by_search(
    bob: Visitor, hers: dict[str, str]
) -> None:
    attached = {"document_ids": [hers["document"]]}
    assert bob.post("/threads", {"title": "Mine", **attached}).status_code == 404
    assert bob.post("/ask", {"question": "What is osmosis?", **attached}).status_code == 404
    assert bob.post("/search", {"query": "osmosis", **attached}).json["results"] == []
    own = bob.post("/threads", {"title": "Mine"}).json["id"]
    assert bob.patch(f"/threads/{own}", attached).status_code == 404


def test_cve_2026_45349_a_strangers_talk_is_not_continued(bob: Visitor, hers: dict[str, str]) -> None:
    assert bob.post("/ask", {"question": "Go on?", "thread_id": hers["thread"]}).status_code == 404


def test_cve_2026_54015_a_child_is_looked_up_under_its_own_parent(
    ada: Visitor, bob: Visitor, hers: dict[str, str]
) -> None:
    chunk = ada.post("/search", {"query": "osmosis"}).json["results"][0]["chunk_id"]
    other = upload(ada, "other.md", b"# Others\n\nAnother page about yeast.").json["document"]["id"]
    his = upload(bob, "his.md", NOTES + b" His.").json["document"]["id"]
    for who, document in ((ada, other), (bob, his)):
        eventually(partial(is_ready, who, document))
        assert who.get(f"/documents/{document}/pages/1?chunk={chunk}").status_code == 404


def test_cve_2026_45339_limits_count_the_person_whatever_they_come_with(tmp_path: Path) -> None:
    app = MemoryApp(tmp_path, limit_requests=LimitRequests(limits=SlidingWindowLimits(), amount=6))
    ada = app.person()
    program = script(ada, app, "read")
    assert (
        ada.get("/tasks", headers={"Authorization": "", "X-Api-Key": program.tokens["access_token"]}).status_code == 401
    )
    codes = [who.get("/tasks").status_code for _ in range(4) for who in (ada, program)]
    assert codes == [200] * 5 + [429] * 3


def test_cve_2026_31950_the_stream_of_a_strangers_answer_is_not_found(bob: Visitor, hers: dict[str, str]) -> None:
    assert problem(bob.get(f"/messages/{hers['message']}/events")) == (404, "not_found")


def test_cve_2026_31943_and_44284_no_operation_takes_an_address_to_fetch(app: MemoryApp) -> None:
    an_address = re.compile(r"\bur[il]|_ur[il]|ur[il]s?$|link|hook|host")
    named = [(where, name) for where, name, schema in fields(app) if an_address.search(name)]
    stated = [(where, name) for where, name, schema in fields(app) if "'uri'" in str(schema)]
    assert named == stated == []


def test_ghsa_qrm5_r67f_6692_no_name_of_a_file_decides_where_it_lies(app: MemoryApp, ada: Visitor) -> None:
    kept = upload(ada, "../../../etc/cron.d/evil.md", NOTES + b" Evil.").json["document"]
    assert kept["filename"] == "evil.md"
    with app.unit_of_work() as uow:
        owner = uow.users.by_email("ada@example.org")
        assert owner is not None
        key = next(key for key in app.container.objects()._objects if kept["id"] in key)
    assert re.fullmatch(rf"{owner.id}/[0-9a-f]{{64}}-{kept['id']}", key)


def test_cve_2026_35594_a_ticket_ends_with_the_log_in_that_it_came_from(app: MemoryApp) -> None:
    eve = app.person("eve@example.org")
    ticket = eve.post("/ws/ticket").json["ticket"]
    assert eve.post("/auth/logout").status_code == 204
    protocols = {"Sec-WebSocket-Protocol": f"teddy.v1, ticket.{ticket}"}
    assert app.anonymous().get("/ws", headers={**UPGRADE, **protocols}).status_code == 401


def test_cve_2026_40103_a_token_that_may_read_deletes_by_no_method(
    app: MemoryApp, ada: Visitor, hers: dict[str, str]
) -> None:
    program = script(ada, app, "read")
    for method, headers in (
        ("DELETE", {}),
        ("PATCH", {}),
        ("GET", {"X-HTTP-Method-Override": "DELETE"}),
        ("POST", {"X-HTTP-Method-Override": "GET"}),
        ("GET", {"X-Method-Override": "DELETE"}),
    ):
        program.send(method, f"/tasks/{hers['task']}", headers=headers)
    assert ada.get(f"/tasks/{hers['task']}").json["version"] == 1


def test_ghsa_r4fg_73rc_hhh7_a_repeat_from_an_ancient_date_ends(ada: Visitor) -> None:
    ancient = {"title": "Old", "due_at": "1970-01-01T00:00:00Z", "recurrence": "FREQ=DAILY"}
    made = ada.post("/tasks", ancient)
    assert made.status_code == 201
    assert ada.post(f"/tasks/{made.json['id']}/complete").status_code == 200


def test_cve_2026_32717_an_older_api_token_of_a_disabled_person_opens_nothing(app: MemoryApp) -> None:
    eve = app.person("disabled@example.org")
    program = script(eve, app, "write")
    with app.unit_of_work() as uow:
        user = uow.users.by_email("disabled@example.org")
        assert user is not None
        uow.users.save(replace(user, disabled=True, version=user.version + 1))
        uow.commit()
    assert program.get("/tasks").status_code == eve.get("/tasks").status_code == 401


def test_ghsa_f6hc_c5jr_878p_no_empty_token_resets_a_password(app: MemoryApp, ada: Visitor) -> None:
    for token in (None, "", [], {}, 0, False, " ", "null", "undefined"):
        body = {"token": token, "password": "eight purple hedgehogs"}
        assert 400 <= app.anonymous().post("/auth/password/reset", body).status_code < 500, token
    assert app.anonymous().post("/auth/login", {"email": "ada@example.org", "password": PASSWORD}).status_code == 200


def test_cve_2026_30821_a_file_is_what_its_bytes_are(ada: Visitor) -> None:
    for name in ("tool.pdf", "tool.md", "tool.docx", "tool.exe"):
        answer = upload(ada, name, b"MZ\x90\0" + bytes(1_000), "application/pdf")
        assert answer.status_code == 415, name


def test_cve_2026_46440_log_ins_are_limited(tmp_path: Path) -> None:
    app = MemoryApp(tmp_path, limit_log_ins=LimitLogIns(limits=SlidingWindowLimits(), amount=3))
    wrong = {"email": "ada@example.org", "password": "eight purple hedgehogs"}
    assert [app.anonymous().post("/auth/login", wrong).status_code for _ in range(5)] == [401] * 3 + [429] * 2


def test_cve_2026_41277_no_body_decides_whose_row_it_is(ada: Visitor, bob: Visitor, hers: dict[str, str]) -> None:
    for extra in ({"id": hers["task"]}, {"owner": str(uuid4())}, {"version": 7}):
        assert problem(bob.post("/tasks", {"title": "Mine", **extra})) == (422, "invalid")
    assert ada.get(f"/tasks/{hers['task']}").json["title"] == "Hers"


def test_ghsa_c2c9_mfw7_p8hw_a_key_reads_what_is_its_owners(app: MemoryApp, bob: Visitor, hers: dict[str, str]) -> None:
    program = script(bob, app, "write")
    for path, kind in (("/tasks", "task"), ("/documents", "document"), ("/threads", "thread")):
        assert hers[kind] not in program.get(path).text
        assert program.get(f"{path}/{hers[kind]}").status_code == 404


def test_cve_2026_33497_no_address_holds_a_free_text_that_could_be_a_path(app: MemoryApp) -> None:
    """But the file names of the page that shows the API, which are looked up among two, and secrets of links."""
    free = {rule.rule for rule in app.web.url_map.iter_rules() if re.search(r"<(string:|path:|any:)?\w+>", rule.rule)}
    assert {rule.removeprefix(BASE) for rule in free} <= {"/docs/<name>", "/calendar/<string:secret>.ics"}
    for name in ("..%2f..%2fpyproject.toml", "%2e%2e/app.py", "swagger-ui.css/../index.html"):
        assert app.anonymous().get(f"/docs/{name}").status_code == 404


def test_open_notebook_templates_in_texts_stay_texts_and_orders_are_among_ours(ada: Visitor) -> None:
    text = "{{7*7}} {% for x in ().__class__.__base__.__subclasses__() %} ${7*7} #{7*7} %s"
    assert ada.post("/tasks", {"title": text}).json["title"] == text
    assert (
        text in ada.get("/tasks").json["items"][-1]["title"]
        or ada.get("/tasks", query_string={"q": text}).json["items"]
    )
    assert ada.get("/tasks", query_string={"sort": "title; drop table users"}).status_code == 422


def test_cve_2023_30861_no_cache_keeps_an_answer_with_a_cookie(app: MemoryApp, ada: Visitor) -> None:
    credentials = {"email": "ada@example.org", "password": PASSWORD, "use_cookie": True}
    answer = app.anonymous().post("/auth/login", credentials)
    assert "Set-Cookie" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "cookie" in {name.lower() for name in answer.vary}


@pytest.mark.parametrize("host", ["a" * 5_000, "[::1", "x:y:z", "é", "a b", "..", "localhost:99999999"])
def test_cve_2026_48710_a_strange_host_is_no_fault_of_ours(app: MemoryApp, host: str) -> None:
    for path in ("/tasks", "/docs", "/openapi.json"):
        assert app.anonymous().get(path, headers={"Host": host.encode().decode("latin-1")}).status_code < 500


def test_cve_2026_42208_every_package_is_pinned_with_its_hash() -> None:
    for lock in (PROJECT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text()).strip())
        assert entries, lock.name
        assert not [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry], lock.name


def test_ghsa_cgwc_pv48_fhj5_no_engine_starts_a_thread_for_each_pong() -> None:
    assert find_spec("engineio") is None


def test_cve_2024_3104_no_operation_changes_settings_of_the_server_or_runs_anything(app: MemoryApp) -> None:
    words = re.compile(r"setting|config|env|exec|eval|shell|command|plugin|tool")
    assert [path for path in app.web.api_doc["paths"] if words.search(path.removeprefix(BASE))] == []
    assert [(where, name) for where, name, _ in fields(app) if words.search(name)] == []


def test_chatbot_ui_2022_no_answer_holds_a_key_of_a_provider(tmp_path: Path) -> None:
    key = "sk-test-0123456789abcdef"
    app = MemoryApp(tmp_path)
    app.container.settings.override(app.container.settings().model_copy(update={"openai_api_key": key}))
    ada = app.person()
    for path in app.web.api_doc["paths"]:
        answer = ada.get(path.removeprefix(BASE).replace("{id}", str(uuid4())).replace("{n}", "1"))
        assert key.encode() not in answer.data, path
    for path in ("/health/ready", f"{BASE}/openapi.json"):
        assert key not in app.web.test_client().get(path).text
