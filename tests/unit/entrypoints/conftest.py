from __future__ import annotations

from pathlib import Path

import pytest

from apps import MemoryApp, Visitor


@pytest.fixture
def app(tmp_path: Path) -> MemoryApp:
    return MemoryApp(tmp_path)


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
