from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.server import Server
from engines.redis_server import RedisServer
from integration.serving.gunicorn import Gunicorn, production


@pytest.fixture(scope="module")
def environment(database_url: str, redis_url: str) -> dict[str, str]:
    """The settings of a production server on this module's database and this process's Redis."""
    return production(database_url, redis_url)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[Gunicorn]:
    """Two processes for HTTP, for the tests of one module, which neither stop nor kill the master."""
    with Gunicorn(tmp_path_factory.mktemp("web"), environment) as server:
        yield server
        _assert_well(server)


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[Gunicorn]:
    """A process for sockets, for the tests of one module, which don't stop it."""
    with Gunicorn(tmp_path_factory.mktemp("sockets"), environment, ("--sockets",)) as server:
        yield server
        _assert_well(server)


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that a test may stop."""
    with RedisServer() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _assert_well(server: Server) -> None:
    assert "request.crashed" not in server.log(), server.log()[-3000:]
    assert "Traceback" not in server.log(), server.log()[-3000:]
