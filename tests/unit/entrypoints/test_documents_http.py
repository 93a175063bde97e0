from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from apps import MemoryApp, Visitor, faulty_fields, problem
from libraries import PageExtractor
from studyteddy.adapters.in_memory.objects import InMemoryObjects

MONEY = "A coin is money. The bank keeps each coin."
BOOK = f"Money\n{MONEY}\fA second page about leaves".encode()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    monkeypatch.setenv("STUDYTEDDY_MAX_UPLOAD_MB", "1")
    return MemoryApp(tmp_path, objects=InMemoryObjects(), extractor=PageExtractor())


def upload(visitor: Visitor, content: bytes = BOOK, name: str = "notes.txt", **fields: str) -> TestResponse:
    """Send a form as a browser writes it: quotes and line ends in the name are percent-encoded."""
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--x--\r\n"
    return visitor.post("/documents", data=body, content_type="multipart/form-data; boundary=x")


def ready(app: MemoryApp, visitor: Visitor, **options: Any) -> dict[str, Any]:
    """A document that was uploaded and read."""
    added = upload(visitor, **options)
    assert added.status_code == 202, added.text
    app.run_jobs()
    return visitor.get(f"/documents/{added.json['document']['id']}").json


def test_an_upload_is_accepted_read_and_found(app: MemoryApp, ada: Visitor) -> None:
    added = upload(ada, name="week 3.txt", subject="Economics")
    assert added.status_code == 202
    document = added.json["document"]
    assert (document["status"], document["title"], document["subject"], document["page_count"]) == (
        "queued", "week 3", "Economics", None,
    )  # fmt: skip
    job = f"/jobs/{added.json['job_id']}"
    assert ada.get(job).json == {
        "id": added.json["job_id"], "kind": "ingest_document", "status": "queued", "progress": 0, "error": None,
    }  # fmt: skip
    app.run_jobs()
    assert ada.get(job).json["status"] == "done"
    answer = ada.get(f"/documents/{document['id']}")
    assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
    assert answer.json == document | {
        "status": "ready", "progress": 100, "page_count": 2, "chunk_count": 2, "title": "Money",
        "key_concepts": answer.json["key_concepts"], "summary": answer.json["summary"], "version": 3,
    }  # fmt: skip
    (first, *_) = ada.post("/search", {"query": "bank"}).json["results"]
    assert first == {
        "chunk_id": first["chunk_id"], "document_id": document["id"], "filename": "week 3.txt", "title": "Money",
        "locator": {"unit": "page", "number": 1, "label": None, "char_start": 0, "char_end": len(MONEY)},
        "text": MONEY, "score": first["score"],
    }  # fmt: skip


def test_the_same_bytes_again_answer_200(ada: Visitor) -> None:
    first, again = upload(ada), upload(ada, name="copy.txt")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json == first.json


def test_a_failed_document_says_why(app: MemoryApp, ada: Visitor) -> None:
    document = ready(app, ada, content=b"Title\n!encrypted")
    assert (document["status"], document["error"]) == ("failed", "encrypted")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (422, "empty_file")),
        (b"\xff\xd8", (415, "unsupported_type")),
        (b"x" * 2**20 + b"x", (413, "too_large")),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused(ada: Visitor, content: bytes, expected: tuple[int, str]) -> None:
    assert problem(upload(ada, content)) == expected
    assert ada.get("/documents").json["items"] == []


def test_a_body_far_too_long_is_refused_by_its_stated_length(ada: Visitor) -> None:
    answer = ada.post(
        "/documents",
        data=b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**12)},
    )
    assert problem(answer) == (413, "too_large")


def test_a_body_that_is_no_form_is_refused(ada: Visitor) -> None:
    assert problem(ada.post("/documents", {"file": "text"})) == (415, "unsupported_media_type")
    assert problem(ada.post("/documents")) == (415, "unsupported_media_type")


