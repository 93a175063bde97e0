"""Documents whose bytes lie in a bucket, over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from apps import MemoryApp, Visitor, problem
from engines.s3_server import S3Bucket
from libraries import PageExtractor
from studyteddy.adapters.s3_objects import S3Objects
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.doctor.engines import file_store
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.settings import Settings

BOOK = b"A coin is money. The bank keeps each coin."


@pytest.fixture
def objects(opened: Callable[..., S3Objects]) -> S3Objects:
    return opened()


@pytest.fixture
def app(tmp_path: Path, objects: S3Objects) -> MemoryApp:
    return MemoryApp(tmp_path, objects=objects, extractor=PageExtractor())


@pytest.fixture
def linking(tmp_path: Path, objects: S3Objects, s3: S3Bucket, monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """The application that sends downloads on to the bucket."""
    monkeypatch.setenv("S3_PRESIGNED_DOWNLOADS", "true")
    monkeypatch.setenv("S3_BUCKET", s3.name)
    return MemoryApp(tmp_path, objects=objects, extractor=PageExtractor())


def upload(visitor: Visitor, name: str = "coins.txt") -> TestResponse:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return visitor.post(
        "/documents", data=head + BOOK + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x"
    )


def test_a_document_is_kept_read_downloaded_and_removed_with_its_bytes(app: MemoryApp, s3: S3Bucket) -> None:
    ada = app.person()
    document = upload(ada).json["document"]
    assert len(s3.keys()) == 1
    app.run_jobs()
    assert ada.get(f"/documents/{document['id']}").json["status"] == "ready"
    with ada.get(f"/documents/{document['id']}/file") as file:
        assert (file.status_code, file.data, file.content_length) == (200, BOOK, len(BOOK))
    assert ada.send("DELETE", f"/documents/{document['id']}").status_code == 204
    assert s3.keys() == []


def test_while_the_store_is_down_an_upload_is_refused_for_a_while_and_leaves_nothing(
    app: MemoryApp, s3: S3Bucket
) -> None:
    ada = app.person()
    s3.server.refuse()
    refused = upload(ada)
    assert problem(refused) == (503, "storage_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert ada.get("/documents").json["items"] == []
    s3.server.recover()
    assert upload(ada).status_code == 202
    assert len(s3.keys()) == 1


def test_while_the_store_is_down_a_document_stays_and_its_file_waits(app: MemoryApp, s3: S3Bucket) -> None:
    ada = app.person()
    document = upload(ada).json["document"]
    s3.server.refuse()
    assert problem(ada.get(f"/documents/{document['id']}/file")) == (503, "storage_unavailable")
    assert problem(ada.send("DELETE", f"/documents/{document['id']}")) == (503, "storage_unavailable")
    s3.server.recover()
    with ada.get(f"/documents/{document['id']}/file") as file:
        assert file.data == BOOK


def test_a_download_may_be_sent_on_to_the_store(linking: MemoryApp) -> None:
    ada = linking.person()
    document = upload(ada, "coins and notes.txt").json["document"]
    sent_on = ada.get(f"/documents/{document['id']}/file")
    assert (sent_on.status_code, sent_on.headers["Cache-Control"]) == (307, "private, no-store")
    parts = urlsplit(sent_on.headers["Location"])
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as store:
        store.request("GET", f"{parts.path}?{parts.query}")
        answer = store.getresponse()
        assert (answer.status, answer.read()) == (200, BOOK)
        assert answer.headers.get_filename() == "coins and notes.txt"


def test_nobody_is_sent_on_to_the_file_of_another(linking: MemoryApp) -> None:
    document = upload(linking.person()).json["document"]
    stranger = linking.person("eve@example.org").get(f"/documents/{document['id']}/file")
    assert problem(stranger) == (404, "not_found")
    assert "Location" not in stranger.headers


def _examined(home: Path, **settings: str) -> Finding:
    container = Container(settings=Settings(_env_file=None, STUDYTEDDY_HOME=home, **settings))
    finding = file_store(container)
    container.shutdown_resources()
    return finding


def test_doctor_tries_the_bucket_and_leaves_nothing_in_it(tmp_path: Path, s3: S3Bucket) -> None:
    finding = _examined(tmp_path, **s3.settings)
    assert (finding.well, s3.keys()) == (True, [])
    assert s3.name in finding.words


def test_doctor_names_what_was_tried_when_the_store_is_wrong(tmp_path: Path, s3: S3Bucket) -> None:
    absent = _examined(tmp_path, **s3.settings | {"S3_BUCKET": "no-such-bucket"})
    assert not absent.well
    assert "no-such-bucket" in absent.words
    s3.server.refuse()
    away = _examined(tmp_path, **s3.settings)
    assert not away.well
    assert s3.server.endpoint in away.words
    assert s3.server.secret_key not in away.words
