"""What a backup needs: a database that can be copied and loaded, an archive, keys, and a note of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

FORMAT = 1
"""The version of the archive's form; a reader refuses what is newer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table by name, with its columns in the order in which rows are written."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """A table in an archive, and how many rows it has there."""

    table: Table
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself. ``tables`` are in an order in which they can be loaded.

    ``lacking`` are keys of objects that the store no longer had: of documents that were deleted while the backup ran,
    or whose bytes were lost before.
    """

    format: int = FORMAT
    program: str
    revision: str
    created_at: datetime
    tables: tuple[CopiedTable, ...]
    sequences: Mapping[str, int] = field(default_factory=dict)
    objects: int
    object_bytes: int
    keys: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(copied.rows for copied in self.tables)


class Snapshot(Protocol):
    """The database at one moment, whatever is written meanwhile. It stops nobody from writing."""

    revision: str
    """The revision of the schema."""

    @property
    def tables(self) -> Sequence[Table]:
        """All tables, in an order in which they can be loaded."""
        ...

    def rows(self, table: Table) -> Iterator[bytes]:
        """The rows as lines of PostgreSQL's text form, in blocks of a few megabytes that end with a line."""
        ...

    def sequences(self) -> Mapping[str, int]:
        """The last number that each sequence gave; those that gave none are left out."""
        ...

    def object_keys(self) -> Iterator[str]:
        """The keys of all objects that the rows name."""
        ...


class Load(Protocol):
    """A database being filled, which nobody else sees before it is whole."""

    def rows(self, table: Table, blocks: Iterable[bytes]) -> int:
        """Add rows as ``Snapshot.rows`` gave them; tell how many. Raises ``Invalid`` for what doesn't fit."""
        ...

    def finish(
        self, sequences: Mapping[str, int], *, tombstones: Mapping[str, datetime], end_logins: bool, now: datetime
    ) -> None:
        """Set the sequences, queue again the jobs that ran, and bring the schema to this program's own.

        Accounts that have a tombstone, among these or among the rows, are forgotten with all that is theirs.
        ``end_logins`` ends every log-in as of ``now``.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds, as far as it is told before it is replaced."""

    accounts: int
    documents: int

    @property
    def empty(self) -> bool:
        """Everything belongs to somebody, so a database without accounts holds nothing."""
        return not self.accounts


class CopiedDatabase(Protocol):
    """A database that can be copied as it runs, and made anew from a copy."""

    def contents(self) -> Contents:
        """Raises ``Conflict`` (``newer_schema``) when a newer program made the database."""
        ...

    def knows(self, revision: str) -> bool:
        """Whether this program can load what was written at ``revision`` of the schema."""
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Raises ``Conflict``: ``newer_schema`` when a newer program made the database, ``no_schema`` without one."""
        ...

    def object_keys(self) -> Sequence[str]:
        """The keys that the rows name now, at whatever revision the schema is."""
        ...

    def tombstones(self) -> Mapping[str, datetime]:
        """The tombstones that are among the rows now; none where the schema knows none."""
        ...

    def loading(self, revision: str) -> AbstractContextManager[Load]:
        """Replace everything, with the schema at ``revision``: all at the end of the context, nothing if it raises."""
        ...


class ArchiveWriter(Protocol):
    """An archive being written. Members are added in the order of the methods."""

    def add_rows(self, table: str, block: bytes) -> None:
        """Add a block of a table; a table's blocks are added one after the other."""
        ...

    def add_object(self, key: str, content: BinaryIO) -> int:
        """Add all of ``content``, which is at its start and can seek; tell how many bytes that were."""
        ...

    def add_key(self, name: str, content: bytes) -> None: ...

    def seal(self, manifest: Manifest) -> None:
        """Say what the archive holds; nothing can be added any more, and all of it is on the disk."""
        ...


class ArchiveReader(Protocol):
    """An archive that is whole at first sight. Whatever is read is compared with its checksum: ``Invalid``
    (``damaged_backup``) names the member that is wrong, at the latest where that member ends.
    """

    manifest: Manifest

    def rows(self) -> Iterator[tuple[str, bytes]]:
        """Tables and blocks of their rows, in order."""
        ...

    def objects(self) -> Iterator[tuple[str, BinaryIO]]:
        """Keys and contents, each content to be read before the next one is asked for."""
        ...

    def keys(self) -> Mapping[str, bytes]: ...


class Archives(Protocol):
    """Where archives lie."""

    def writing(self, path: Path) -> AbstractContextManager[ArchiveWriter]:
        """An archive that gets its name only at the end of the context, and leaves nothing behind if that raises.

        Raises ``Unavailable`` (``backup_not_written``) when there is no room or no permission, and ``Conflict``
        (``backup_runs``) when another process writes the same file.
        """
        ...

    def written(self, path: Path) -> ArchiveReader:
        """What is being written to ``path`` and was sealed, before it gets its name. It raises like ``reading``."""
        ...

    def reading(self, path: Path) -> ArchiveReader:
        """Raises ``NotFound`` without such a file, and ``Invalid`` for one that is no archive, is cut off
        (``damaged_backup``) or was made by a newer program (``newer_backup``).
        """
        ...


class KeyMaterial(Protocol):
    """Secrets that were made here, by name. Those that settings state are not among them."""

    def read(self) -> Mapping[str, bytes]: ...

    def write(self, keys: Mapping[str, bytes]) -> None:
        """Keep what belongs here, in place of what is there."""
        ...


class BackupLog(Protocol):
    """When the last backup was verified."""

    def note(self, at: datetime) -> None: ...

    def last(self) -> datetime | None: ...
