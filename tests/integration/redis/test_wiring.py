"""The production profile's web application on a real Redis and a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps import Visitor, problem
from builders import PASSWORD
from engines.redis_server import RedisServer
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.web_app import build_app

ADA = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada"}


@pytest.fixture
def container(server: RedisServer, empty_database_url: str, tmp_path: Path) -> Iterator[Container]:
    container = Container(
        settings=Settings(
            _env_file=None,
            STUDYTEDDY_HOME=tmp_path,
            STUDYTEDDY_PROFILE="production",
            STUDYTEDDY_OBJECTS="disk",
            STUDYTEDDY_BCRYPT_ROUNDS=4,
            STUDYTEDDY_LOGINS_PER_5_MINUTES=3,
            DATABASE_URL=empty_database_url.replace("+psycopg", ""),
            JWT_SECRET="x8Fq2LmZ0vR7cWt5YbN3hJ6kP9sD1gA4",
            REDIS_URL=server.url,
        )
    )
    migrate(container.engine())
    yield container
    with closing(container.queue_redis()), closing(container.cache_redis()):
        container.events().close()
        container.presence().close()
    container.shutdown_resources()


@pytest.fixture
def visitor(container: Container) -> Visitor:
    return Visitor(build_app(container).test_client())


def registered(visitor: Visitor) -> Visitor:
    answer = visitor.post("/auth/register", ADA)
    assert answer.status_code == 201, answer.text
    visitor.tokens = answer.json
    return visitor


def kept(server: RedisServer, pattern: str) -> list[str]:
    with closing(server.client()) as client:
        return sorted(client.keys(pattern))


def test_figures_are_kept_and_made_void_by_a_write(visitor: Visitor, server: RedisServer) -> None:
    ada = registered(visitor)
    assert ada.get("/analytics/summary").json["tasks_open"] == 0
    assert len(kept(server, "studyteddy:cache:*:SummaryFigures:*")) == 1
    ada.post("/tasks", {"title": "Read"})
    assert ada.get("/analytics/summary").json["tasks_open"] == 1
    assert ada.get("/analytics/summary").json["tasks_open"] == 1


def test_nothing_is_kept_that_names_a_person_or_stays_for_ever(visitor: Visitor, server: RedisServer) -> None:
    ada = registered(visitor)
    ada.post("/auth/login", {"email": ADA["email"], "password": PASSWORD})
    assert ada.post("/ws/ticket").status_code == 200
    ada.get("/analytics/heatmap")
    with closing(server.client()) as client:
        keys = client.keys()
        assert len(keys) >= 4
        assert [key for key in keys if not key.startswith("studyteddy:") or client.ttl(key) <= 0] == []
    assert "ada@" not in "".join(keys)


def test_guesses_are_counted_in_redis_by_all_processes(visitor: Visitor, container: Container) -> None:
    registered(visitor)
    guess = {"email": ADA["email"], "password": "eight purple hedgehogs"}
    other = Visitor(build_app(container).test_client())
    for one in (visitor, other, visitor):
        assert problem(one.post("/auth/login", guess)) == (401, "wrong_credentials")
    assert problem(other.post("/auth/login", guess)) == (429, "too_many_logins")


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_without_redis_people_who_are_logged_in_go_on_and_nobody_logs_in(
    how: str, visitor: Visitor, server: RedisServer
) -> None:
    ada = registered(visitor)
    getattr(server, how)()
    for path in ("/users/me", "/tasks", "/analytics/summary", "/decks"):
        assert ada.get(path).status_code == 200
    assert ada.post("/tasks", {"title": "Read"}).status_code == 201
    assert ada.get("/analytics/summary").json["tasks_open"] == 1
    refused = ada.post("/auth/login", {"email": ADA["email"], "password": PASSWORD})
    assert problem(refused) == (503, "limits_unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert problem(ada.post("/ws/ticket")) == (503, "cache_unavailable")
    server.resume()
