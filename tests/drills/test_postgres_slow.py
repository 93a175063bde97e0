"""PostgreSQL is slow, or has no connections to spare: who waits too long is told so, and no thread is lost."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from e2e.production import Engines, ProductionServer
from e2e.server import Answered, Person, Server
from invariants import assert_invariants, let_it_finish
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres

LONG = bool(os.environ.get("DRILL"))
STATEMENT_TIMEOUT = 30 if LONG else 2
CLIENTS = 200 if LONG else 40
LONGEST = 30.0
"""Seconds that a thread of a server may be held."""

_SLOW = """
create function slowly() returns trigger language plpgsql as $$
begin
    if new.title like 'Slow%' then perform pg_sleep(substr(new.title, 6)::float); end if;
    return new;
end $$;
create trigger slowly before insert on tasks for each row execute function slowly()
"""

pytestmark = pytest.mark.drill


@contextmanager
def slow_tasks(url: str) -> Iterator[sa.Connection]:
    """``Slow 5`` as a title takes five seconds. Gives a connection for a look, whoever else holds all others."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:  # kept all the while: there may be none to spare at the end
        connection.execute(sa.text(_SLOW))
        connection.commit()
        yield connection
        connection.execute(sa.text("drop function slowly cascade"))
        connection.commit()


def at_once(people: list[Person], title: str) -> tuple[list[Answered], float]:
    """Everybody adds a task of that title at the same moment: the answers, and the seconds of the slowest."""
    answers: list[Answered] = []
    slowest = [0.0]
    together = threading.Barrier(len(people))

    def add(person: Person) -> None:
        together.wait(30)
        began = time.monotonic()
        answers.append(person.post("/tasks", {"title": title}, timeout=120))
        slowest.append(time.monotonic() - began)

    threads = [threading.Thread(target=add, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(150)
    assert not [thread for thread in threads if thread.is_alive()], "a request hangs"
    return answers, max(slowest)


def counted(answers: list[Answered]) -> Counter[str]:
    return Counter("201" if one.status == 201 else f"{one.status} {one.code}" for one in answers)


@pytest.fixture(scope="module")
def few() -> Iterator[Engines]:
    """A PostgreSQL with twenty connections, of which the pooler would like to have more than there are."""
    with Engines(
        postgres={"max_connections": "20"},
        pooler={"default_pool_size": "200"},
        at_connect=f"set statement_timeout = {STATEMENT_TIMEOUT * 1000}; set lock_timeout = 5000; set timezone = UTC",
    ) as engines:
        if engines.pooler is None:
            pytest.skip("pgBouncer is not installed: apt-get install pgbouncer")
        yield engines


@pytest.fixture(scope="module")
def server(few: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionServer]:
    with ProductionServer(tmp_path_factory.mktemp("slow") / "home", engines=few) as server:
        with slow_tasks(server.database_url()):
            yield server
        assert "request.crashed" not in server.log()
        assert_invariants(few.pooler.through(server.database_url()))


def test_a_statement_that_takes_too_long_is_given_up(server: ProductionServer) -> None:
    ada = server.person("ada@example.org")
    began = time.monotonic()
    answer = ada.post("/tasks", {"title": "Slow 90"}, timeout=120)
    assert (answer.status, answer.code) == (503, "database_busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert STATEMENT_TIMEOUT - 1 < time.monotonic() - began < STATEMENT_TIMEOUT + 4
    assert ada.everything("/tasks") == []


def test_many_who_wait_for_a_slow_database_get_an_answer_each(server: ProductionServer) -> None:
    ask_at_once(server)


def test_many_who_want_more_connections_than_there_are_get_an_answer_each(tmp_path: Path) -> None:
    """The same without a pooler in between, from one process that may open more connections than the server takes."""
    with EmbeddedPostgres(tmp_path / "pg", settings={"max_connections": "20"}) as url:
        settings = {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "30", "STUDYTEDDY_JOB_LEASE": "3s"}
        with Server(tmp_path / "home", settings) as server, slow_tasks(url) as connection:
            ask_at_once(server)
            # A worker that got no connection, either, lost its hold of a job: somebody takes that up again.
            let_it_finish(connection)
            assert "request.crashed" not in server.log()
        assert_invariants(url)


def ask_at_once(server: Server) -> None:
    """A task that takes a second from each of the clients: done, or refused in time; and afterwards all is well."""
    people = [server.person(f"client{number}@example.org") for number in range(8)]
    answers, slowest = at_once([people[number % len(people)] for number in range(CLIENTS)], "Slow 1")
    counts = counted(answers)
    print(f"\n{CLIENTS} at once, a second each: {dict(counts)}, the slowest after {slowest:.1f} s")
    assert len(answers) == CLIENTS
    assert counts["201"] >= 1
    assert set(counts) <= {"201", "503 database_busy", "503 database_unavailable", "503 unavailable"}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status == 503)
    assert slowest < LONGEST
    kept = sum(len(person.everything("/tasks")) for person in people)
    assert kept == counts["201"]
    assert people[0].post("/tasks", {"title": "Quick"}).status == 201
