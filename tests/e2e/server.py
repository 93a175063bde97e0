"""The real program as a subprocess on a directory of its own, and people who talk to it over HTTP and the socket."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import psutil
import websocket

from limitless import LIMITLESS
from studyteddy.adapters.embedded_postgres.data_directory import SUPERUSER

BASE = "/api/v1"
PASSWORD = "seven purple hedgehogs"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "documents"

_LISTS = ("/tasks", "/documents", "/threads", "/decks", "/study-sessions")
_FIGURES = ("/users/me", *(f"/analytics/{name}" for name in "summary heatmap forecast subjects retention".split()))
_START_SECONDS = 90
_STOP_SECONDS = 30
_COMMAND_SECONDS = 180
_KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "TZ")


@dataclass
class Server:
    """``python -m studyteddy serve`` on a free port; ``home`` outlives a stop or a kill."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    address: str = ""
    process: subprocess.Popen[str] = field(init=False, repr=False)

    def start(self) -> Self:
        """Begin to serve; returns once the program names its address."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._log().open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "studyteddy", "serve", "--port", "0", *self.arguments],
                env=self._environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.address = self._told_address()
        return self

    def stop(self) -> int:
        """Ctrl-C, and the exit code. A terminal sends it to the whole group, so this does."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self._ended()

    def kill(self, *, database: bool = False) -> None:
        """End it as a power cut would; with ``database`` its PostgreSQL too."""
        postgres = self.postgres() if database else []
        self.process.kill()
        for process in postgres:
            process.kill()
        psutil.wait_procs(postgres, timeout=10)
        self._ended()

    def postgres(self) -> list[psutil.Process]:
        """The embedded PostgreSQL: its postmaster first, then its children."""
        postmaster = psutil.Process(int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
        return [postmaster, *postmaster.children(recursive=True)]

    def readers(self) -> list[psutil.Process]:
        """The processes that read documents."""
        return [child for child in psutil.Process(self.process.pid).children(recursive=True) if is_reader(child)]

    def memory(self) -> int:
        """Resident bytes of the program itself, without PostgreSQL and the processes that read documents."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def proxied(self) -> bool:
        """Whether nginx stands in front, which refuses by itself what is no proper HTTP."""
        return False

    def database_url(self) -> str:
        """The way to its PostgreSQL, to look behind its back."""
        sockets = (self.home / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        return f"postgresql+psycopg://{SUPERUSER}@/postgres?host={sockets}"

    def signing_secret(self) -> bytes:
        """What its access tokens are signed with."""
        return (self.home / "signing-secret").read_bytes().strip()

    def log(self) -> str:
        return self._log().read_text(encoding="utf-8", errors="replace")

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of the program on the same data, whether or not the server runs."""
        return subprocess.Popen(
            [sys.executable, "-m", "studyteddy", *arguments],
            env=self._environment(),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the program to its end."""
        with self.command(*arguments) as process:
            try:
                output, errors = process.communicate(timeout=_COMMAND_SECONDS)
            finally:
                process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def person(self, email: str = "ada@example.org", **fields: object) -> Person:
        """Somebody who has just registered."""
        visitor = Person(self)
        answer = visitor.post(
            "/auth/register", {"email": email, "password": PASSWORD, "display_name": email.partition("@")[0], **fields}
        )
        assert answer.status == 201, answer
        return Person(self, answer.json)

    def _log(self) -> Path:
        return self.home / "server.log"

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT_FROM_OUTSIDE if name in os.environ}
        own = {"STUDYTEDDY_HOME": str(self.home), "STUDYTEDDY_BCRYPT_ROUNDS": "4", "PYTHONUNBUFFERED": "1"}
        return {**kept, **own, **LIMITLESS, **self.settings}

    def _told_address(self) -> str:
        assert self.process.stdout is not None
        watchdog = threading.Timer(_START_SECONDS, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                if "http://" in line:
                    return urlsplit(next(word for word in line.split() if word.startswith("http://"))).netloc
        finally:
            watchdog.cancel()
        self._ended()
        raise AssertionError(f"the server did not start: {self.log()[-3000:]}")

    def _ended(self) -> int:
        try:
            code = self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop: {self.log()[-3000:]}") from None
        finally:
            if self.process.stdout is not None:
                self.process.stdout.close()
        return code

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()
        else:
            _end_orphan(self.home)


class OpenServer(Protocol):
    """Makes a Study Teddy of the profile under test, a context manager like ``Server``."""

    def __call__(self, home: Path, settings: Mapping[str, str] = ...) -> Server: ...


def is_reader(process: psutil.Process) -> bool:
    """Whether it reads a document: an isolated interpreter without our packages."""
    try:
        return {"-I", "-S"} <= set(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def _end_orphan(home: Path) -> None:
    """End the PostgreSQL that a killed server left behind and nobody started again."""
    try:
        pid = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
    except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
        return
    if "postgres" in process.name():
        process.send_signal(signal.SIGINT)
        psutil.wait_procs([process], timeout=20)


@dataclass(frozen=True)
class Answered:
    """An answer over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem document."""
        return str(self.json["code"])


class Person:
    """One device of somebody, with its tokens once it is logged in. Each request is a connection of its own."""

    def __init__(self, server: Server, login: Mapping[str, Any] | None = None) -> None:
        self.server = server
        self.login = dict(login or {})

    @property
    def id(self) -> str:
        return str(self.login["user"]["id"])

    def program(self) -> Person:
        """The same person by an API token, which outlives an access token's quarter of an hour."""
        made = self.ok("POST", "/users/me/api-tokens", {"name": "a program", "scopes": ["read", "write"]})
        return Person(self.server, {"user": self.login["user"], "access_token": made["token"]})

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Answered:
        """A request; a path that begins with ``/health`` or the base stands for itself, any other is under the base."""
        host, _, port = self.server.address.partition(":")
        full = path if path.startswith(("/health", "/api/", "http")) else BASE + path
        sent = {"Host": self.server.address}
        if self.login:
            sent["Authorization"] = f"Bearer {self.login['access_token']}"
        if body is not None:
            raw = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
        try:
            connection.request(method, full, raw, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return Answered(answer.status, dict(answer.headers.items()), answer.read())
        finally:
            connection.close()

    def get(self, path: str, /, **query: object) -> Answered:
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object = None, **options: Any) -> Answered:
        return self.send("POST", path, body, **options)

    def patch(self, path: str, body: object = None, **options: Any) -> Answered:
        return self.send("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Answered:
        return self.send("DELETE", path, **options)

    def ok(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """The JSON of an answer that has to be a good one."""
        answer = self.send(method, path, body, **options)
        assert 200 <= answer.status < 300, (method, path, answer)
        return answer.json if answer.body else None

    def everything(self, path: str) -> list[Any]:
        """All items of a list, page by page."""
        items: list[Any] = []
        query = "?limit=100"
        while True:
            page = self.ok("GET", path + query)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            query = "?" + urlencode({"limit": 100, "cursor": page["next_cursor"]})

    def upload(self, filename: str, content: bytes, **fields: str) -> Answered:
        body, kind = form(("file", filename, content), **fields)
        return self.post("/documents", raw=body, headers={"Content-Type": kind}, timeout=120)

    def keep(self, path: Path, **fields: str) -> str:
        """Upload a file; the id of its document."""
        answer = self.upload(path.name, path.read_bytes(), **fields)
        assert answer.status in (200, 202), answer
        return str(answer.json["document"]["id"])

    def settled(self, document_id: str, *, seconds: float = 60) -> Any:
        """The document once it is ready or has failed."""

        def done() -> Any:
            document = self.ok("GET", f"/documents/{document_id}")
            return document if document["status"] in ("ready", "failed") else None

        return eventually(done, seconds=seconds)

    def ready(self, document_id: str, *, seconds: float = 60) -> Any:
        document = self.settled(document_id, seconds=seconds)
        assert document["status"] == "ready", document
        return document

    def log_in(self, *, email: str | None = None) -> Person:
        """The same person on another device."""
        email = email or self.login["user"]["email"]
        return Person(
            self.server, Person(self.server).ok("POST", "/auth/login", {"email": email, "password": PASSWORD})
        )

    def dump(self) -> dict[str, list[Any]]:
        """All that the API tells about a person's data."""
        found = {path: self.everything(path) for path in _LISTS}
        for thread in found["/threads"]:
            found[f"messages of {thread['id']}"] = self.everything(f"/threads/{thread['id']}/messages")
        for deck in found["/decks"]:
            found[f"cards of {deck['id']}"] = self.everything(f"/decks/{deck['id']}/cards")
            found[f"proposals of {deck['id']}"] = self.everything(f"/decks/{deck['id']}/proposals")
        for document in found["/documents"]:
            pages = range(1, (document["page_count"] or 0) + 1)
            found[f"pages of {document['id']}"] = [
                self.ok("GET", f"/documents/{document['id']}/pages/{n}") for n in pages
            ]
        return found | {path: [self.ok("GET", path)] for path in _FIGURES}

    @contextmanager
    def socket(self) -> Iterator[Socket]:
        """An open socket that has said ``ready``."""
        ticket = self.ok("POST", "/ws/ticket")["ticket"]
        line = Socket(self.server, ticket)
        try:
            assert line.next("ready")["user_id"] == self.id
            yield line
        finally:
            line.raw.close(timeout=1)
            line.raw.shutdown()


class Socket:
    """A socket and its frames; news of documents are passed over."""

    def __init__(self, server: Server, ticket: str) -> None:
        self.raw = websocket.create_connection(
            f"ws://{server.address}{BASE}/ws",
            origin=f"http://{server.address}",
            subprotocols=["teddy.v1", f"ticket.{ticket}"],
            timeout=30,
        )

    def send(self, **frame: object) -> None:
        self.raw.send(json.dumps(frame))

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next frame, which has to be of one of these kinds."""
        while True:
            text = self.raw.recv()
            assert text, f"closed instead of {kinds}"
            frame: dict[str, Any] = json.loads(text)
            if frame["type"] not in ("document-progress", "notification") or frame["type"] in kinds:
                assert frame["type"] in kinds, frame
                return frame

    def ask(self, message: str, **fields: object) -> tuple[str, dict[str, Any]]:
        """Ask and hear the answer to its end: the pieces put together, and the last frame."""
        self.send(type="chat", id=str(uuid4()), message=message, **fields)
        processing = self.next("chat-processing")
        said = ""
        while True:
            frame = self.next("chat-delta", "chat-response", "chat-error")
            if frame["type"] != "chat-delta":
                return said, frame
            assert frame["message_id"] == processing["message_id"]
            said += frame["text"]


def form(*files: tuple[str, str, bytes], **fields: str) -> tuple[bytes, str]:
    """A multipart form of (field, file name, content) and plain fields, with its content type."""
    border = uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, filename, content in files:
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"


def eventually(check: Callable[[], Any], *, seconds: float = 60, every: float = 0.05) -> Any:
    """What ``check`` gives as soon as that is true; it fails the test if that takes too long."""
    until = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(every)
