from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backup_places import SECRET, Place, open_database
from engines.databases import fresh_database
from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.application.ports.object_store import ObjectStore

NewPlace = Callable[..., Place]


@pytest.fixture
def new_place(postgres_url: str, migrated_template: str, tmp_path: Path) -> Iterator[NewPlace]:
    """Makes places, each with a database of its own that is thrown away with it: migrated, or without any table."""
    engines: list[sa.Engine] = []
    databases = []

    def make(name: str, *, migrated: bool = True, objects: ObjectStore | None = None) -> Place:
        database = fresh_database(postgres_url, template=migrated_template if migrated else None)
        engines.append(open_database(database.__enter__()))
        databases.append(database)
        home = tmp_path / name
        home.mkdir()
        (home / SECRET).write_text(f"the secret of {name}")
        return Place(engines[-1], objects or DiskObjects.open_directory(home / "objects"), home)

    yield make
    for engine in engines:
        engine.dispose()
    for database in databases:
        database.__exit__(None, None, None)
