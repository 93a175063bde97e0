"""Reading an archive, and finding out what is wrong with one."""

from __future__ import annotations

import hashlib
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from studyteddy.adapters.backup_archive import form
from studyteddy.application.ports.backups import FORMAT, Manifest
from studyteddy.domain.errors import Invalid

_LARGEST_BLOCK = 1 << 30
_LARGEST_MANIFEST = 256 << 20
_PIECE = 1 << 20
_BAD_TAR = (tarfile.TarError, EOFError, LookupError, ValueError)
"""What tarfile raises at heads that are not in order; at the extended ones it is not always its own error."""
_GZIP = 31  # what zlib calls a stream with gzip's head


class TarReader:
    """The ``ArchiveReader`` port. Every use reads the file anew, and skips what it doesn't want."""

    manifest: Manifest

    def __init__(self, path: Path) -> None:
        """Raises ``Invalid`` for what is no archive, not a whole one, or one of a newer form."""
        self._path = path
        trailer = self._trailer()
        told = self._small(trailer[form.MANIFEST])
        if self._small(trailer[form.SEAL]) != hashlib.sha256(told).hexdigest().encode():
            raise _damaged(path, form.MANIFEST)
        try:
            newer = form.told_format(told) > FORMAT
            self.manifest, sums = form.read_manifest(told) if not newer else (None, "")  # type: ignore[assignment]
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise _damaged(path, form.MANIFEST) from fault
        if newer:
            raise Invalid(f"{path} was made by a newer Study Teddy. Use that one.", code="newer_backup")
        self._sums = trailer[form.SUMS]
        with self._opened() as tar:
            self._read_to_end(_Checked(path, self._content(tar, self._sums), form.SUMS, sums))

    def rows(self) -> Iterator[tuple[str, bytes]]:
        for match, content in self._members(form.ROWS):
            yield match.group(1), self._unpacked(content.read(), match.string)

    def objects(self) -> Iterator[tuple[str, BinaryIO]]:
        for match, content in self._members(form.OBJECT):
            yield match.group(1), cast(BinaryIO, content)

    def keys(self) -> Mapping[str, bytes]:
        return {match.group(1): content.read() for match, content in self._members(form.KEY)}

    def _members(self, wanted: re.Pattern[str]) -> Iterator[tuple[re.Match[str], _Checked]]:
        """The members with a name that is wanted, each read to its end before the next one."""
        with self._opened() as tar, self._opened() as other, self._content(other, self._sums) as sums:
            for line in sums:
                digest, _, name = line.decode().rstrip("\n").partition("  ")
                with self._whole(name):
                    member = tar.next()
                form.forget_members(tar)
                if member is None or member.name != name:
                    raise _damaged(self._path, name)
                if (match := wanted.fullmatch(name)) is not None:
                    content = _Checked(self._path, self._content(tar, member), name, digest)
                    yield match, content
                    self._read_to_end(content)

    def _trailer(self) -> dict[str, tarfile.TarInfo]:
        """The last three members. Whatever was cut off or lost, one of them is missing or not in its place."""
        last: list[tarfile.TarInfo] = []
        with self._opened() as tar:
            while True:
                with self._whole(last[-1].name if last else "its first member"):
                    member = tar.next()
                form.forget_members(tar)
                if member is None:
                    break
                last = [*last[-2:], member]
        if tuple(member.name for member in last) != form.TRAILER:
            where = f"after {last[-1].name}" if last else "at its beginning"
            raise Invalid(f"{self._path} is not a whole backup: it ends {where}.", code="damaged_backup")
        return {member.name: member for member in last}

    @contextmanager
    def _opened(self) -> Iterator[tarfile.TarFile]:
        try:
            tar = tarfile.open(self._path, "r:")  # noqa: SIM115 - closed below
        except _BAD_TAR as fault:
            raise Invalid(f"{self._path} is not a backup of Study Teddy.", code="damaged_backup") from fault
        with tar:
            yield tar

    @contextmanager
    def _whole(self, name: str) -> Iterator[None]:
        try:
            yield
        except _BAD_TAR as fault:
            raise _damaged(self._path, name) from fault

    def _content(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise _damaged(self._path, member.name)
        return content

    def _small(self, member: tarfile.TarInfo) -> bytes:
        with self._opened() as tar, self._whole(member.name):
            return self._content(tar, member).read(_LARGEST_MANIFEST)

    def _read_to_end(self, content: _Checked) -> None:
        while content.read(_PIECE):
            pass

    def _unpacked(self, packed: bytes, name: str) -> bytes:
        unpacking = zlib.decompressobj(_GZIP)
        try:
            rows = unpacking.decompress(packed, _LARGEST_BLOCK)
        except zlib.error as fault:
            raise _damaged(self._path, name) from fault
        if not unpacking.eof:
            raise _damaged(self._path, name)
        return rows


class _Checked:
    """A member's bytes. The last read raises ``Invalid`` unless all of them are what they were."""

    def __init__(self, path: Path, content: IO[bytes], name: str, digest: str) -> None:
        self._path = path
        self._content = form.Hashing(content)
        self._name = name
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._content.read(size)
        except _BAD_TAR as fault:
            raise _damaged(self._path, self._name) from fault
        if (size < 0 or (size > 0 and not piece)) and self._content.hexdigest != self._digest:
            raise _damaged(self._path, self._name)
        return piece


def _damaged(path: Path, name: str) -> Invalid:
    return Invalid(f"{path} is damaged: {name} is not what was written. Use another backup.", code="damaged_backup")
