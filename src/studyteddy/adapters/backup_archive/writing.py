"""Writing an archive, piece by piece, under another name until it is whole."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from studyteddy.adapters.backup_archive import form
from studyteddy.application.ports.backups import Manifest
from studyteddy.domain.errors import Conflict, Unavailable

_LEVEL = 1
"""Of gzip: text shrinks to little more than at the usual level, in a third of the time."""
_SUMS_IN_MEMORY = 1 << 20
_PIECE = 1 << 20


class TarWriter:
    """The ``ArchiveWriter`` port. It holds one block of rows in memory, and of objects a small piece."""

    def __init__(self, path: Path, file: IO[bytes], sums: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._sums = sums
        self._tar = tarfile.TarFile(fileobj=file, mode="w", copybufsize=_PIECE)
        self._blocks: dict[str, int] = {}

    def add_rows(self, table: str, block: bytes) -> None:
        number = self._blocks[table] = self._blocks.get(table, 0) + 1
        self._add(form.rows_member(table, number), io.BytesIO(gzip.compress(block, _LEVEL, mtime=0)))

    def add_object(self, key: str, content: BinaryIO) -> int:
        return self._add(form.object_member(key), content)

    def add_key(self, name: str, content: bytes) -> None:
        self._add(form.key_member(name), io.BytesIO(content))

    def seal(self, manifest: Manifest) -> None:
        sums, _ = self._written(form.SUMS, self._sums)
        told = form.manifest_text(manifest, sums)
        self._written(form.MANIFEST, io.BytesIO(told))
        self._written(form.SEAL, io.BytesIO(hashlib.sha256(told).hexdigest().encode()))
        with writable(self._path):
            self._tar.close()
            self._file.flush()
            os.fsync(self._file.fileno())

    def _add(self, name: str, content: BinaryIO) -> int:
        digest, size = self._written(name, content)
        with writable(self._path):
            self._sums.write(f"{digest}  {name}\n".encode())
        return size

    def _written(self, name: str, content: IO[bytes]) -> tuple[str, int]:
        member = tarfile.TarInfo(name)
        member.size, member.mode = content.seek(0, io.SEEK_END), 0o600
        content.seek(0)
        hashing: Any = form.Hashing(content)
        with writable(self._path):
            self._tar.addfile(member, hashing)
        form.forget_members(self._tar)
        return hashing.hexdigest, member.size


@contextmanager
def part_of(path: Path) -> Iterator[TarWriter]:
    """A writer of ``<path>.part``, which takes the place of ``path`` at the end, or goes if that isn't reached."""
    part = part_name(path)
    with _claimed(path, part) as file, tempfile.SpooledTemporaryFile(max_size=_SUMS_IN_MEMORY) as sums:
        try:
            yield TarWriter(path, file, sums)
            with writable(path):
                part.replace(path)
                _sync_directory(path.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def part_name(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


@contextmanager
def _claimed(path: Path, part: Path) -> Iterator[IO[bytes]]:
    """The file, empty and for its owner's eyes only, while no other process writes to it."""
    with writable(path):
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    file = os.fdopen(handle, "r+b")
    try:
        _lock(path, file)
        with writable(path):
            os.fchmod(handle, 0o600)
            file.truncate()
        yield file
    finally:
        with suppress(OSError):  # where the disk is full; what counts was written out by seal
            file.close()


def _lock(path: Path, file: IO[bytes]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        raise Conflict(
            f"Another backup is being written to {path}. Wait for it, or name another file.", code="backup_runs"
        ) from fault


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise Unavailable(
            f"The backup could not be written to {path}: {reason}. Nothing is left of it; name another place.",
            code="backup_not_written",
        ) from fault
