from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.server import OpenServer, Server
from invariants import assert_invariants


@pytest.fixture(scope="module")
def server(open_server: OpenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Study Teddy for the tests of one module, which neither stop nor kill it."""
    with open_server(tmp_path_factory.mktemp("served") / "home") as server:
        yield server
        assert "request.crashed" not in server.log(), server.log()[-3000:]
        assert_invariants(server.database_url(), at_rest=False)