def test_a_form_names_its_wrong_fields(ada: Visitor) -> None:
    without = ada.post("/documents", data={"title": "x"}, content_type="multipart/form-data")
    assert problem(without) == (422, "invalid")
    assert faulty_fields(without) == {"file"}
    text = ada.post("/documents", data={"file": "just text"}, content_type="multipart/form-data")
    assert problem(text) == (422, "invalid")
    for field, value in (("title", "x" * 256), ("subject", "nul\0"), ("owner", str(uuid4()))):
        wrong = upload(ada, **{field: value})
        assert problem(wrong) == (422, "invalid")
        assert faulty_fields(wrong) == {field}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("👩‍🔬 Größe.txt", "👩‍🔬 Größe.txt"),
        ("CON", "CON"),
        ("line\r\nbreak; filename=x.html", "line%0D%0Abreak; filename=x.html"),
        ("..", "document"),
        ("a" * 4_000 + ".txt", "a" * 251 + ".txt"),
    ],
)
def test_a_file_is_shown_and_downloaded_under_a_harmless_name(ada: Visitor, name: str, shown: str) -> None:
    document = upload(ada, name=name).json["document"]
    assert document["filename"] == shown
    answer = ada.get(f"/documents/{document['id']}/file")
    assert answer.data == BOOK
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.isascii()
    assert not {"\r", "\n", "/", "\\\\"} & set(disposition.replace('\\"', ""))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(BOOK))
    assert answer.mimetype == "text/plain"


def test_pages_are_read_by_number(app: MemoryApp, ada: Visitor) -> None:
    path = f"/documents/{ready(app, ada)['id']}/pages"
    assert ada.get(f"{path}/2").json == {
        "number": 2, "unit": "page", "label": None, "text": "A second page about leaves", "page_count": 2,
        "passage": None,
    }  # fmt: skip
    (found, *_) = ada.post("/search", {"query": "bank"}).json["results"]
    assert ada.get(f"{path}/1?chunk={found['chunk_id']}").json["passage"] == found["locator"]
    assert problem(ada.get(f"{path}/2?chunk={found['chunk_id']}")) == (404, "not_found")
    assert problem(ada.get(f"{path}/1?chunk=first")) == (422, "invalid")
    for number in ("0", "3", "-1", "9" * 40, "x", "1.5"):
        assert problem(ada.get(f"{path}/{number}")) == (404, "not_found")


