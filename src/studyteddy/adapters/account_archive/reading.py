"""Reading an archive that anybody may have made.

Its directory is judged by its size and its names before anything is unpacked: names are only ours, sizes are bounded,
nothing is twice there. A member is inflated as far as the directory says and no further, and has to be what the
manifest says.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from pydantic import ValidationError

from studyteddy.adapters.account_archive import form, log_lines, records
from studyteddy.adapters.account_archive.preferences import PreferencesRecord
from studyteddy.application.ports.account_archives import FORMAT, Contents, Preferences
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import Invalid, StudyTeddyError, TooLarge
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.portability import Kind, Thing

_PIECE = 1 << 18
_LONGEST_LINE = 1 << 20
_LARGEST_MANIFEST = 64 << 20
_ENCRYPTED = 0x1
_ENTRIES, _DIRECTORY_SIZE = 4, 5
_LONGEST_ENTRY = 46 + 200
"""Bytes of the directory for one member of ours."""
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error)
_FAULTS = (ValidationError, StudyTeddyError, ValueError, OverflowError, TypeError, RecursionError)
"""Of a record that is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What is taken at most: members, and bytes after unpacking in all records and tables, and in all documents."""

    members: int = 50_000
    records: int = 1 << 30
    originals: int = 8 << 30


class ZipReader:
    """The ``AccountReader`` port over a file whose directory is in order."""

    contents: Contents

    def __init__(self, content: BinaryIO, bounds: Bounds) -> None:
        _judge_the_end(content, bounds)
        self._content = content
        try:
            self._zip = zipfile.ZipFile(content)
        except _BAD_ZIP as fault:
            raise _no_export() from fault
        self._entries = _judged(self._zip.infolist(), bounds)
        self._manifest = self._read_manifest()
        self._names = self._manifest.members
        self._compare_with_directory()
        self.contents = Contents(
            counts=self._manifest.counts,
            digest=form.content_digest(self._names),
            sums={name: self._names[name].sha256 for name in sorted(self._names) if form.is_content(name)},
            lacking=tuple(self._manifest.lacking),
        )

    def close(self) -> None:
        """Read no more; the file itself stays open."""
        self._zip.close()

    def check(self) -> None:
        if self.contents.digest != self._manifest.content_sha256:
            raise _damaged(form.MANIFEST)
        for name in self._names:
            with self._member(name) as content:
                while content.read(_PIECE):
                    pass

    def preferences(self) -> Preferences:
        with self._member(form.PREFERENCES) as content:
            read = content.read(_LONGEST_LINE)
        try:
            return PreferencesRecord.model_validate_json(read, strict=True).preferences()
        except _FAULTS as fault:
            raise _unreadable(form.PREFERENCES, 1, fault) from None

    def things(self, kind: Kind) -> Iterator[Thing]:
        codec, last = records.CODECS[kind], 0
        for thing in self._lines(form.MEMBERS[kind], codec.record, codec.read):
            if thing.id.int <= last:
                raise Invalid(f"{form.MEMBERS[kind]} is not in order of its numbers.", code="damaged_export")
            last = thing.id.int
            yield thing

    def log(self) -> Iterator[Review]:
        return self._lines(form.LOG, log_lines.ReviewRecord, log_lines.review_from)

    def original(self, document: Document) -> BinaryIO:
        name = form.original_member(document)
        stated = self._names.get(name)
        if stated is None or (stated.size, stated.sha256) != (document.size, document.sha256):
            raise Invalid(f"The file of a document, {name}, is not the one that is described.", code="damaged_export")
        return cast(BinaryIO, io.BufferedReader(_Raw(self._opened(name))))

    def _lines(self, name: str, record: type[Any], made: Callable[[Any], Any]) -> Iterator[Any]:
        with self._member(name) as content:
            lines = io.BufferedReader(_Raw(content))
            number = 0
            while line := lines.readline(_LONGEST_LINE):
                number += 1
                if not line.endswith(b"\n"):
                    raise Invalid(f"{name}, line {number} is cut off or too long.", code="damaged_export")
                try:
                    thing = made(record.model_validate_json(line, strict=True))
                except _FAULTS as fault:
                    raise _unreadable(name, number, fault) from None
                yield thing

    def _read_manifest(self) -> form.Manifest:
        entry = self._entries.get(form.MANIFEST)
        if entry is None or entry.file_size > _LARGEST_MANIFEST:
            raise _no_export()
        try:
            with self._zip.open(entry) as member:
                told = member.read(_LARGEST_MANIFEST)
            stated = form.Stated.model_validate_json(told)
        except (*_BAD_ZIP, RecursionError) as fault:
            raise _no_export() from fault
        if stated.version > FORMAT:
            raise Invalid(
                f"This export was made by a newer Study Teddy (form {stated.version}). Bring this one up to date.",
                code="newer_export",
            )
        try:
            return form.Manifest.model_validate_json(told)
        except ValidationError as fault:
            raise _damaged(form.MANIFEST) from fault

    def _compare_with_directory(self) -> None:
        there = {name: entry.file_size for name, entry in self._entries.items() if name != form.MANIFEST}
        if there != {name: member.size for name, member in self._names.items()}:
            raise _damaged(form.MANIFEST)
        for name in (*form.MEMBERS.values(), form.LOG, form.PREFERENCES):
            if name not in there:
                raise _damaged(name)

    @contextmanager
    def _member(self, name: str) -> Iterator[_Checked]:
        content = self._opened(name)
        try:
            yield content
        finally:
            content.close()

    def _opened(self, name: str) -> _Checked:
        entry = self._entries[name]
        try:
            member = self._zip.open(entry)
        except _BAD_ZIP as fault:
            raise _damaged(name) from fault
        return _Checked(name, member, self._names[name])


class _Checked:
    """A member's bytes. Its end raises ``Invalid`` unless they are those that the manifest names."""

    def __init__(self, name: str, member: IO[bytes], stated: form.Member) -> None:
        self._name = name
        self._member = member
        self._stated = stated
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        try:
            piece = self._member.read(size)
        except _BAD_ZIP as fault:
            raise _damaged(self._name) from fault
        self._digest.update(piece)
        if not piece and self._digest.hexdigest() != self._stated.sha256:
            raise _damaged(self._name)
        return piece

    def close(self) -> None:
        self._member.close()


