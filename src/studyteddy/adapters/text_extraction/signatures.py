"""What the first bytes of a file give away."""

from __future__ import annotations

import re

from studyteddy.domain.documents import MediaType

PDF = b"%PDF-"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_BINARIES = (
    *ZIP,
    OLE,
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF8",
    b"MZ\x90\x00",  # a Windows program, as linkers write it
    b"MZ\x00",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"SQLite format 3\x00",
    b"OggS\x00",
    b"ID3\x03",
    b"ID3\x04",
    b"\x00\x00\x01\x00",
    rb"{\rtf",
    b"%!PS",
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml|\?php|title|iframe)", re.IGNORECASE)
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_FOLDERS = {b"word/": MediaType.DOCX, b"ppt/": MediaType.PPTX, b"xl/": None, b"visio/": None}


def is_binary(head: bytes) -> bool:
    """Whether the bytes open a file of a well-known kind that is neither text nor PDF."""
    return head.startswith(_BINARIES)


def is_markup(head: bytes) -> bool:
    """Whether the bytes open a page of HTML or XML."""
    return _MARKUP.match(head) is not None


def package_kinds(head: bytes) -> set[MediaType | None]:
    """The kinds of document that the first members of a zip speak for; None stands for kinds that can't be read."""
    found: set[MediaType | None] = set()
    for match in _MEMBER.finditer(head):
        end = match.end() + int.from_bytes(match[1], "little")
        name = head[match.end() : end]
        content = head[end + int.from_bytes(match[2], "little") :]
        if name == b"mimetype" and content.startswith(b"application/"):
            found.add(MediaType.EPUB if content.startswith(MediaType.EPUB.value.encode()) else None)
        found.update(kind for folder, kind in _FOLDERS.items() if name.startswith(folder))
    return found
