"""P10: two thousand sockets that wait, on one process of greenlets.

    python -m benchmarks.idle_sockets

Ours is ``studyteddy serve --sockets`` in the production profile: each socket was let in by a ticket, follows the news
of its person over Redis, is pinged every 25 seconds and has its log-in looked at every 30. The other side is bare
flask-sock under gunicorn's gevent worker, with the same pings, which sends back what it gets. Both hold all sockets at
the same time; then one socket of each in turn is asked, ours by the frame ``ping``. Memory is what a process gained by
its sockets, and the processor's share is that of half a minute in which nobody says a word but pings.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import resource
import selectors
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from engines.redis_server import RedisServer
from limitless import LIMITLESS

SOCKETS, EACH = 2_000, 10
BATCHES, ECHOES, WARM_UP = 15, 40, 3
IDLE_SECONDS = 30.0
MOST_KB, GOAL = 64, 1.5
SECRET = "pQ7vW2xK9zR4tB6nM1cL8yH3dF5gJ0sA"
PASSWORD = "seven purple hedgehogs"
BARE = """
from flask import Flask
from flask_sock import Sock
app = Flask("bare")
app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25, "max_message_size": 65536}
sock = Sock(app)

@sock.route("/ws")
def echo(ws):
    while True:
        ws.send(ws.receive())
"""
Address = tuple[str, int]


@dataclass
class Line:
    """A client's end of a socket, as little as it takes: frames of under 126 bytes, masked with zeros."""

    raw: socket.socket
    got: bytearray = field(default_factory=bytearray)

    @classmethod
    def open(cls, address: Address, path: str, headers: str = "") -> Line:
        raw = socket.create_connection(address, timeout=60)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        raw.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Origin: http://{address[0]}:{address[1]}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"{headers}\r\n".encode()
        )
        line = cls(raw)
        while (end := line.got.find(b"\r\n\r\n")) < 0:
            line.more()
        assert line.got.startswith(b"HTTP/1.1 101"), bytes(line.got)
        del line.got[: end + 4]
        return line

    def more(self) -> None:
        part = self.raw.recv(65_536)
        assert part, "the server has closed a socket"
        self.got += part

    def send(self, text: bytes, opcode: int = 1) -> None:
        self.raw.sendall(struct.pack("!BBI", 0x80 | opcode, 0x80 | len(text), 0) + text)

    def next(self) -> bytes:
        """The next text; pings are answered on the way."""
        while True:
            for opcode, content in self.frames():
                if opcode == 1:
                    return content
            self.more()

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """The frames that have arrived in full."""
        while len(self.got) >= 2:
            length, start = self.got[1] & 0x7F, 2
            if length == 126:
                length, start = struct.unpack_from("!H", self.got, 2)[0], 4
            if len(self.got) < start + length:
                return
            opcode, content = self.got[0] & 0x0F, bytes(self.got[start : start + length])
            del self.got[: start + length]
            if opcode == 9:
                self.send(content, opcode=10)
            yield opcode, content


class Waiting:
    """Sockets that nobody uses; somebody has to answer their pings now and then."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, line: Line) -> None:
        self._selector.register(line.raw, selectors.EVENT_READ, line)

    def answer_pings(self, seconds: float = 0.0) -> None:
        until = time.monotonic() + seconds
        while True:
            for key, _ in self._selector.select(max(0.0, until - time.monotonic())):
                key.data.more()
                list(key.data.frames())
            if time.monotonic() >= until:
                return


@dataclass
class Side:
    """A server, the worker that holds the sockets, and how an echo is asked for."""

    name: str
    worker: psutil.Process
    open: Callable[[int], Line]
    question: bytes
    bytes_each: float = 0.0

    def fill(self, waiting: Waiting) -> None:
        before = self._memory()
        for number in range(SOCKETS):
            waiting.add(self.open(number))
            waiting.answer_pings()
        waiting.answer_pings(seconds=2)
        self.bytes_each = (self._memory() - before) / SOCKETS

    def _memory(self) -> int:
        return int(self.worker.memory_info().rss)

    def echo(self, line: Line) -> float:
        began = time.perf_counter()
        line.send(self.question)
        line.next()
        return time.perf_counter() - began


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("wb") as lines:
        process = subprocess.Popen(
            command, env={"PATH": "/usr/bin:/bin", **environment}, cwd=log.parent, stdout=subprocess.PIPE, stderr=lines,
            text=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def ours(home: Path) -> Iterator[Side]:
    with ExitStack() as opened:
        url = opened.enter_context(EmbeddedPostgres(home / "postgres"))
        redis = opened.enter_context(RedisServer())
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        environment = {
            "STUDYTEDDY_HOME": str(home), "STUDYTEDDY_PROFILE": "production", "DATABASE_URL": url,
            "REDIS_URL": redis.url, "STUDYTEDDY_OBJECTS": "disk", "JWT_SECRET": SECRET,
            "STUDYTEDDY_BCRYPT_ROUNDS": "4", "STUDYTEDDY_SOCKETS": str(SOCKETS + 100), **LIMITLESS,
        }  # fmt: skip
        command = [sys.executable, "-m", "studyteddy", "serve", "--sockets", "--port", "0"]
        process = opened.enter_context(running(command, environment, home / "ours.log"))
        assert process.stdout is not None
        told = next((line for line in process.stdout if "http://" in line), None)
        assert told is not None, (home / "ours.log").read_text()
        host, _, port = told.partition("http://")[2].split()[0].partition(":")
        address = host, int(port)
        tickets = Tickets(address)
        for person in range(SOCKETS // EACH):
            tickets.of(person)
        (worker,) = psutil.Process(process.pid).children()
        question = json.dumps({"type": "ping"}).encode()
        yield Side("ours", worker, lambda number: admitted(address, tickets.of(number // EACH)), question)


def admitted(address: Address, ticket: str) -> Line:
    line = Line.open(address, "/api/v1/ws", f"Sec-WebSocket-Protocol: teddy.v1, ticket.{ticket}\r\n")
    assert b"ready" in line.next()
    return line


class Tickets:
    """Of people who register when they are first asked for."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._tokens: dict[int, str] = {}

    def of(self, person: int) -> str:
        if person not in self._tokens:
            account = {"email": f"p{person}@example.org", "password": PASSWORD, "display_name": "P"}
            self._tokens[person] = self._post("/auth/register", account)["access_token"]
        ticket: str = self._post("/ws/ticket", None, self._tokens[person])["ticket"]
        return ticket

    def _post(self, path: str, body: object, token: str = "") -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with closing(http.client.HTTPConnection(*self._address, timeout=60)) as line:
            line.request("POST", f"/api/v1{path}", json.dumps(body) if body else None, headers)
            answer = line.getresponse()
            content = answer.read()
        assert answer.status in (200, 201), content
        return json.loads(content)


