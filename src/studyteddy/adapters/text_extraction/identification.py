"""Telling a file's type: its name and its first bytes must agree."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from studyteddy.domain.documents import MediaType
from studyteddy.domain.errors import UnsupportedType

EXTENSIONS = {
    "pdf": MediaType.PDF, "docx": MediaType.DOCX, "pptx": MediaType.PPTX, "epub": MediaType.EPUB, "html": MediaType.HTML,
    "htm": MediaType.HTML, "xhtml": MediaType.HTML, "md": MediaType.MARKDOWN, "markdown": MediaType.MARKDOWN,
    "txt": MediaType.TEXT, "text": MediaType.TEXT,
}  # fmt: skip
READABLE = "PDF, DOCX, PPTX, EPUB, HTML, Markdown and plain text"

_ADVICE = {
    "doc": "Save it as DOCX or PDF", "dot": "Save it as DOCX or PDF", "rtf": "Save it as DOCX or PDF", "odt": "Save it as DOCX or PDF",
    "pages": "Export it as PDF or DOCX", "tex": "Upload the PDF that it makes", "ppt": "Save it as PPTX or PDF", "pps": "Save it as PPTX or PDF",
    "odp": "Save it as PPTX or PDF", "key": "Export it as PPTX or PDF", "xls": "Save it as PDF", "xlsx": "Save it as PDF",
    "ods": "Save it as PDF", "zip": "Unpack it and upload the files in it", "gz": "Unpack it and upload the file in it",
    "rar": "Unpack it and upload the files in it", "7z": "Unpack it and upload the files in it", "mobi": "Convert it to EPUB or PDF",
    "azw3": "Convert it to EPUB or PDF", "png": "Scans need text recognition first: upload a PDF with a text layer",
    "jpg": "Scans need text recognition first: upload a PDF with a text layer",
    "jpeg": "Scans need text recognition first: upload a PDF with a text layer", "svg": "Save it as PDF", "xml": "Save it as HTML or PDF",
}  # fmt: skip

_PDF_HEADER_WITHIN = 1024
_PDF = b"%PDF-"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_BINARIES = (
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8",
    b"MZ", b"\x7fELF", b"SQLite format 3\x00", b"{\\rtf", b"OggS", b"ID3", b"RIFF", b"\x00\x00\x01\x00", b"%!PS", b"\xca\xfe\xba\xbe",
)  # fmt: skip
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml|\?php|title|iframe)", re.IGNORECASE)
_TAG = re.compile(r"<(?:!doctype\s+html|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_FOREIGN_ROOT = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+(?!html)\w|<(?!html|!doctype|!--|\?)[\w:]+[^>]*xmlns)", re.IGNORECASE | re.DOTALL)
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_CONTROL = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_FOLDERS = {b"word/": MediaType.DOCX, b"ppt/": MediaType.PPTX, b"xl/": None, b"visio/": None}


def identify(filename: str, head: bytes) -> MediaType:
    """The type that both the name and the first bytes tell. Raises ``UnsupportedType``."""
    extension = PurePath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")
    named = EXTENSIONS.get(extension)
    if named is None:
        advice = _ADVICE.get(extension, f"Upload one of these: {READABLE}")
        kind = f".{extension[:20]} files" if extension else "files without an extension"
        raise UnsupportedType(f"Study Teddy can't read {kind}. {advice}, then try again.")
    if not head:
        raise _mismatch("The file is empty. Check that it was saved, then upload it again.")
    check = _CHECKS.get(named, _looks_like_text)
    if not check(head, named):
        raise _mismatch(f"The file is named .{extension}, but its content is something else. Give it its true extension or save it again as .{extension}.")
    return named


def _mismatch(message: str) -> UnsupportedType:
    return UnsupportedType(message, code="type_mismatch")


def _is_pdf(head: bytes, named: MediaType) -> bool:
    """Some programs write a few bytes before the header, which readers forgive. A page of HTML isn't a few bytes."""
    position = head[:_PDF_HEADER_WITHIN].find(_PDF)
    before = head[: max(0, position)].lstrip(codecs.BOM_UTF8)
    return position >= 0 and not before.startswith((*_ZIP, *_OTHER_BINARIES)) and not _MARKUP.match(before)


def _is_office(head: bytes, named: MediaType) -> bool:
    """A zip; what is inside counts as far as it shows. An OLE container is how Office stores a package under a password."""
    if head.startswith(_OLE):
        return True
    kinds = _kinds(head)
    return head.startswith(_ZIP) and (not kinds or named in kinds)


def _is_epub(head: bytes, named: MediaType) -> bool:
    kinds = _kinds(head)
    return head.startswith(_ZIP) and (not kinds or named in kinds)


def _kinds(head: bytes) -> set[MediaType | None]:
    """The kinds of document that the first members of a zip speak for; None stands for kinds that can't be read."""
    found: set[MediaType | None] = set()
    for match in _MEMBER.finditer(head):
        length = int.from_bytes(match[1], "little")
        name = head[match.end() : match.end() + length]
        if name == b"mimetype":
            start = match.end() + length + int.from_bytes(match[2], "little")
            stored = head[start : start + 20].startswith(b"application/")
            if stored:
                found.add(MediaType.EPUB if head[start:].startswith(MediaType.EPUB.value.encode()) else None)
        found.update(kind for folder, kind in _FOLDERS.items() if name.startswith(folder))
    return found


def _looks_like_text(head: bytes, named: MediaType) -> bool:
    if head.startswith(_WIDE_MARKS):
        return True
    if head.startswith((_PDF, _OLE, *_ZIP, *_OTHER_BINARIES)) and not head.startswith((b"MZ", b"BZh", b"ID3", b"RIFF", b"OggS", b"GIF8")):
        return False
    zeros = head.count(0)
    controls = len(_CONTROL.findall(head)) - zeros
    return controls <= max(1, 0.02 * len(head)) and (zeros <= max(2, 0.02 * len(head)) or _is_wide(head))


def _is_wide(head: bytes) -> bool:
    """Zeros on one side of each unit only: UTF-16 or UTF-32 without a mark."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return min(even, odd) <= 0.05 * max(even, odd) or head.count(b"\0\0\0") > len(head) // 8


def _is_html(head: bytes, named: MediaType) -> bool:
    if not _looks_like_text(head, named):
        return False
    text = head.replace(b"\0", b"").decode("latin-1")
    return bool(_TAG.search(text)) and not _FOREIGN_ROOT.match(text)


_CHECKS = {
    MediaType.PDF: _is_pdf,
    MediaType.DOCX: _is_office,
    MediaType.PPTX: _is_office,
    MediaType.EPUB: _is_epub,
    MediaType.HTML: _is_html,
}
