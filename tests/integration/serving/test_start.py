from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from e2e.server import Person
from engines.redis_server import RedisServer
from integration.serving.gunicorn import Gunicorn, free_port, production, refusal
from studyteddy.adapters.postgres.migrate import known_revisions

BOTH = pytest.mark.parametrize("arguments", [(), ("--sockets",)], ids=["web", "sockets"])


@BOTH
def test_a_database_without_our_schema_is_refused_with_what_to_do(
    home: Path, empty_database_url: str, redis_url: str, arguments: tuple[str, ...]
) -> None:
    code, words = refusal(home, production(empty_database_url, redis_url), *arguments)
    assert code == 1
    assert words == [
        "Study Teddy can't start:",
        f"The database is empty, but revision {known_revisions()[0]} is needed. Run: studyteddy migrate",
    ]


def test_a_schema_that_lies_behind_is_refused_until_it_was_migrated(
    home: Path, database_url: str, redis_url: str
) -> None:
    newest, older = known_revisions()[:2]
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("update alembic_version set version_num = %s", [older])
        try:
            _, words = refusal(home, production(database_url, redis_url))
        finally:
            connection.execute("update alembic_version set version_num = %s", [newest])
    assert words[-1] == (
        f"The database is at revision {older}, but revision {newest} is needed. Run: studyteddy migrate"
    )


def test_a_schema_of_a_newer_version_is_refused(home: Path, database_url: str, redis_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("update alembic_version set version_num = '9999_hence'")
        try:
            _, words = refusal(home, production(database_url, redis_url))
        finally:
            connection.execute("update alembic_version set version_num = %s", [known_revisions()[0]])
    assert words[-1] == "The database was made by a newer Study Teddy (revision 9999_hence). Start that version."


def test_all_that_is_missing_is_named_at_once_without_passwords(home: Path) -> None:
    port = free_port()
    with RedisServer({"maxmemory-policy": "allkeys-lru"}) as redis:
        url = f"postgresql://teddy:hunter2@127.0.0.1:{port}/study"
        code, words = refusal(home, production(url, redis.url))
    assert code == 1
    assert words[0] == "Study Teddy can't start:"
    assert words[1].startswith(f"The database does not answer. Tried postgresql+psycopg://teddy:***@127.0.0.1:{port}/")
    assert "Connection refused" in words[1]
    assert "maxmemory-policy is allkeys-lru" in words[2]
    assert len(words) == 3


def test_migrate_says_what_it_tried(home: Path, redis_url: str) -> None:
    import subprocess
    import sys

    environment = production(f"postgresql://teddy:hunter2@127.0.0.1:{free_port()}/study", redis_url)
    ran = subprocess.run(
        [sys.executable, "-m", "studyteddy", "migrate"],
        env=environment | {"STUDYTEDDY_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "Tried postgresql+psycopg://teddy:***@127.0.0.1" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_redis_it_starts_warns_and_answers(home: Path, web: Gunicorn, database_url: str) -> None:
    ada = web.person("noredis@example.org")
    away = f"redis://127.0.0.1:{free_port()}/0"
    with Gunicorn(home, production(database_url, away)) as server:
        assert f"Tried {away}" in server.log()
        here = Person(server, ada.login)
        assert here.post("/tasks", {"title": "Kept"}).status == 201
        ready = server.plain("/health/ready")
        assert (ready.status, ready.json["status"]) == (200, "degraded")
        assert ready.json["checks"]["queue"] == ready.json["checks"]["cache"] == "unavailable"


def test_a_port_in_use_is_named(home: Path, web: Gunicorn, environment: dict[str, str]) -> None:
    port = web.address.partition(":")[2]
    code, words = refusal(home, environment, "--port", port)
    assert code == 1
    assert words[-1].startswith(f"Port {port} on 127.0.0.1 is in use")
