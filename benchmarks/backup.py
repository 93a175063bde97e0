"""Backup and restore of a school's data, against pg_dump and pg_restore, and how quickly files go along.

    python -m benchmarks.backup

The rows are those of ``benchmarks.many_users`` for 200 students, with a review of each card: 1,000 cards, 100 passages
with vectors of 384 dimensions and 100 tasks a student. Ours writes one archive and reads it again to check it, and
restores by making the tables and filling them in one transaction, after checking the archive once more. The other side
is ``pg_dump -Fc -Z 1``, which compresses as hard and checks nothing, and ``pg_restore --single-transaction`` into an
empty database, with an ``analyze`` as ours does. The sides take turns. The files are random bytes on a disk of the same
machine, written durably either way.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import sqlalchemy as sa

from benchmarks.flashcard_data import database, fill
from benchmarks.many_users import load
from benchmarks.storage import REVIEWS
from studyteddy.adapters.backup_archive.archives import TarArchives
from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.adapters.embedded_postgres.account import _programs
from studyteddy.adapters.key_files import KeyFiles
from studyteddy.adapters.postgres.backup.database import PostgresCopies
from studyteddy.adapters.postgres.backup_log import PostgresBackupLog
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.system_clock import system_clock
from studyteddy.application.backups import BackUp, Restore
from studyteddy.application.ports.backups import Manifest

STUDENTS, ROUNDS = 200, 5
FILES, FILE_BYTES = 50, 8_000_000
_NUMBERS = count(1)
_DOCUMENTS = """
insert into documents (id, owner, filename, filename_key, media_type, size, sha256, title, title_key, status, progress,
    page_count, chunk_count, key_concepts, version, created_at, updated_at)
select gen_random_uuid(), id, 'notes.pdf', 'notes.pdf', 'application/pdf', 8000000, md5(id::text) || md5(email),
    'Notes', 'notes', 'ready', 100, 1, 0, '{}', 1, now(), now()
from users
"""


@dataclass
class Bench:
    """One database with its files, a folder for archives, and databases to restore to."""

    engine: sa.Engine
    bare: psycopg.Connection
    folder: Path

    @property
    def files(self) -> DiskObjects:
        return DiskObjects.open_directory(self.folder / "files")

    @contextmanager
    def empty(self) -> Iterator[sa.Engine]:
        """An empty database of the same server."""
        name = f"restored{next(_NUMBERS)}"
        self.bare.execute(f"create database {name}")
        engine = open_engine(self.engine.url.set(database=name).render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        self.bare.execute(f"drop database {name}")

    def back_up(self, path: Path, files: DiskObjects) -> Manifest:
        return BackUp(
            database=PostgresCopies(self.engine),
            objects=files,
            archives=TarArchives(),
            keys=KeyFiles(self.folder, ()),
            log=PostgresBackupLog(self.engine),
            clock=system_clock,
            program="benchmark",
        )(path=path)

    def restore(self, engine: sa.Engine, path: Path, files: DiskObjects) -> Manifest:
        return Restore(
            database=PostgresCopies(engine),
            objects=files,
            archives=TarArchives(),
            keys=KeyFiles(self.folder, ()),
            log=PostgresBackupLog(engine),
            clock=system_clock,
        )(path=path)


def pg(program: str, engine: sa.Engine, *arguments: str) -> None:
    """One of PostgreSQL's own programs on a database."""
    url = engine.url
    where = ["-h", str(url.query["host"]), "-U", str(url.username), "-d", str(url.database)]
    subprocess.run([_programs() / program, *where, *arguments], check=True)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rounds(bench: Bench) -> Iterator[dict[str, float]]:
    """Seconds of each way, a round at a time."""
    ours, theirs = bench.folder / "ours.tar", bench.folder / "theirs.dump"
    files = bench.files
    for _ in range(ROUNDS):
        took = {
            "backup": seconds(lambda: bench.back_up(ours, files)),
            "pg_dump": seconds(lambda: pg("pg_dump", bench.engine, "-Fc", "-Z", "1", "-f", str(theirs))),
        }
        with bench.empty() as engine:
            took["restore"] = seconds(lambda at=engine: bench.restore(at, ours, files))
        with bench.empty() as engine:
            took["pg_restore"] = seconds(lambda at=engine: restored_by_pg(at, theirs))
        yield took


