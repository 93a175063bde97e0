from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.redis_server import RedisServer
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.doctor.engines import redis_servers
from studyteddy.entrypoints.doctor.finding import Finding
from studyteddy.entrypoints.settings import Settings

NOWHERE = "redis://:secret-word@127.0.0.1:1/3"


@contextmanager
def examined(home: Path, **settings: str) -> Iterator[list[Finding]]:
    """What the doctor finds out about Redis."""
    production = {
        "STUDYTEDDY_HOME": str(home),
        "STUDYTEDDY_PROFILE": "production",
        "DATABASE_URL": "postgresql://127.0.0.1:1/nothing",
        "JWT_SECRET": "x8Fq2LmZ0vR7cWt5YbN3hJ6kP9sD1gA4",
        "STUDYTEDDY_OBJECTS": "disk",
    }
    container = Container(settings=Settings(_env_file=None, **(production | settings)))
    try:
        yield list(redis_servers(container))
    finally:
        for client in (container.queue_redis(), container.cache_redis()):
            if client is not None:
                client.close()


def test_servers_are_told_with_their_version_policy_and_address(redis_server: RedisServer, tmp_path: Path) -> None:
    with examined(tmp_path, REDIS_URL=redis_server.url, REDIS_CACHE_URL=redis_server.url) as found:
        assert [(finding.part, finding.well) for finding in found] == [("queue", True), ("caches", True)]
    assert found[0].words.startswith("Redis 6.")
    assert f"noeviction at 127.0.0.1:{redis_server.port}, database 0" in found[0].words


def test_one_redis_for_everything_is_fine(redis_server: RedisServer, tmp_path: Path) -> None:
    with examined(tmp_path, REDIS_URL=redis_server.url) as found:
        assert [finding.well for finding in found] == [True, True]
        assert "REDIS_CACHE_URL" in found[1].words


def test_a_queue_that_may_lose_jobs_is_named_and_a_cache_may_evict(tmp_path: Path) -> None:
    with (
        RedisServer({"maxmemory-policy": "allkeys-lru"}) as server,
        examined(tmp_path, REDIS_URL=server.url, REDIS_CACHE_URL=server.url) as found,
    ):
        assert [finding.well for finding in found] == [False, True]
    assert "allkeys-lru" in found[0].words


def test_a_server_that_is_away_is_named_with_what_was_tried_but_no_secret(tmp_path: Path) -> None:
    with examined(tmp_path, REDIS_URL=NOWHERE, REDIS_CACHE_URL=NOWHERE) as found:
        assert [finding.well for finding in found] == [False, False]
    for finding, setting in zip(found, ("REDIS_URL", "REDIS_CACHE_URL"), strict=True):
        assert "127.0.0.1:1, database 3" in finding.words
        assert "refused" in finding.words
        assert setting in finding.words
        assert "secret-word" not in finding.words


def test_a_laptop_has_no_redis_to_look_at(tmp_path: Path) -> None:
    with examined(tmp_path, STUDYTEDDY_PROFILE="embedded", REDIS_URL=NOWHERE) as found:
        assert found == []
