"""Keep everything in one file, check such a file, and make a Study Teddy from it."""

from __future__ import annotations

import itertools
import logging
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from studyteddy.application.ports.backups import (
    ArchiveReader,
    Archives,
    ArchiveWriter,
    BackupLog,
    CopiedDatabase,
    CopiedTable,
    KeyMaterial,
    Load,
    Manifest,
    Snapshot,
    Table,
)
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.domain.errors import Conflict, Invalid, NotFound, Unavailable
from studyteddy.domain.leaving import TOMBSTONES, buried_digest

log = logging.getLogger(__name__)

_KEYS_IN_MEMORY = 1 << 20
_LONGEST_MOMENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """Write everything to one file, and read it again before it gets its name.

    The rows are those of one moment; whoever writes meanwhile is not held up. The files of the documents that are
    there at that moment follow; those of documents that are deleted before their turn are ``lacking``.
    """

    database: CopiedDatabase
    objects: ObjectStore
    archives: Archives
    keys: KeyMaterial
    log: BackupLog
    clock: Clock
    program: str

    def __call__(self, *, path: Path) -> Manifest:
        with self.archives.writing(path) as archive:
            with tempfile.SpooledTemporaryFile(max_size=_KEYS_IN_MEMORY, mode="w+", encoding="ascii") as wanted:
                manifest = self._with_rows(archive, wanted)
                wanted.seek(0)
                manifest = self._with_objects(archive, manifest, map(str.rstrip, wanted))
            keys = self.keys.read()
            for name, content in keys.items():
                archive.add_key(name, content)
            manifest = replace(manifest, keys=tuple(keys))
            archive.seal(manifest)
            check(self.archives.written(path))
        self.log.note(manifest.created_at)
        return manifest

    def _with_rows(self, archive: ArchiveWriter, wanted: tempfile.SpooledTemporaryFile[str]) -> Manifest:
        """All rows; the keys of the objects they name go to ``wanted``, so that the snapshot can end."""
        with self.database.snapshot() as snapshot:
            manifest = Manifest(
                program=self.program,
                revision=snapshot.revision,
                created_at=self.clock(),
                tables=tuple(_copied(archive, snapshot, table) for table in snapshot.tables),
                sequences=snapshot.sequences(),
                objects=0,
                object_bytes=0,
            )
            wanted.writelines(f"{key}\n" for key in snapshot.object_keys())
        return manifest

    def _with_objects(self, archive: ArchiveWriter, manifest: Manifest, wanted: Iterable[str]) -> Manifest:
        count, size, lacking = 0, 0, []
        for key in wanted:
            try:
                content = self.objects.open(key)
            except NotFound:
                lacking.append(key)
                continue
            with content:
                size += archive.add_object(key, content)
            count += 1
        return replace(manifest, objects=count, object_bytes=size, lacking=tuple(lacking))


def _copied(archive: ArchiveWriter, snapshot: Snapshot, table: Table) -> CopiedTable:
    rows = 0
    for block in snapshot.rows(table):
        archive.add_rows(table.name, block)
        rows += _count(block)
    return CopiedTable(table=table, rows=rows)


