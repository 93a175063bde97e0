"""Zip containers, opened only after their directory has been judged, and inflated only as far as it promised."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from studyteddy.adapters.text_extraction.reading import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from studyteddy.adapters.text_extraction.reading import Bounds

SUSPICIOUS_RATIO = 100
"""Documents of text inflate 5 to 25 times; only made-up ones reach this."""
INNOCENT_SIZE = 4 << 20
"""Bytes that may be inflated at any ratio: they cost next to nothing."""

_ENCRYPTED_ENTRY = 0x1
_LOCAL_HEADER = 30


class Archive:
    """Members of a zip file by name. Members are read one at a time and never written anywhere."""

    def __init__(self, content: bytes, bounds: Bounds) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as fault:
            raise Unreadable("corrupt", f"zip: {fault}") from fault
        self._content = content
        self._left = bounds.unpacked
        entries = self._zip.infolist()
        if len(entries) > bounds.entries:
            raise Unreadable("expands_too_much", f"{len(entries)} entries")
        total = sum(entry.file_size for entry in entries)
        if total > bounds.unpacked:
            raise Unreadable("expands_too_much", f"{total} bytes unpacked")
        if total > INNOCENT_SIZE and total > SUSPICIOUS_RATIO * len(content):
            raise Unreadable("expands_too_much", f"{total} bytes out of {len(content)}")
        self._entries = {entry.filename: entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """All member names, in the order of the archive."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises ``Unreadable``: ``corrupt`` where it is missing or damaged, ``encrypted`` where it needs a password,
        ``expands_too_much`` where it holds more than the directory says.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise Unreadable("corrupt", f"{name} is missing")
        if entry.flag_bits & _ENCRYPTED_ENTRY:
            raise Unreadable("encrypted", f"{name} is encrypted")
        if entry.file_size > self._left:
            raise Unreadable("expands_too_much", f"{name} unpacks too far")
        self._left -= entry.file_size
        self._refuse_a_lie(entry)
        try:
            return self._zip.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
            raise Unreadable("corrupt", f"{name}: {fault}") from fault

    def _refuse_a_lie(self, entry: zipfile.ZipInfo) -> None:
        """The zip module stops at the stated size and then finds a wrong checksum: that would look like damage."""
        if entry.compress_type != zipfile.ZIP_DEFLATED or entry.compress_size <= entry.file_size + 1024:
            return
        header = self._content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER:
            return
        start = entry.header_offset + _LOCAL_HEADER + int.from_bytes(header[26:28], "little")
        start += int.from_bytes(header[28:30], "little")
        try:
            inflated = zlib.decompressobj(-15).decompress(
                self._content[start : start + entry.compress_size], entry.file_size + 1
            )
        except zlib.error as fault:
            raise Unreadable("corrupt", f"{entry.filename}: {fault}") from fault
        if len(inflated) > entry.file_size:
            raise Unreadable("expands_too_much", f"{entry.filename} holds more than it says")


def resolve(base: str, target: str) -> str:
    """The member name that a relative ``target`` in member ``base`` points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
