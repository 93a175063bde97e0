"""The bucket adapter against an S3 server on the loopback address, and against one that answers badly."""

from __future__ import annotations

import http.client
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

from engines.s3_server import S3Bucket
from studyteddy.adapters import s3_objects
from studyteddy.adapters.s3_objects import S3Objects
from studyteddy.domain.errors import NotFound, Unavailable
from studyteddy.testing.object_store import ObjectStoreContract

KEY = "0198c0de-0000-7000-8000-000000000001/abc123"
Opened = Callable[..., S3Objects]


class TestS3Objects(ObjectStoreContract):
    @pytest.fixture
    def objects(self, opened: Opened) -> S3Objects:
        return opened()


class _Saying(BaseHTTPRequestHandler):
    """Gives every request the same answer."""

    status, code, body = 200, "", b""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1  # type: ignore[attr-defined]
        said = self.body or f"<Error><Code>{self.code}</Code><Message>no</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(said) + (100 if self.body else 0)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)
        self.close_connection = True

    do_PUT = do_DELETE = do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def saying() -> Iterator[Callable[..., ThreadingHTTPServer]]:
    """Starts a server that always says the same."""
    servers: list[ThreadingHTTPServer] = []

    def start(**answer: object) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Saying", (_Saying,), answer))
        server.asked = 0  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def _fault(use: Callable[[], object]) -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        use()
    assert refused.value.code == "storage_unavailable"
    assert refused.value.retry_after > 0
    return refused.value


def _uses(objects: S3Objects) -> list[Callable[[], object]]:
    return [
        lambda: objects.put(KEY, io.BytesIO(b"abc")),
        lambda: objects.open(KEY),
        lambda: objects.delete(KEY),
        objects.check,
    ]


def test_a_large_object_goes_in_parts_and_comes_back_whole(
    opened: Opened, s3: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_objects, "PART", 5 << 20)
    content = bytes(range(256)) * 50_000
    objects = opened()
    objects.put(KEY, io.BytesIO(content))
    with objects.open(KEY) as stream:
        assert stream.read() == content
    assert s3.server.client.head_object(Bucket=s3.name, Key=KEY)["ETag"].endswith('-3"')
    assert s3.unfinished() == []


class _EndsItself(io.BytesIO):
    """A source during whose reading the store goes away."""

    def __init__(self, content: bytes, after: int, then: Callable[[], None]) -> None:
        super().__init__(content)
        self._after, self._then = after, then

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= self._after and self._after:
            self._after = 0
            self._then()
        return super().read(size)


def test_parts_of_a_source_that_breaks_off_are_given_up(opened: Opened, s3: S3Bucket) -> None:
    class BrokenOff(Exception):
        pass

    def break_off() -> None:
        assert s3.unfinished() == [KEY]
        raise BrokenOff

    with pytest.raises(BrokenOff):
        opened().put(KEY, _EndsItself(b"x" * 20_000_000, 17_000_000, break_off))
    assert (s3.keys(), s3.unfinished()) == ([], [])


def test_a_store_that_stops_in_the_middle_leaves_no_object(opened: Opened, s3: S3Bucket) -> None:
    _fault(lambda: opened().put(KEY, _EndsItself(b"x" * 20_000_000, 17_000_000, s3.server.refuse)))
    s3.server.recover()
    assert s3.keys() == []


def test_a_stopped_store_is_unavailable_and_works_again_by_itself(opened: Opened, s3: S3Bucket) -> None:
    objects = opened()
    objects.put(KEY, io.BytesIO(b"abc"))
    s3.server.refuse()
    for use in _uses(objects):
        assert "reached" in _fault(use).message
    s3.server.recover()
    with objects.open(KEY) as stream:
        assert stream.read() == b"abc"
    objects.check()


def test_a_hung_store_is_given_up(opened: Opened, s3: S3Bucket) -> None:
    objects = opened()
    s3.server.pause()
    assert "reached" in _fault(lambda: objects.open(KEY)).message


