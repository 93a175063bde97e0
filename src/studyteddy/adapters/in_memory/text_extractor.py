"""Reading plain text and Markdown with the standard library alone."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from studyteddy.application.ports.text_extractor import Extraction, ExtractionFailed
from studyteddy.domain.documents import MAX_TITLE, FailureReason, LocatorUnit, MediaType, Section
from studyteddy.domain.errors import UnsupportedType

MAX_BYTES = 50_000_000
LONGEST = 12_000
"""Characters of a section. Longer ones are cut between paragraphs: nobody finds a quote in twenty pages."""

_TYPES = {
    "md": MediaType.MARKDOWN,
    "markdown": MediaType.MARKDOWN,
    "txt": MediaType.TEXT,
    "text": MediaType.TEXT,
    "pdf": MediaType.PDF,
    "docx": MediaType.DOCX,
    "pptx": MediaType.PPTX,
    "epub": MediaType.EPUB,
    "html": MediaType.HTML,
    "htm": MediaType.HTML,
}
_READ_HERE = frozenset({MediaType.MARKDOWN, MediaType.TEXT})
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile(b"[\x00-\x08\x0e-\x1f\x7f]")
_FEW_CONTROLS = 4

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES_AT_LINE_END = re.compile("[ \t\xa0]+(?=\n|$)")
_BLANK_LINES = re.compile("\n{3,}")

_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>(?:[\w.-]+[ \t]*:.*\n|[ \t#-].*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_STATED_TITLE = re.compile(r"""(?mi)^title[ \t]*:[ \t]*(["']?)(?P<title>.+?)\1[ \t]*$""")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_WORD = re.compile(r"\w")


class PlainTextExtractor:
    """The ``TextExtractor`` port for plain text and Markdown; what Markdown marks inside a paragraph stays as it is.

    Other kinds of file are refused with the advice to install what reads them.
    """

    def identify(self, filename: str, head: bytes) -> MediaType:
        """See ``TextExtractor.identify``."""
        extension = PurePath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")
        kind = _TYPES.get(extension)
        if kind is None:
            raise UnsupportedType("Study Teddy can't read this kind of file. Save it as Markdown or plain text.")
        if kind not in _READ_HERE:
            raise _not_installed(kind)
        if not head or _is_binary(head):
            raise UnsupportedType(
                f"The file is named .{extension}, but holds no text. Give it its true extension, or save it again.",
                code="type_mismatch",
            )
        return kind

    def extract(self, content: BinaryIO, media_type: MediaType) -> Extraction:
        """See ``TextExtractor.extract``."""
        if media_type not in _READ_HERE:
            raise ExtractionFailed(FailureReason.UNSUPPORTED_TYPE, media_type.value)
        raw = content.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ExtractionFailed(FailureReason.TOO_LARGE, f"more than {MAX_BYTES:,} bytes")
        text = _clean(_decoded(raw))
        title, parts = _markdown(text) if media_type is MediaType.MARKDOWN else (None, [("", text)])
        unit = LocatorUnit.HEADING if any(label for label, _ in parts) else LocatorUnit.SECTION
        pieces = [(label, piece) for label, part in parts for piece in _cut(part)]
        if not pieces:
            raise ExtractionFailed(FailureReason.NO_TEXT_LAYER, "no text")
        sections = (
            Section(unit=unit, number=number, label=label or None, text=piece)
            for number, (label, piece) in enumerate(pieces, start=1)
        )
        return Extraction(title=title, section_count=len(pieces), sections=sections)


def _not_installed(kind: MediaType) -> UnsupportedType:
    return UnsupportedType(
        f"Reading {kind.name} files needs more than the bare library: pip install 'studyteddy[server]'. "
        "Without it, save the document as Markdown or plain text."
    )


def _is_binary(head: bytes) -> bool:
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return False
    return head.startswith(_SIGNATURES) or len(_CONTROL.findall(head)) > max(_FEW_CONTROLS, len(head) // 50)


def _decoded(raw: bytes) -> str:
    """Unicode in any form that says which it is, else the encoding of western Windows."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", _SPACES_AT_LINE_END.sub("", text)).strip("\n")


def _markdown(text: str) -> tuple[str | None, list[tuple[str, str]]]:
    """The title, and the text under each heading together with the path to it."""
    title = None
    if front := _FRONT_MATTER.match(text + "\n"):
        stated = _STATED_TITLE.search(front["fields"])
        title = stated["title"] if stated else None
        text = text[front.end() :]
    outline = _Outline()
    for level, line in _lines(text):
        if level:
            outline.open(level, line)
        else:
            outline.lines.append(line)
    outline.close()
    return (title or outline.title or "")[:MAX_TITLE].strip() or None, outline.parts


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines, headings with their level and without their marks, others with 0; nothing in a code block heads."""
    fence = ""
    lines = text.split("\n")
    skip = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
            continue
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif (heading := _HEADING.fullmatch(line)) and _WORD.search(heading[2]):
            yield len(heading[1]), heading[2]
            continue
        elif _WORD.match(line) and (under := _UNDERLINE.fullmatch(following)):
            yield 1 if under[1][0] == "=" else 2, line.strip()
            skip = True
            continue
        yield 0, line


class _Outline:
    """Collects the parts. A heading without text of its own opens the next part below it."""

    def __init__(self) -> None:
        self.title = ""
        self.parts: list[tuple[str, str]] = []
        self.lines: list[str] = []
        self._path: list[tuple[int, str]] = []

    def open(self, level: int, heading: str) -> None:
        self.title = self.title or heading
        if not (self._path and level > self._path[-1][0] and self._holds_headings_only()):
            self.close()
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, heading))
        self.lines += ["", heading, ""] if self.lines else [heading, ""]

    def _holds_headings_only(self) -> bool:
        headings = {heading for _, heading in self._path}
        return all(line in headings or not line for line in self.lines)

    def close(self) -> None:
        text = _BLANK_LINES.sub("\n\n", "\n".join(self.lines)).strip("\n")
        if _WORD.search(text):
            self.parts.append((" > ".join(heading for _, heading in self._path), text))
        self.lines.clear()


def _cut(text: str) -> Iterator[str]:
    """The text in parts of at most ``LONGEST`` characters, cut at a paragraph, else at a line, else at a word."""
    while len(text) > LONGEST:
        ends = (text.rfind(mark, LONGEST // 2, LONGEST) for mark in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > 0), LONGEST)
        yield text[:end].strip()
        text = text[end:].lstrip()
    if _WORD.search(text):
        yield text.strip()
