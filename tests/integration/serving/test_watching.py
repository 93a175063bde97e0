from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from e2e.server import eventually
from engines.redis_server import RedisServer
from engines.s3_server import S3Bucket, S3Server
from integration.serving.gunicorn import Gunicorn, production
from studyteddy.adapters.postgres.migrate import known_revisions

EVERYTHING = {"database", "schema", "queue", "cache", "objects", "disk", "jobs", "backup"}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def store() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, database_url: str, redis: RedisServer, store: S3Server
) -> Iterator[Gunicorn]:
    """A server on engines that the tests of this module take away and give back."""
    settings = S3Bucket(store, store.bucket()).settings | {"STUDYTEDDY_OBJECTS": "s3", "METRICS_TOKEN": "watch-me"}
    with Gunicorn(tmp_path_factory.mktemp("watched"), production(database_url, redis.url, **settings)) as server:
        yield server


def states(server: Gunicorn) -> tuple[int, str, set[str]]:
    """Status, its word, and what is not well."""
    answer = server.plain("/health/ready")
    checks = answer.json["checks"]
    assert set(checks) >= EVERYTHING
    # How full the disk of this machine is, is not what is tested.
    return answer.status, answer.json["status"], {name for name, state in checks.items() if state == "unavailable"}


def test_all_is_well_and_each_dependency_is_named(watched: Gunicorn) -> None:
    wanted = f"revision {known_revisions()[0]}"
    # Each process remembers for a moment what it last saw, which may be what another test did.
    eventually(lambda: watched.plain("/health/ready").json["details"].get("schema") == wanted)
    # The store of this module answers its first question after it has loaded all of itself.
    eventually(lambda: states(watched)[::2] == (200, set()))


def test_without_redis_it_is_degraded_but_ready(watched: Gunicorn, redis: RedisServer) -> None:
    redis.stop()
    try:
        assert eventually(lambda: states(watched) == (200, "degraded", {"queue", "cache"}))
    finally:
        redis.start()
    eventually(lambda: states(watched)[2] == set())


@pytest.mark.parametrize("how", ["refuse", "pause"])
def test_without_the_store_it_is_degraded_but_ready(watched: Gunicorn, store: S3Server, how: str) -> None:
    getattr(store, how)()
    try:
        assert eventually(lambda: states(watched) == (200, "degraded", {"objects"}))
    finally:
        store.recover()
    eventually(lambda: states(watched)[2] == set(), seconds=60)


def test_a_schema_that_fell_behind_makes_it_unavailable_and_a_newer_one_only_degraded(
    watched: Gunicorn, database_url: str
) -> None:
    newest, older = known_revisions()[:2]
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        try:
            connection.execute("update alembic_version set version_num = %s", [older])
            assert eventually(lambda: states(watched) == (503, "unavailable", {"schema"}))
            connection.execute("update alembic_version set version_num = '9999_hence'")
            assert eventually(lambda: states(watched) == (200, "degraded", set()))
        finally:
            connection.execute("update alembic_version set version_num = %s", [newest])


def test_metrics_are_for_those_with_the_token(watched: Gunicorn) -> None:
    assert watched.plain("/metrics").status == 401
    assert watched.plain("/metrics", {"Authorization": "Bearer watch-you"}).status == 401
    answer = watched.plain("/metrics", {"Authorization": "Bearer watch-me"})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=1.0.0")


def test_without_a_token_metrics_are_for_this_machine(web: Gunicorn) -> None:
    assert web.plain("/metrics").status == 200
    assert web.plain("/metrics", {"X-Forwarded-For": "127.0.0.1"}).status == 403
