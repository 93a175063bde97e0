from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from e2e.server import eventually
from integration.serving.gunicorn import Gunicorn, held_up

CASES = {
    "no request at all": (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400, "bad_request"),
    "a header without a name": (b"GET / HTTP/1.1\r\n: nothing\r\n\r\n", 400, "bad_request"),
    "two lengths": (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request"),
    "a long address": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414, "uri_too_long"),
    "a long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431, "headers_too_large"),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n", 431, "headers_too_large"),
}


@contextmanager
def asking(server: Gunicorn, *, threads: int = 1) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(threads) as pool:
        yield pool


def test_all_processes_serve_and_count_together(web: Gunicorn) -> None:
    ada = web.person("ada@example.org")
    busy, before = set(), _tasks_listed(web)
    for _ in range(30):
        ada.ok("GET", "/tasks")
        busy |= {worker.pid for worker in web.workers() if worker.cpu_times().user > 0}
    assert len(web.workers()) == len(busy) == 2
    assert {_tasks_listed(web) - before for _ in range(6)} == {30.0}


def _tasks_listed(web: Gunicorn) -> float:
    return web.metric("studyteddy_http_requests_total", route="/api/v1/tasks", method="GET")


def test_a_killed_process_is_replaced_and_what_it_counted_stays(web: Gunicorn) -> None:
    bob = web.person("bob@example.org")
    for _ in range(10):
        bob.ok("GET", "/decks")
    killed = web.workers()[0]
    killed.kill()
    eventually(lambda: len(web.workers()) == 2 and killed.pid not in {worker.pid for worker in web.workers()})
    eventually(lambda: bob.get("/tasks").status == 200)
    assert web.metric("studyteddy_http_requests_total", route="/api/v1/decks", method="GET") == 10
    assert '"Perhaps out of memory?"' in web.log() or "Perhaps out of memory?" in web.log()


@pytest.mark.parametrize(("sent", "status", "code"), CASES.values(), ids=CASES)
def test_what_is_no_request_gets_a_problem_document(
    web: Gunicorn, sockets: Gunicorn, sent: bytes, status: int, code: str
) -> None:
    for server in (web, sockets):
        head, _, body = server.told(sent).partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        assert b"Content-Type: application/problem+json" in head
        assert (json.loads(body)["status"], json.loads(body)["code"]) == (status, code)


def test_every_log_line_is_json_and_names_no_query(web: Gunicorn) -> None:
    ada = web.person("log@example.org")
    ada.ok("GET", "/tasks?q=my-secret-plan")
    assert "my-secret-plan" not in web.log()
    lines = [json.loads(line) for line in web.log().splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*map(set, lines))
    last = [line for line in lines if line["event"] == "request" and line["route"] == "/api/v1/tasks"][-1]
    assert last["user_id"] == ada.id
    assert len(last["request_id"]) == 32


def test_the_end_waits_for_a_request_under_way(home: Path, environment: dict[str, str], database_url: str) -> None:
    with Gunicorn(home, environment) as server, ThreadPoolExecutor(1) as aside:
        ada = server.person("end@example.org")
        with held_up(database_url, "tasks") as waiting:
            answer = aside.submit(ada.post, "/tasks", {"title": "Kept"})
            waiting.somebody()
            server.terminate()
            eventually(lambda: not server.listens())
        assert answer.result().status == 201
        assert server.ended() == 0


def test_who_waits_for_an_answer_at_the_end_is_told_how_far_it_is(home: Path, environment: dict[str, str]) -> None:
    with Gunicorn(home, environment) as server, ThreadPoolExecutor(1) as aside:
        ada = server.person("wait@example.org")
        answer = aside.submit(ada.post, "/ask", {"question": "Why?"})
        eventually(lambda: server.metric("studyteddy_http_requests_in_progress", route="/api/v1/ask"))
        server.terminate()
        assert (answer.result().status, answer.result().json["message"]["status"]) == (202, "queued")
        assert server.ended() == 0


def test_a_second_signal_ends_at_once(home: Path, environment: dict[str, str], slow_tasks: None) -> None:
    with Gunicorn(home, environment) as server, ThreadPoolExecutor(1) as aside:
        ada = server.person("twice@example.org")
        answer = aside.submit(ada.post, "/tasks", {"title": "Lost"})
        eventually(lambda: server.metric("studyteddy_http_requests_in_progress", route="/api/v1/tasks"))
        server.terminate()
        eventually(lambda: not server.listens())
        server.terminate()
        server.ended()
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            answer.result()


@pytest.fixture
def slow_tasks(database_url: str) -> Iterator[None]:
    """Adding a task takes longer than a stop may."""
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(
            "create function wait() returns trigger language plpgsql as $$begin perform pg_sleep(25); return new; end$$"
        )
        connection.execute("create trigger slow before insert on tasks for each row execute function wait()")
        yield
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'")
        connection.execute("drop trigger slow on tasks")
        connection.execute("drop function wait")


def test_nothing_of_the_master_is_open_in_the_database(
    home: Path, environment: dict[str, str], database_url: str
) -> None:
    with Gunicorn(home, environment) as server:
        eventually(lambda: len(server.workers()) == 2)
        master = psutil.Process(server.process.pid)
        assert [line.status for line in master.net_connections("tcp")] == [psutil.CONN_LISTEN]
        assert master.net_connections("unix") == []
