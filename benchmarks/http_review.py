"""P4: reviews over HTTP against bare transactions, on the same cores.

    python -m benchmarks.http_review

Ours is ``POST /cards/{id}/reviews`` to two gunicorn processes with threads, as ``studyteddy serve`` starts them in the
production profile: parsed and validated, the token and its log-in checked, the rate limit counted in Redis, the review
and its log committed, the news published on Redis, logged and counted. The bare side is one psycopg transaction of five
round trips on the same tables, without any of that (see ``benchmarks.review``).

Each side is asked by two processes with four connections each, which ask again as soon as they are answered; the sides
take turns. PostgreSQL commits durably for both. The clients share the cores with what they measure, so those of HTTP
write and read plain bytes.
"""

from __future__ import annotations

import json
import multiprocessing
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import psutil
import psycopg

from benchmarks.flashcard_data import database, fill
from benchmarks.review import bare_review
from studyteddy.adapters.bcrypt_passwords import BcryptPasswords
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.system_clock import system_clock
from studyteddy.application.account_administration import SetPassword

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from engines.redis_server import RedisServer
from limitless import LIMITLESS

GOAL = 0.4
SECONDS, ROUNDS, WARM_UP = 1.0, 15, 2
PROCESSES, CONNECTIONS = 2, 4
CARDS = 1_000
PASSWORD = "seven purple hedgehogs"
SECRET = "pQ7vW2xK9zR4tB6nM1cL8yH3dF5gJ0sA"
Review = Callable[[], None]


@dataclass
class Http:
    """A connection that reviews one card after the other, as one student."""

    address: tuple[str, int]
    email: str
    line: socket.socket = field(init=False)
    requests: Iterator[bytes] = field(init=False)

    def open(self) -> Review:
        self.line = socket.create_connection(self.address)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        login = self._ask("POST", "/auth/login", {"email": self.email, "password": PASSWORD})
        self.token = login["access_token"]
        deck = self._ask("GET", "/decks")["items"][0]["id"]
        cards, cursor = [], ""
        while cursor is not None:
            page = self._ask("GET", f"/decks/{deck}/cards?limit=100{cursor}")
            cards += [card["id"] for card in page["items"] if not card["suspended"]]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        body = {"rating": "good", "took_ms": 1_000}
        self.requests = iter([self._request("POST", f"/cards/{card}/reviews", body) for card in cards] * 100)
        return self.review

    token = ""

    def review(self) -> None:
        status, body = self._answer(next(self.requests))
        assert status == 201, body

    def _ask(self, method: str, path: str, body: object = None) -> dict:  # type: ignore[type-arg]
        status, answer = self._answer(self._request(method, path, body))
        assert status == 200, answer
        return json.loads(answer)  # type: ignore[no-any-return]

    def _request(self, method: str, path: str, body: object) -> bytes:
        content = json.dumps(body).encode() if body is not None else b""
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def _answer(self, request: bytes) -> tuple[int, bytes]:
        self.line.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self.line.recv(65_536)
        stated = got.lower().index(b"content-length:") + 15
        length = int(got[stated : got.index(b"\r", stated)])
        while len(got) < end + 4 + length:
            got += self.line.recv(65_536)
        return int(got[9:12]), got[end + 4 :]


@dataclass
class Bare:
    """A connection to the database that reviews the most overdue card of one student."""

    url: str
    owner: UUID

    def open(self) -> Review:
        connection = psycopg.connect(self.url)
        return lambda: bare_review(connection, self.owner)