def restored_by_pg(engine: sa.Engine, dump: Path) -> None:
    pg("pg_restore", engine, "--single-transaction", "--no-owner", str(dump))
    with engine.begin() as connection:
        connection.execute(sa.text("analyze"))


def tell_rows(bench: Bench) -> None:
    """The documents' files are missing here, so that rows alone are measured."""
    all_rounds = list(rounds(bench))
    manifest = bench.back_up(bench.folder / "ours.tar", bench.files)
    (size,) = bench.bare.execute("select pg_database_size(current_database())").fetchone() or (0,)
    for own, other in (("backup", "pg_dump"), ("restore", "pg_restore")):
        ratios = sorted(took[own] / took[other] for took in all_rounds)
        ours, theirs = (statistics.median(took[name] for took in all_rounds) for name in (own, other))
        print(
            f"{own} of {manifest.rows:,} rows ({size / 1e6:.0f} MB in PostgreSQL): {statistics.median(ratios):.2f}x of "
            f"{other} ({ratios[0]:.2f} to {ratios[-1]:.2f} over {ROUNDS} rounds), ours {ours:.1f} s, {other} "
            f"{theirs:.1f} s, {size / ours / 1e6:.0f} MB/s, {manifest.rows / ours:,.0f} rows/s"
        )
    for name in ("ours.tar", "theirs.dump"):
        print(f"{name}: {(bench.folder / name).stat().st_size / 1e6:.0f} MB")


def tell_files(bench: Bench) -> None:
    """Few rows and many bytes, against as many bytes written to one file, forced to the disk and read again."""
    files = bench.files
    fill(bench.engine, bench.bare, students=FILES, decks=0, cards_per_deck=0)
    bench.bare.execute(_DOCUMENTS)
    bench.bare.commit()
    bench.bare.autocommit = True
    content = os.urandom(FILE_BYTES)
    for key in PostgresCopies(bench.engine).object_keys():
        files.put(key, io.BytesIO(content))
    path, took = bench.folder / "files.tar", []
    for _ in range(ROUNDS):
        backup = seconds(lambda: bench.back_up(path, files))
        with bench.empty() as engine, tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            restored = DiskObjects.open_directory(Path(folder))
            restore = seconds(lambda at=engine, to=restored: bench.restore(at, path, to))
        took.append((backup, restore, seconds(lambda: bare_write(bench.folder / "bare", content))))
    for name, ours in (("backup", 0), ("restore", 1)):
        own = statistics.median(one[ours] for one in took)
        ratios = sorted(one[ours] / one[2] for one in took)
        print(
            f"{name} of {FILES} files of {FILE_BYTES / 1e6:.0f} MB: {statistics.median(ratios):.2f}x of writing and "
            f"reading one file of that size ({ratios[0]:.2f} to {ratios[-1]:.2f} over {ROUNDS} rounds), "
            f"{FILES * FILE_BYTES / own / 1e6:.0f} MB/s"
        )


def bare_write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        for _ in range(FILES):
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass


def main() -> None:
    with database() as (engine, bare), tempfile.TemporaryDirectory() as folder:
        load(engine, bare, STUDENTS)
        bare.execute(REVIEWS)
        bare.execute("vacuum analyze")
        tell_rows(Bench(engine, bare, Path(folder)))
    with database() as (engine, bare), tempfile.TemporaryDirectory() as folder:
        tell_files(Bench(engine, bare, Path(folder)))


if __name__ == "__main__":
    main()
