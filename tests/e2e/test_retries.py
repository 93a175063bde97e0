"""A request that has a key is carried out once, whenever the server is killed and however often it is sent again."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from e2e.server import Answered, OpenServer, Person, Server, eventually, form
from engines.commit_relay import CommitRelay
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres

REQUESTS = 60
KILLS = 4


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommitRelay]:
    folder = tmp_path_factory.mktemp("retries") / "pg"
    with EmbeddedPostgres(folder) as url, CommitRelay(Path(unquote(url.partition("host=")[2]))) as relay:
        yield relay


class Deed:
    """A request that adds one thing, and how many of those there are."""

    def __init__(self, person: Person, path: str, body: Any, listed: str) -> None:
        self.person, self.path, self.listed = person, path, listed
        self.sending: dict[str, Any] = {"body": body}
        self.headers = {"Idempotency-Key": str(uuid4())}

    def send(self) -> Answered | None:
        """The answer, None if the server died instead of giving one."""
        try:
            return self.person.post(self.path, headers=self.headers, timeout=30, **self.sending)
        except (OSError, http.client.HTTPException):
            return None

    def count(self) -> int:
        return len(self.person.everything(self.listed))


class Upload(Deed):
    def __init__(self, person: Person) -> None:
        super().__init__(person, "/documents", None, "/documents")
        body, kind = form(("file", f"{uuid4()}.txt", uuid4().hex.encode()))
        self.sending = {"raw": body}
        self.headers["Content-Type"] = kind


def deeds(person: Person) -> list[Deed]:
    """One of each way to commit: a unit of work, one with a job, with a file, and the review's own statement."""
    deck = person.ok("POST", "/decks", {"name": "Rivers"})["id"]
    cards = f"/decks/{deck}/cards"
    card = person.ok("POST", cards, {"front": "What carries sand?", "back": "A river."})["id"]
    thread = person.ok("POST", "/threads", {})["id"]
    return [
        Deed(person, "/tasks", {"title": "Read"}, "/tasks"),
        Deed(person, cards, {"front": "Where to?", "back": "To the sea."}, cards),
        Deed(person, "/ask", {"question": "What?", "thread_id": thread}, f"/threads/{thread}/messages"),
        Upload(person),
        Reviewing(person, f"/cards/{card}/reviews", {"rating": "good"}, f"/cards/{card}"),
    ]


class Reviewing(Deed):
    def count(self) -> int:
        return int(self.person.ok("GET", self.listed)["version"])


@pytest.mark.embedded_only("listens in on the connection of one server to its PostgreSQL")
@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
def test_a_kill_around_the_commit_leaves_a_request_done_or_not_begun(
    tmp_path: Path, relay: CommitRelay, committed: bool
) -> None:
    with Server(tmp_path / "home", {"DATABASE_URL": relay.url}) as server:
        ada = server.person(f"{uuid4()}@example.org")
        for deed in deeds(ada):
            before = deed.count()
            relay.arm("INSERT INTO idempotency_keys", server.process.kill, committed=committed)
            assert deed.send() is None, deed.path
            server.kill()
            server.start()
            again = deed.send()
            assert again is not None
            if committed:
                assert (again.status, again.code) == (409, "already_done"), (deed.path, again)
            else:
                assert again.status in (200, 201, 202), (deed.path, again)
                repeated = deed.send()
                assert repeated is not None
                assert (repeated.status, repeated.body) == (again.status, again.body)
            grown = 2 if deed.path == "/ask" else 1  # a question and its answer
            assert deed.count() == before + grown, deed.path


class Client(threading.Thread):
    """Sends its requests one by one, each until it is answered for good."""

    def __init__(self, deeds: list[Deed], seed: int) -> None:
        super().__init__()
        self.deeds = deeds
        self.answers: list[str] = []
        self.sendings = 0
        self._chance = random.Random(seed)

    def run(self) -> None:
        for deed in self.deeds:
            self.answers.append(eventually(lambda deed=deed: self._final(deed), seconds=120))

    def _final(self, deed: Deed) -> str | None:
        self.sendings += 1
        answer = deed.send()
        if answer is None or answer.status == 503:
            return None
        if answer.status == 201:
            return None if self._chance.random() < 0.3 else "201"  # the answer got lost on its way
        return answer.code


def test_requests_that_are_sent_until_they_are_answered_are_carried_out_once_each(
    tmp_path: Path, open_server: OpenServer
) -> None:
    with open_server(tmp_path / "home") as server:
        people = [server.person("ada@example.org"), server.person("bob@example.org")]
        clients = [
            Client([Deed(one, "/tasks", {"title": f"Task {n}"}, "/tasks") for n in range(REQUESTS)], seed=seed)
            for seed, one in enumerate(people)
        ]
        for client in clients:
            client.start()
        for kill in range(KILLS):
            begun = [len(client.answers) for client in clients]
            due = [min(at + REQUESTS // KILLS - 1, REQUESTS) for at in begun]
            eventually(
                lambda due=due: all(len(c.answers) >= at for c, at in zip(clients, due, strict=True)),
                seconds=60,
                every=0.003,
            )
            server.kill(database=kill % 2 == 1)
            server.start()
        for person, client in zip(people, clients, strict=True):
            client.join(120)
            assert not client.is_alive()
            assert set(client.answers) <= {"201", "already_done"}
            titles = [task["title"] for task in person.everything("/tasks")]
            assert sorted(titles) == sorted(f"Task {n}" for n in range(REQUESTS))
            assert client.sendings > REQUESTS
