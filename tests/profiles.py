"""Which Study Teddy a test talks to: the embedded profile, the production profile, or each in turn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from e2e.production import Engines, ProductionServer
from e2e.server import OpenServer, Server

__all__ = ["engines", "open_server", "pytest_generate_tests"]

PROFILES = ["embedded", "production"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test of a server runs on both profiles; ``embedded_only`` says of a few why they don't."""
    if "profile" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("embedded_only")
        metafunc.parametrize("profile", PROFILES[:1] if only else PROFILES, scope="module")


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """What the production servers of this test process stand on."""
    with Engines() as engines:
        yield engines


@pytest.fixture(scope="module")
def open_server(profile: str, request: pytest.FixtureRequest) -> OpenServer:
    """Opens servers of the profile under test."""
    if profile == "embedded":
        return Server
    return partial(ProductionServer, engines=request.getfixturevalue("engines"))