def _count(block: bytes) -> int:
    """Rows of a block: each is a line, since line ends within a value are escaped."""
    return block.count(b"\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyBackup:
    """Read a backup to its end, comparing every checksum and count. ``Invalid`` names what is wrong."""

    archives: Archives

    def __call__(self, *, path: Path) -> Manifest:
        archive = self.archives.reading(path)
        check(archive)
        return archive.manifest


def check(archive: ArchiveReader) -> None:
    """Raise ``Invalid`` (``damaged_backup``) unless an archive holds what its manifest says."""
    manifest = archive.manifest
    rows = dict.fromkeys((copied.table.name for copied in manifest.tables), 0)
    for table, block in archive.rows():
        rows[table] = rows.get(table, 0) + _count(block)
    if rows != {copied.table.name: copied.rows for copied in manifest.tables}:
        raise _not_as_told("rows")
    if sum(1 for _ in archive.objects()) != manifest.objects:
        raise _not_as_told("files")
    if set(archive.keys()) != set(manifest.keys):
        raise _not_as_told("keys")


def _not_as_told(what: str) -> Invalid:
    return Invalid(
        f"The backup is damaged: its {what} are not those of its manifest. Use another one.", code="damaged_backup"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Make a Study Teddy from a backup: an empty one or, with ``replace`` and ``sure``, in place of what is there.

    The backup is checked before anything is changed. The rows appear all at once, after the files; a restore that was
    killed changed nothing that anybody sees, and can be run again. ``end_logins`` logs everybody out.

    Who deleted their account since the backup was made is not brought back, as far as a tombstone tells of it: among
    the rows of the backup or of the place, or beside the files.
    """

    database: CopiedDatabase
    objects: ObjectStore
    archives: Archives
    keys: KeyMaterial
    log: BackupLog
    clock: Clock

    def __call__(self, *, path: Path, replace: bool = False, sure: bool = False, end_logins: bool = False) -> Manifest:
        archive = self.archives.reading(path)
        self._require_known(archive.manifest)
        self._require_room(replace=replace, sure=sure)
        check(archive)
        held = set(self.database.object_keys())
        tombstones = {**self._tombstones(), **self.database.tombstones()}
        with self.database.loading(archive.manifest.revision) as load:
            _load_rows(archive, load)
            for key, content in archive.objects():
                if _is_of_the_dead(key, tombstones):
                    continue
                self.objects.put(key, content)
                held.add(key)
            self.keys.write(archive.keys())
            load.finish(archive.manifest.sequences, tombstones=tombstones, end_logins=end_logins, now=self.clock())
        self._forget(held - set(self.database.object_keys()))
        self.log.note(archive.manifest.created_at)
        return archive.manifest

    def _require_known(self, manifest: Manifest) -> None:
        if not self.database.knows(manifest.revision):
            raise Invalid(
                f"This backup was made by a newer Study Teddy ({manifest.program}, revision {manifest.revision}). "
                "Use that one, or a later one.",
                code="newer_backup",
            )

    def _require_room(self, *, replace: bool, sure: bool) -> None:
        contents = self.database.contents()
        if contents.empty or (replace and sure):
            return
        holds = f"{_counted(contents.accounts, 'account')} and {_counted(contents.documents, 'document')}"
        if not replace:
            raise Conflict(
                f"There is a Study Teddy here, with {holds}. Restore to an empty place, or give --replace to wipe it.",
                code="not_empty",
            )
        raise Conflict(f"This wipes {holds}, for good. Give --yes as well if that is meant.", code="not_sure")

    def _tombstones(self) -> dict[str, datetime]:
        """Those that lie beside the files; the moment is now where it can't be read."""
        found = {}
        for key in self.objects.keys(TOMBSTONES):
            with self.objects.open(key) as content:
                found[key.removeprefix(TOMBSTONES)] = _moment(content.read(_LONGEST_MOMENT), self.clock)
        return found

    def _forget(self, left_over: Iterable[str]) -> None:
        """Remove the files of what was replaced; one that can't be removed now only takes room."""
        for key in left_over:
            with suppress(Unavailable):
                self.objects.delete(key)


def _moment(written: bytes, clock: Clock) -> datetime:
    try:
        return datetime.fromisoformat(written.decode())
    except ValueError:
        return clock()


def _is_of_the_dead(key: str, tombstones: Mapping[str, datetime]) -> bool:
    """Whether an object belonged to an account that was deleted; its key begins with the account's id."""
    return buried_digest(key.partition("/")[0]) in tombstones


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _load_rows(archive: ArchiveReader, load: Load) -> None:
    copied = {copied.table.name: copied for copied in archive.manifest.tables}
    for name, blocks in itertools.groupby(archive.rows(), key=itemgetter(0)):
        loaded = load.rows(copied[name].table, (block for _, block in blocks))
        if loaded != copied[name].rows:
            raise _not_as_told(f"rows of {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """When the last backup was made that was verified; None when there was none."""

    log: BackupLog

    def __call__(self) -> datetime | None:
        return self.log.last()
