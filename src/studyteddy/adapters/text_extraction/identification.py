"""Telling a file's type: its name and its first bytes must agree."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import PurePath

from studyteddy.adapters.text_extraction import signatures
from studyteddy.adapters.text_extraction.encoding import is_noise, wide_encoding
from studyteddy.domain.documents import MediaType
from studyteddy.domain.errors import UnsupportedType

READABLE = "PDF, DOCX, PPTX, EPUB, HTML, Markdown and plain text"

_EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.PPTX: "pptx",
    MediaType.EPUB: "epub",
    MediaType.HTML: "html htm xhtml",
    MediaType.MARKDOWN: "md markdown",
    MediaType.TEXT: "txt text",
}
_TYPES = {extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()}

_ADVICE = {
    "doc dot rtf odt": "Save it as DOCX or PDF",
    "ppt pps odp": "Save it as PPTX or PDF",
    "xls xlsx ods svg ps eps": "Save it as PDF",
    "pages": "Export it as DOCX or PDF",
    "key": "Export it as PPTX or PDF",
    "tex": "Upload the PDF that it makes",
    "xml": "Save it as HTML or PDF",
    "mobi azw azw3 fb2": "Convert it to EPUB or PDF",
    "zip gz tgz bz2 xz rar 7z tar": "Unpack it and upload what is in it",
    "png jpg jpeg gif tif tiff webp heic": "Pictures need text recognition first: upload a PDF with a text layer",
}
_ADVICE_FOR = {extension: advice for extensions, advice in _ADVICE.items() for extension in extensions.split()}

_PDF_HEADER_WITHIN = 1024
_TAG = re.compile(r"<(?:!doctype\s+html|/?[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_FOREIGN_ROOT = re.compile(
    r"""\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*
    (?:<!DOCTYPE\s+(?!html)\w|<(?!html|!doctype|!--|\?)[\w:]+[^>]*\sxmlns)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def identify(filename: str, head: bytes) -> MediaType:
    """The type that both the name and the first bytes tell. Raises ``UnsupportedType``."""
    extension = PurePath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")
    named = _TYPES.get(extension)
    if named is None:
        advice = _ADVICE_FOR.get(extension, f"Upload one of these: {READABLE}")
        kind = f".{extension[:20]} files" if extension else "files without an extension"
        raise UnsupportedType(f"Study Teddy can't read {kind}. {advice}.")
    if not head:
        raise _mismatch("The file is empty. Check that it was saved, then upload it again.")
    if not _CHECKS[named](head):
        raise _mismatch(
            f"The file is named .{extension}, but its content is something else. "
            f"Give it its true extension, or save it again as .{extension}."
        )
    return named


def _mismatch(message: str) -> UnsupportedType:
    return UnsupportedType(message, code="type_mismatch")


def _is_pdf(head: bytes) -> bool:
    """Some programs write a few bytes before the header, which readers forgive. A page of HTML isn't a few bytes."""
    position = head[:_PDF_HEADER_WITHIN].find(signatures.PDF)
    before = head[: max(0, position)].removeprefix(codecs.BOM_UTF8)
    return position >= 0 and not signatures.is_binary(before) and not signatures.is_markup(before)


def _is_docx(head: bytes) -> bool:
    return _is_office(head, MediaType.DOCX)


def _is_pptx(head: bytes) -> bool:
    return _is_office(head, MediaType.PPTX)


def _is_office(head: bytes, named: MediaType) -> bool:
    """An OLE container is how Office stores a package under a password; only the whole file tells whether it is one."""
    return head.startswith(signatures.OLE) or _is_package(head, named)


def _is_epub(head: bytes) -> bool:
    return _is_package(head, MediaType.EPUB)


def _is_package(head: bytes, named: MediaType) -> bool:
    """A zip whose first members don't speak for another kind. What they leave open is seen when the file is read."""
    kinds = signatures.package_kinds(head)
    return head.startswith(signatures.ZIP) and (not kinds or named in kinds)


def _is_text(head: bytes) -> bool:
    if head.startswith(_WIDE_MARKS):
        return True
    if signatures.is_binary(head) or head.startswith(signatures.PDF):
        return False
    return not is_noise(head) or bool(wide_encoding(head))


def _is_html(head: bytes) -> bool:
    text = head.replace(b"\0", b"").decode("latin-1")
    return _is_text(head) and bool(_TAG.search(text)) and not _FOREIGN_ROOT.match(text)


_CHECKS: dict[MediaType, Callable[[bytes], bool]] = {
    MediaType.PDF: _is_pdf,
    MediaType.DOCX: _is_docx,
    MediaType.PPTX: _is_pptx,
    MediaType.EPUB: _is_epub,
    MediaType.HTML: _is_html,
    MediaType.MARKDOWN: _is_text,
    MediaType.TEXT: _is_text,
}