def ask(told: Connection, http: Sequence[Http], bare: Sequence[Bare]) -> None:
    """In a process of its own: review as one side for a while, whenever told so, and tell how often."""
    sides = {"http": [one.open() for one in http], "bare": [one.open() for one in bare]}
    told.send("ready")
    while (side := told.recv()) is not None:
        until = time.perf_counter() + SECONDS
        counts: list[int] = []

        def work(review: Review, until: float = until, counts: list[int] = counts) -> None:
            count = 0
            while time.perf_counter() < until:
                review()
                count += 1
            counts.append(count)

        threads = [threading.Thread(target=work, args=(review,)) for review in sides[side]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told.send(sum(counts) / SECONDS if len(counts) == len(threads) else None)


@contextmanager
def served(url: str, redis: str, home: Path) -> Iterator[tuple[str, int]]:
    """``studyteddy serve`` in the production profile, as anybody starts it, with its log in a file."""
    environment = {
        "STUDYTEDDY_HOME": str(home), "STUDYTEDDY_PROFILE": "production", "DATABASE_URL": url, "REDIS_URL": redis,
        "STUDYTEDDY_OBJECTS": "disk", "JWT_SECRET": SECRET, "STUDYTEDDY_WEB_PROCESSES": str(PROCESSES),
        "PATH": "/usr/bin:/bin", **LIMITLESS,
    }  # fmt: skip
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "studyteddy", "serve", "--port", "0"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        told = next((line for line in process.stdout if "http://" in line), None)
        assert told is not None, (home / "log").read_text()
        host, _, port = told.partition("http://")[2].split()[0].partition(":")
        yield host, int(port)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def main() -> None:
    with ExitStack() as opened:
        home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="st-")))
        engine, bare = opened.enter_context(database())
        redis = opened.enter_context(RedisServer())
        students = fill(engine, bare, students=2 * PROCESSES * CONNECTIONS, decks=1, cards_per_deck=CARDS)
        set_password = SetPassword(
            unit_of_work=lambda: PostgresUnitOfWork(engine), passwords=BcryptPasswords(4), clock=system_clock
        )
        for student in students:
            set_password(email=student.email, password=PASSWORD)
        url = engine.url.render_as_string(hide_password=False)
        address = opened.enter_context(served(url, redis.url, home))
        plain = url.replace("+psycopg", "", 1)
        pipes = []
        for number in range(PROCESSES):
            mine = students[number::PROCESSES]
            http = [Http(address, student.email) for student in mine[:CONNECTIONS]]
            raw = [Bare(plain, student.id) for student in mine[CONNECTIONS:]]
            here, there = multiprocessing.Pipe()
            process = multiprocessing.Process(target=ask, args=(there, http, raw), daemon=True)
            process.start()
            pipes.append(here)
        for pipe in pipes:
            assert pipe.recv() == "ready"
        postmaster = psutil.Process(bare.info.backend_pid).parent()
        assert postmaster is not None
        family = Family([psutil.Process(), postmaster])
        report(lambda side: measured(pipes, side, family), again=lambda: due_again(bare))
        for pipe in pipes:
            pipe.send(None)


@dataclass
class Family:
    """Processes with all of their children."""

    roots: Sequence[psutil.Process]

    def seconds(self) -> float:
        """The processor time that they have taken."""
        found = {one.pid: one for root in self.roots for one in [root, *root.children(recursive=True)]}
        return sum(times.user + times.system for one in found.values() for times in [one.cpu_times()])


@dataclass(frozen=True)
class Measured:
    """Reviews in a second, and the processor time of one in milliseconds: clients, servers, PostgreSQL and Redis."""

    a_second: float
    milliseconds: float


def measured(pipes: Sequence[Connection], side: str, family: Family) -> Measured:
    before = family.seconds()
    for pipe in pipes:
        pipe.send(side)
    counts = [pipe.recv() for pipe in pipes]
    assert None not in counts, "a review failed"
    a_second = float(sum(counts))
    return Measured(a_second, (family.seconds() - before) / (a_second * SECONDS) * 1e3)


def due_again(connection: psycopg.Connection) -> None:
    """Give both sides as many due cards as they began with: the bare one has to find the most overdue each time."""
    connection.autocommit = True
    connection.execute("update cards set due_on = last_reviewed_on - 20 where last_review_id is not null")
    connection.execute("vacuum analyze cards")
    connection.autocommit = False


def report(measure: Callable[[str], Measured], *, again: Callable[[], None]) -> None:
    rounds = []
    for _ in range(WARM_UP + ROUNDS):
        again()
        rounds.append((measure("bare"), measure("http")))
    del rounds[:WARM_UP]
    ratios = [ours.a_second / theirs.a_second for theirs, ours in rounds]
    middle = statistics.median(ratios)
    bare, http = ([side[number] for side in rounds] for number in (0, 1))
    speeds = [statistics.median(one.a_second for one in side) for side in (http, bare)]
    costs = [statistics.median(one.milliseconds for one in side) for side in (http, bare)]
    print(
        f"P4 reviews over HTTP: goal >= {GOAL}x of bare transactions of 5 round trips, measured {middle:.2f}x "
        f"(spread {min(ratios):.2f} to {max(ratios):.2f} over {ROUNDS} rounds), ours {speeds[0]:.0f}/s, "
        f"bare {speeds[1]:.0f}/s, {'met' if middle >= GOAL else 'MISSED'}"
    )
    print(
        f"   processor time of one, whatever else the machine does: ours {costs[0]:.2f} ms, bare {costs[1]:.2f} ms, "
        f"so {costs[1] / costs[0]:.2f}x where the cores are all that counts"
    )


if __name__ == "__main__":
    main()
