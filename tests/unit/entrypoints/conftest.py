from __future__ import annotations

import pytest

from apps import MemoryApp, Visitor


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> MemoryApp:
    return MemoryApp(tmp_path_factory.mktemp("home"))


@pytest.fixture
def app(built_app: MemoryApp) -> MemoryApp:
    """The application with nobody and nothing in it."""
    built_app.reset()
    return built_app


@pytest.fixture
def ada(app: MemoryApp) -> Visitor:
    """Somebody with an account."""
    return app.person("ada@example.org")


@pytest.fixture
def bob(app: MemoryApp) -> Visitor:
    """Somebody else."""
    return app.person("bob@example.org")


@pytest.fixture
def stranger(app: MemoryApp) -> Visitor:
    """Somebody without an account."""
    return app.anonymous()