def test_documents_are_listed_filtered_and_sorted(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    ready(app, ada, content=b"Zebra\nstripes", subject="Biology")
    app.clock.advance(minutes=1)
    upload(ada, b"\nother", "apples.txt")
    upload(bob, b"\ntheirs", "bob.txt")

    def titles(query: str = "") -> list[str]:
        return [document["title"] for document in ada.get(f"/documents{query}").json["items"]]

    assert titles() == ["apples", "Zebra"]
    assert titles("?sort=created_at") == ["Zebra", "apples"]
    assert titles("?sort=-title") == ["Zebra", "apples"]
    assert titles("?status=ready") == ["Zebra"]
    assert titles("?subject=Biology") == ["Zebra"]
    assert titles("?q=APPLE") == ["apples"]
    page = ada.get("/documents?limit=1").json
    assert [document["title"] for document in page["items"]] == ["apples"]
    assert titles(f"?limit=1&cursor={page['next_cursor']}") == ["Zebra"]


@pytest.mark.parametrize("query", ["?status=lost", "?sort=size", "?cursor=xyz", "?limit=0", "?owner=me"])
def test_a_wrong_list_query_is_refused(ada: Visitor, query: str) -> None:
    assert ada.get(f"/documents{query}").status_code == 422


def test_title_and_subject_are_changed_with_care_for_versions(ada: Visitor) -> None:
    path = f"/documents/{upload(ada).json['document']['id']}"
    changed = ada.patch(path, {"title": " Coins ", "subject": None}, headers={"If-Match": '"1"'})
    assert (changed.json["title"], changed.json["subject"], changed.json["version"]) == ("Coins", None, 2)
    assert problem(ada.patch(path, {"title": "Late"}, headers={"If-Match": '"1"'})) == (412, "stale_version")
    for body in ({"title": ""}, {"title": "  "}, {"title": None}, {"status": "ready"}, {"subject": "x" * 101}):
        assert ada.patch(path, body).status_code == 422, body


def test_a_document_is_deleted_and_read_again(app: MemoryApp, ada: Visitor) -> None:
    document = ready(app, ada)
    path = f"/documents/{document['id']}"
    again = ada.post(f"{path}/reprocess")
    assert again.status_code == 202
    assert again.json["document"]["status"] == "queued"
    assert problem(ada.post(f"{path}/reprocess")) == (409, "in_progress")
    assert ada.delete(path).status_code == 204
    for wanted in (path, f"{path}/file", f"{path}/pages/1"):
        assert problem(ada.get(wanted)) == (404, "not_found")
    assert problem(ada.delete(path)) == (404, "not_found")
    assert ada.post("/search", {"query": "coin"}).json == {"results": []}


def test_somebody_elses_documents_look_like_unknown_ones(app: MemoryApp, ada: Visitor, bob: Visitor) -> None:
    added = upload(ada)
    app.run_jobs()
    known, unknown = added.json["document"]["id"], str(uuid4())
    for method, path, body in (
        ("GET", "/documents/{}", None),
        ("PATCH", "/documents/{}", {"title": "Mine"}),
        ("DELETE", "/documents/{}", None),
        ("GET", "/documents/{}/file", None),
        ("GET", "/documents/{}/pages/1", None),
        ("POST", "/documents/{}/reprocess", None),
    ):
        theirs, nobodys = (bob.send(method, path.format(one), body) for one in (known, unknown))
        assert problem(theirs) == problem(nobodys) == (404, "not_found")
        assert theirs.json["detail"] == nobodys.json["detail"]
    assert problem(bob.get(f"/jobs/{added.json['job_id']}")) == (404, "not_found")
    assert bob.post("/search", {"query": "coin", "document_ids": [known]}).json == {"results": []}
    assert ada.get(f"/documents/{known}/file").data == BOOK


def test_nothing_is_open_to_the_public(stranger: Visitor) -> None:
    for method, path in (
        ("GET", "/documents"),
        ("POST", "/documents"),
        ("POST", "/search"),
        ("GET", f"/jobs/{uuid4()}"),
    ):
        assert stranger.send(method, path).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "   "}, "query"),
        ({"query": "x" * 2_001}, "query"),
        ({"query": 5}, "query"),
        ({"query": "coin", "limit": 0}, "limit"),
        ({"query": "coin", "limit": 51}, "limit"),
        ({"query": "coin", "limit": "8"}, "limit"),
        ({"query": "coin", "document_ids": ["x"]}, "document_ids.0"),
        ({"query": "coin", "subject": ""}, "subject"),
        ({"query": "coin", "owner": "me"}, "owner"),
    ],
)
def test_a_wrong_search_names_its_field(ada: Visitor, body: dict[str, Any], field: str) -> None:
    answer = ada.post("/search", body)
    assert problem(answer)[0] == 422
    assert faulty_fields(answer) == {field}


def test_a_search_is_narrowed_by_filters(app: MemoryApp, ada: Visitor) -> None:
    one = ready(app, ada, content=b"\na coin", name="one.txt", subject="Economics")
    two = ready(app, ada, content=b"\nthe coin", name="two.txt")

    def found(**filters: Any) -> set[str]:
        return {hit["document_id"] for hit in ada.post("/search", {"query": "coin", **filters}).json["results"]}

    assert found() == {one["id"], two["id"]}
    assert found(subject="Economics") == {one["id"]}
    assert found(document_ids=[two["id"]]) == {two["id"]}
    assert found(document_ids=[]) == set()
    assert len(ada.post("/search", {"query": "coin", "limit": 1}).json["results"]) == 1
