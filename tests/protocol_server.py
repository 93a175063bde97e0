"""A small HTTP server that speaks OpenAI's chat and embedding protocol, and fails in every way that one can wish for.

Without a script it answers: a chat question is echoed word by word, a text becomes a vector made of its hash. A script
is a list of replies, one for each request to come.
"""

from __future__ import annotations

import hashlib
import json
import random
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

KEY = "sk-test-4f1c9a7e2b"
DIMENSION = 48


@dataclass(frozen=True)
class Received:
    """One request as it came in; ``at`` is the monotonic time of it."""

    path: str
    headers: Message
    body: dict[str, Any]
    at: float


class Exchange(BaseHTTPRequestHandler):
    """One request being answered; replies call its methods."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    request_body: dict[str, Any]

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.request_body = json.loads(self.rfile.read(length))
        owner = self.server.owner
        owner.requests.append(Received(self.path, self.headers, self.request_body, time.monotonic()))
        try:
            (owner.next_reply() or usual)(self)
        except (BrokenPipeError, ConnectionResetError):
            owner.hung_up.set()
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def plain(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer at once."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        self.plain(status, json.dumps(body).encode(), headers)

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def raw(self, piece: bytes) -> None:
        """One HTTP chunk of a stream."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.flush()

    def event(self, data: object) -> None:
        self.raw(b"data: " + (data if isinstance(data, bytes) else json.dumps(data).encode()) + b"\n\n")

    def end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def cut(self) -> None:
        """Break the connection in the middle of an HTTP chunk, with a reset."""
        self.wfile.write(b"ff\r\ndata: {")
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def wait_for_hang_up(self, seconds: float = 30.0) -> None:
        """Stay silent until the client goes away or the server stops."""
        give_up = time.monotonic() + seconds
        while not self.server.owner.stopping.is_set() and time.monotonic() < give_up:
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                self.server.owner.hung_up.set()
                break
        self.close_connection = True


Reply = Callable[[Exchange], None]


def chunk(text: str | None = None, *, finish: str | None = None, **more: object) -> dict[str, object]:
    """An event of a stream; ``more`` goes into its delta."""
    delta = {} if text is None else {"content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "test-model",
        "choices": [{"index": 0, "delta": {**delta, **more}, "finish_reason": finish}],
    }


def usage_chunk(prompt: int, completion: int) -> dict[str, object]:
    """The last event: usage, and no choices."""
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return {**chunk(), "choices": [], "usage": usage}


def told(*texts: str, finish: str | None = "stop", usage: tuple[int, int] | None = (7, 3)) -> Reply:
    """A stream that says ``texts``; without ``finish`` it just ends."""

    def reply(exchange: Exchange) -> None:
        exchange.begin_stream()
        for text in texts:
            exchange.event(chunk(text))
        if finish is not None:
            exchange.event(chunk(finish=finish))
        if usage is not None:
            exchange.event(usage_chunk(*usage))
        if finish is not None:
            exchange.event(b"[DONE]")
        exchange.end_stream()

    return reply


def events(*data: object, then: Callable[[Exchange], None] = Exchange.end_stream) -> Reply:
    """A stream of exactly these events (bytes are sent as they are), and what comes after them."""

    def reply(exchange: Exchange) -> None:
        exchange.begin_stream()
        for one in data:
            exchange.event(one)
        then(exchange)

    return reply


def status(
    code: int, message: str = "no", *, kind: str | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """An error the way that OpenAI words it."""
    body = {"error": {"message": message, "type": kind, "code": kind, "param": None}}
    return lambda exchange: exchange.json(code, body, headers)


def page(code: int, body: bytes, kind: str = "text/html") -> Reply:
    return lambda exchange: exchange.plain(code, body, {"Content-Type": kind})


def silence(exchange: Exchange) -> None:
    """No answer at all."""
    exchange.wait_for_hang_up()


def slammed(exchange: Exchange) -> None:
    """The connection is closed instead of answered."""
    exchange.close_connection = True


def vectors(*rows: object, numbered: bool = True) -> Reply:
    """An answer with these vectors."""
    data = [
        {"object": "embedding", "embedding": row, **({"index": n} if numbered else {})} for n, row in enumerate(rows)
    ]
    return lambda exchange: exchange.json(200, {"object": "list", "model": "test-embedder", "data": data})


def vector_of(text: str, dimension: int = DIMENSION) -> list[float]:
    """Numbers that depend on the text alone, far from unit length."""
    chance = random.Random(hashlib.sha256(text.encode()).digest())
    return [chance.uniform(-3, 3) for _ in range(dimension)]


def usual(exchange: Exchange) -> None:
    """What a working server answers."""
    body = exchange.request_body
    if exchange.headers.get("Authorization") != f"Bearer {KEY}":
        status(401, f"Incorrect API key provided: {exchange.headers.get('Authorization')}")(exchange)
    elif exchange.path.endswith("/embeddings"):
        rows = [vector_of(text, body.get("dimensions") or DIMENSION) for text in body["input"]]
        vectors(*rows)(exchange)
    elif exchange.path.endswith("/chat/completions"):
        words = body["messages"][-1]["content"].split(" ")
        told("You asked:", *(f" {word}" for word in words), usage=(11, len(words) + 2))(exchange)
    else:
        status(404, "no such path")(exchange)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ProtocolServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that break are the point; anything else is a fault of the test's script."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.owner.faults.append(repr(error))


@dataclass
class ProtocolServer:
    """Runs on a free port of the loopback within a ``with`` block."""

    requests: list[Received] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    _script: list[Reply] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def will(self, *replies: Reply) -> None:
        """Answer the next requests with these."""
        with self._lock:
            self._script.extend(replies)

    def next_reply(self) -> Reply | None:
        with self._lock:
            return self._script.pop(0) if self._script else None

    def __enter__(self) -> Self:
        self._http = _Server(("127.0.0.1", 0), Exchange)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
