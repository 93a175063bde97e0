"""A whole place to back up or to restore to: a database, a store of files and keys."""

from __future__ import annotations

import io
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from pgvector import HalfVector
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from builders import NOW
from engines.pgbouncer import PgBouncer
from studyteddy.adapters.backup_archive.archives import TarArchives
from studyteddy.adapters.key_files import KeyFiles
from studyteddy.adapters.postgres.backup.database import PostgresCopies
from studyteddy.adapters.postgres.backup_log import PostgresBackupLog
from studyteddy.adapters.postgres.tables.catalogue import metadata
from studyteddy.application.backups import BackUp, LastBackup, Restore, VerifyBackup
from studyteddy.application.ports.backups import Archives
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.domain.flashcards.cards import MAX_FLAG

SECRET = "signing-secret"
TEXTS = (
    "", "plain", "tab\there", "line\nend", "return\rhere", "back\\slash", "\\N", "\\.", "a\\tb", '"quoted", {braces}',
    "NULL", "ümlaut 潮 🧸", " spaces ", "\x01\x7f", "'; drop table users; --", "x" * 20_000,
)  # fmt: skip
NUMBERS = (0, 1, -1, 32_767)


@dataclass
class Place:
    """``engine`` leads to a database of its own, ``home`` holds the keys."""

    engine: sa.Engine
    objects: ObjectStore
    home: Path
    key_names: tuple[str, ...] = (SECRET,)
    archives: Archives = field(default_factory=TarArchives)

    def back_up(self) -> BackUp:
        return BackUp(
            database=PostgresCopies(self.engine),
            objects=self.objects,
            archives=self.archives,
            keys=KeyFiles(self.home, self.key_names),
            log=PostgresBackupLog(self.engine),
            clock=lambda: NOW,
            program="0.1.0",
        )

    def restore(self) -> Restore:
        return Restore(
            database=PostgresCopies(self.engine),
            objects=self.objects,
            archives=self.archives,
            keys=KeyFiles(self.home, self.key_names),
            log=PostgresBackupLog(self.engine),
            clock=lambda: NOW,
        )

    def verify(self) -> VerifyBackup:
        return VerifyBackup(archives=self.archives)

    def last_backup(self) -> datetime | None:
        return LastBackup(log=PostgresBackupLog(self.engine))()

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table in PostgreSQL's own words, except when the last backup was."""
        with self.engine.connect() as connection:
            present = set(sa.inspect(connection).get_table_names()) - {"operations", "alembic_version"}
            return {
                name: list(connection.scalars(sa.text(f'select t::text from "{name}" t order by 1')))
                for name in sorted(present)
            }

    def storage_keys(self) -> list[str]:
        documents = metadata.tables["documents"].c
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(documents.owner, documents.sha256, documents.id))
            return sorted(f"{owner}/{sha256}-{name}" for owner, sha256, name in found)

    def files(self) -> dict[str, bytes]:
        """The bytes of every document."""
        found = {}
        for key in self.storage_keys():
            with self.objects.open(key) as content:
                found[key] = content.read()
        return found

    def run(self, statement: str, **parameters: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), parameters)

    def scalars(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.text(query)))


class NewPlace(Protocol):
    """Makes a place with a database of its own: migrated, or without any table."""

    def __call__(
        self, name: str, *, migrated: bool = True, objects: ObjectStore | None = None, way: PgBouncer | None = None
    ) -> Place: ...


def fill(place: Place, *, rows: int = 12, seed: int = 7) -> None:
    """Rows in every table, with the values that are hardest to write down, and a file for each document."""
    chance = random.Random(seed)
    kept: dict[str, list[dict[str, Any]]] = {}
    with place.engine.begin() as connection:
        for table in metadata.sorted_tables:
            made = [_row(table, kept, number, chance) for number in range(rows)]
            for row in made:
                connection.execute(sa.insert(table).values(row))
            kept[table.name] = made
        connection.execute(sa.text("update jobs set status = 'running', lease_until = now() where progress = 1"))
        connection.execute(sa.text("update jobs set status = 'queued', sent_at = now() where progress = 0"))
    for number, key in enumerate(place.storage_keys()):
        place.objects.put(key, io.BytesIO(bytes([number]) * (number * 10_000)))


def _row(
    table: sa.Table, kept: Mapping[str, list[Mapping[str, Any]]], number: int, chance: random.Random
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.identity is not None:
            continue
        reference = next(iter(column.foreign_keys), None)
        if reference is not None:
            parent = kept[reference.column.table.name]
            row[column.name] = parent[number % len(parent)][reference.column.name]
        elif column.nullable and number % 3 == 1:
            row[column.name] = None
        else:
            row[column.name] = _value(column, number, chance)
    return row


def _value(column: sa.Column[Any], number: int, chance: random.Random) -> object:
    kind = column.type
    if isinstance(kind, ARRAY):
        return [_value(sa.Column("item", kind.item_type), (number + item) % 50, chance) for item in range(number % 3)]
    if isinstance(kind, sa.Text):
        return _text(column, number, chance)
    if column.name == "flag":
        return number % (MAX_FLAG + 1)
    if isinstance(kind, sa.Integer):
        return number if column.primary_key else NUMBERS[number % len(NUMBERS)]
    return next(make(number, chance) for known, make in _MADE.items() if isinstance(kind, known))


def _text(column: sa.Column[Any], number: int, chance: random.Random) -> str:
    if column.name == "sha256":
        return "".join(chance.choices("0123456789abcdef", k=64))
    name = "".join(chance.choices(string.ascii_letters, k=8))
    return name if column.primary_key or column.unique else TEXTS[number % len(TEXTS)] + name


def _json(number: int, chance: random.Random) -> object:
    return {"text": TEXTS[number % len(TEXTS)], "numbers": [1.5, None, 2**40], "deep": [{"a": "\\n"}]}


_MADE: Mapping[type, Callable[[int, random.Random], object]] = {
    HALFVEC: lambda number, chance: HalfVector([chance.uniform(-2, 2) for _ in range(1 + number % 4)]),
    JSONB: _json,
    sa.UUID: lambda _, chance: UUID(int=chance.getrandbits(128)),
    sa.Boolean: lambda number, _: bool(number % 2),
    sa.Float: lambda _, chance: chance.random() * 10 ** chance.randint(-300, 300),
    sa.DateTime: lambda _, chance: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=chance.getrandbits(50)),
    sa.Date: lambda _, chance: date(1, 1, 1) + timedelta(days=chance.randrange(3_000_000)),
    sa.Interval: lambda number, chance: timedelta(days=number, microseconds=chance.getrandbits(30)),
}
