from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines.redis_server import RedisServer
from engines.workers import WorkPlace


@pytest.fixture(scope="module")
def queue_server() -> Iterator[RedisServer]:
    """A Redis of this module's own, which its tests may stop, kill and hang."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def place(database_url: str, queue_server: RedisServer) -> Iterator[WorkPlace]:
    """Workers and desks for one test, on an empty queue; all processes are gone afterwards."""
    queue_server.client().flushall()
    place = WorkPlace(database_url, queue_server.url)
    yield place
    place.close()