def test_a_store_that_failed_is_left_alone_for_a_while(
    opened: Opened, saying: Callable[..., ThreadingHTTPServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_objects, "PAUSE_SECONDS", 3_600.0)
    server = saying(status=500, code="InternalError")
    objects = opened(endpoint_url=_address(server))
    for use in _uses(objects):
        assert _fault(use).retry_after <= 3_600
    assert server.asked == s3_objects.TRIES  # type: ignore[attr-defined]


def test_what_a_store_refuses_does_not_count_as_a_failure_of_its(
    opened: Opened, saying: Callable[..., ThreadingHTTPServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_objects, "PAUSE_SECONDS", 3_600.0)
    server = saying(status=404, code="NoSuchKey")
    objects = opened(endpoint_url=_address(server))
    for _ in range(3):
        with pytest.raises(NotFound):
            objects.open(KEY)
    assert server.asked == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "InvalidAccessKeyId", "S3_ACCESS_KEY"),
        (403, "SignatureDoesNotMatch", "S3_SECRET_KEY"),
        (403, "AccessDenied", "read, write, list and delete"),
        (403, "RequestTimeTooSkewed", "clock"),
        (400, "AuthorizationHeaderMalformed", "S3_REGION"),
        (500, "InternalError", "out of order"),
        (503, "SlowDown", "overloaded"),
    ],
)
def test_what_a_store_refuses_is_told_with_what_to_do(
    opened: Opened, saying: Callable[..., ThreadingHTTPServer], status: int, code: str, advice: str
) -> None:
    objects = opened(endpoint_url=_address(saying(status=status, code=code)))
    assert advice in _fault(lambda: objects.open(KEY)).message


def test_an_object_that_always_breaks_off_is_tried_a_few_times_and_never_given_in_part(
    opened: Opened, saying: Callable[..., ThreadingHTTPServer]
) -> None:
    server = saying(body=b"half of it")
    _fault(lambda: opened(endpoint_url=_address(server)).open(KEY))
    assert server.asked == s3_objects.TRIES  # type: ignore[attr-defined]


def test_a_bucket_that_is_not_there_is_named(opened: Opened) -> None:
    for use in _uses(opened("no-such-bucket")):
        assert "no-such-bucket" in _fault(use).message


def test_a_machine_without_keys_is_told_so(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    assert "S3_ACCESS_KEY" in _fault(lambda: opened(access_key=None, secret_key=None).open(KEY)).message


def test_an_unknown_profile_of_the_machine_is_told(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "settings" in _fault(opened).message


def test_nothing_is_sent_that_only_amazon_understands(opened: Opened, s3: S3Bucket) -> None:
    opened().put(KEY, io.BytesIO(b"abc"))
    found = s3.server.client.head_object(Bucket=s3.name, Key=KEY, ChecksumMode="ENABLED")
    assert not [name for name in found if name.startswith("Checksum")]


def _followed(link: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(link)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as store:
        store.request("GET", f"{parts.path}?{parts.query}")
        answer = store.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("filename", ["tides.pdf", 'a "quoted" \\ name.pdf', "Grüße 潮.pdf", "line\r\nbreak.pdf"])
def test_a_link_gives_the_object_as_a_download_of_its_name(opened: Opened, filename: str) -> None:
    objects = opened()
    objects.put(KEY, io.BytesIO(b"abc"))
    link = objects.link(KEY, filename=filename, media_type="application/pdf", lifetime=timedelta(minutes=1))
    status, headers, body = _followed(link)
    assert (status, body, headers["Content-Type"]) == (200, b"abc", "application/pdf")
    assert headers.get_content_disposition() == "attachment"
    assert unquote(headers["Content-Disposition"].partition("filename*=UTF-8''")[2]) == filename


def test_a_missing_object_is_not_found(opened: Opened) -> None:
    with pytest.raises(NotFound):
        opened().open(KEY)