class _Raw(io.RawIOBase):
    """A checked member as a stream of the standard library."""

    def __init__(self, content: _Checked) -> None:
        self._content_ = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._content_.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._content_.close()
        super().close()


def _judge_the_end(content: BinaryIO, bounds: Bounds) -> None:
    """Refuse a directory that is too long to be read, by what the module itself would believe of its length."""
    try:
        end = zipfile._EndRecData(content)  # type: ignore[attr-defined]
    except _BAD_ZIP as fault:
        raise _no_export() from fault
    if not end:
        raise _no_export()
    if end[_ENTRIES] > bounds.members or end[_DIRECTORY_SIZE] > bounds.members * _LONGEST_ENTRY:
        raise _expands()


def _judged(entries: list[zipfile.ZipInfo], bounds: Bounds) -> dict[str, zipfile.ZipInfo]:
    """The members by name."""
    if len(entries) > bounds.members:
        raise _expands()
    found: dict[str, zipfile.ZipInfo] = {}
    sizes = {True: 0, False: 0}
    for entry in entries:
        # What the directory really calls it: the module cuts names at a NUL and turns backslashes.
        name = entry.orig_filename
        if name != entry.filename or not form.KNOWN.fullmatch(name):
            raise Invalid("The export holds a file that does not belong there.", code="damaged_export")
        if name in found:
            raise Invalid(f"The export holds {name} twice.", code="damaged_export")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(f"{name} is packed in a way that no export is.", code="damaged_export")
        sizes[name.startswith("documents/")] += entry.file_size
        found[name] = entry
    if sizes[False] > bounds.records or sizes[True] > bounds.originals:
        raise _expands()
    return found


def _unreadable(name: str, line: int, fault: Exception) -> Invalid:
    """A fault of a record, with where it stands. What it says is told to nobody."""
    where = f"{name}, line {line}"
    if isinstance(fault, ValidationError):
        what = "; ".join(".".join(map(str, one["loc"])) + f": {one['msg']}" for one in fault.errors()[:3])
        return Invalid(f"{where} can't be read ({what}).", code="damaged_export")
    if isinstance(fault, StudyTeddyError):
        return Invalid(f"{where}: {fault.message}", code="damaged_export")
    return Invalid(f"{where} can't be read.", code="damaged_export")


def _no_export() -> Invalid:
    return Invalid(
        "This is no export of a Study Teddy account. Choose the zip file that the export gave you.",
        code="not_an_export",
    )


def _damaged(name: str) -> Invalid:
    return Invalid(f"The export is damaged: {name} is not what was written. Export it again.", code="damaged_export")


def _expands() -> TooLarge:
    return TooLarge("The export would unpack to more than is taken here.", code="expands_too_much")