@contextmanager
def bare(home: Path) -> Iterator[Side]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    (home / "bare_echo.py").write_text(textwrap.dedent(BARE))
    command = [
        sys.executable, "-m", "gunicorn", "-k", "gevent", "--worker-connections", str(SOCKETS + 100),
        "-b", f"{address[0]}:{address[1]}", "--no-control-socket", "bare_echo:app",
    ]  # fmt: skip
    with running(command, {"PYTHONPATH": str(home)}, home / "bare.log") as process:
        until = time.monotonic() + 30
        while True:
            try:
                Line.open(address, "/ws").raw.close()
                break
            except OSError:
                assert time.monotonic() < until, (home / "bare.log").read_text()
                time.sleep(0.1)
        (worker,) = psutil.Process(process.pid).children()
        yield Side("bare", worker, lambda _: Line.open(address, "/ws"), b'{"type": "ping"}')


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="st-") as place, ours(Path(place)) as own, bare(Path(place)) as other:
        waiting = Waiting()
        for side in (own, other):
            side.fill(waiting)
        shares = idle_shares([own, other], waiting)
        report(own, other, shares, waiting)


def idle_shares(sides: Sequence[Side], waiting: Waiting) -> list[float]:
    """Of one core, in percent."""
    before = [side.worker.cpu_times() for side in sides]
    waiting.answer_pings(seconds=IDLE_SECONDS)
    after = [side.worker.cpu_times() for side in sides]
    return [
        (late.user + late.system - early.user - early.system) / IDLE_SECONDS * 100
        for early, late in zip(before, after, strict=True)
    ]


def report(own: Side, other: Side, shares: Sequence[float], waiting: Waiting) -> None:
    times: dict[str, list[float]] = {own.name: [], other.name: []}
    asked = [(side, side.open(SOCKETS)) for side in (own, other)]
    for _ in range(BATCHES + WARM_UP):
        waiting.answer_pings()
        pairs = [[side.echo(line) for side, line in asked] for _ in range(ECHOES)]
        for name, batch in zip(times, zip(*pairs, strict=True), strict=True):
            times[name].append(statistics.median(batch))
    mine, theirs = (times[side.name][WARM_UP:] for side in (own, other))
    ratios = [one / other for one, other in zip(mine, theirs, strict=True)]
    measured, each = statistics.median(ratios), own.bytes_each / 1024
    print(
        f"P10 {SOCKETS} idle sockets: goal <= {MOST_KB} KB each, measured {each:.0f} KB "
        f"(bare flask-sock {other.bytes_each / 1024:.0f} KB), {'met' if each <= MOST_KB else 'MISSED'}"
    )
    print(
        f"P10 echo among them, p50: goal <= {GOAL}x of bare flask-sock, measured {measured:.2f}x "
        f"(spread {min(ratios):.2f} to {max(ratios):.2f} over {BATCHES} batches), "
        f"ours {statistics.median(mine) * 1e3:.2f} ms, bare {statistics.median(theirs) * 1e3:.2f} ms, "
        f"{'met' if measured <= GOAL else 'MISSED'}"
    )
    print(f"   processor while all wait: ours {shares[0]:.1f} % of a core, bare {shares[1]:.1f} %")


if __name__ == "__main__":
    main()
