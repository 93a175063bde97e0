from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backup_places import SECRET, NewPlace, Place
from engines.databases import Database, fresh_database
from engines.pgbouncer import PgBouncer
from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.application.ports.object_store import ObjectStore


@pytest.fixture
def new_place(postgres_url: str, migrated_template: str, tmp_path: Path) -> Iterator[NewPlace]:
    """Makes places that are thrown away with their databases after the test."""
    engines: list[sa.Engine] = []
    databases = []

    def make(
        name: str, *, migrated: bool = True, objects: ObjectStore | None = None, way: PgBouncer | None = None
    ) -> Place:
        database = fresh_database(postgres_url, template=migrated_template if migrated else None)
        engines.append(Database.on(database.__enter__(), way).open(pool_size=2))
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
