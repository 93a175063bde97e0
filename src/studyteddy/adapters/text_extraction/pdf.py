"""PDF: one section per page, by PDFium's plain C interface.

The convenience layer of pypdfium2 is left out because importing it takes as long as reading fifty pages.
"""

from __future__ import annotations

import ctypes

import pypdfium2_raw as pdfium

from studyteddy.adapters.text_extraction.cleaning import meaningful_title
from studyteddy.adapters.text_extraction.page_text import HYPHEN, UNMAPPED, restore_lost_ligatures, tidy_page
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from studyteddy.adapters.text_extraction.reading import Bounds

PAGE_CHARACTERS = 2_000_000
"""A sheet of paper holds some 10,000 characters; a page beyond this is made to exhaust its reader."""

_ENCRYPTED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def read(content: bytes, bounds: Bounds) -> Reading:
    """The text of all pages. A page without text stays as an empty section; a document without any is refused."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        raise Unreadable("encrypted" if error in _ENCRYPTED else "corrupt", f"PDFium error {error}")
    count = pdfium.FPDF_GetPageCount(document)
    if count > bounds.sections:
        raise Unreadable("too_many_pages", f"{count} pages")
    # The content must outlive the document: PDFium reads from it until the last page.
    pages = _pages(document, count, content)
    empty = 0
    first = next(pages, None)
    while first == "":
        empty += 1
        first = next(pages, None)
    if first is None:
        raise Unreadable("no_text_layer" if _any_page(document, count) else "corrupt", f"{count} pages without text")
    return Reading(title=_title(document), unit="page", count=count, sections=_sections(empty, first, pages))


def _sections(empty: int, first: str, pages: Iterator[str]) -> Iterator[tuple[str, str]]:
    for _ in range(empty):
        yield "", ""
    yield "", first
    for text in pages:
        yield "", text


def _pages(document: Any, count: int, content: bytes) -> Iterator[str]:
    assert content is not None
    for index in range(count):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:  # a damaged page in a document that is whole otherwise
            yield ""
            continue
        text_page = pdfium.FPDFText_LoadPage(page)
        text = _text(page, text_page) if text_page else ""
        pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)
        yield tidy_page(text) if text else ""


def _any_page(document: Any, count: int) -> bool:
    for index in range(count):
        page = pdfium.FPDF_LoadPage(document, index)
        if page:
            pdfium.FPDF_ClosePage(page)
            return True
    return False


def _text(page: Any, text_page: Any) -> str:
    length = pdfium.FPDFText_CountChars(text_page)
    if length <= 0:
        return ""
    if length > PAGE_CHARACTERS:
        raise Unreadable("expands_too_much", f"{length} characters on a page")
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    area = (text_page, box.left, box.top, box.right, box.bottom)
    room = 2 * length + 16  # each character may be a pair of surrogates
    buffer = (ctypes.c_ushort * room)()
    written = pdfium.FPDFText_GetBoundedText(*area, buffer, room)
    text = bytes(memoryview(buffer)[:written]).decode("utf-16-le", "ignore").rstrip("\0")
    if written < length:
        return _with_lost_glyphs(text_page, length, text)
    return text


def _with_lost_glyphs(text_page: Any, length: int, text: str) -> str:
    """The same text, with glyphs that have no Unicode value guessed where they must be ligatures.

    PDFium leaves such a glyph out of the bounded text without a trace ("Human" for "Huffman"), and shows it as U+FFFE in the whole text,
    like the hyphen at a line's end. Only where both texts agree apart from these marks is the second one used.
    """
    buffer = (ctypes.c_ushort * (length + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, length, buffer)
    marked = bytes(memoryview(buffer)[: max(0, written - 1)]).decode("utf-16-le", "replace")
    marks = list(marked)
    found = False
    position = marked.find("\ufffe")
    while position >= 0:
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, position)
        if pdfium.FPDFText_IsHyphen(text_page, index) == 1:
            marks[position] = HYPHEN
        else:
            marks[position] = UNMAPPED
            found = True
        position = marked.find("\ufffe", position + 1)
    marked = "".join(marks)
    if not found or marked.replace(UNMAPPED, "") != text:
        return text
    return restore_lost_ligatures(marked)


def _title(document: Any) -> str:
    length = pdfium.FPDF_GetMetaText(document, b"Title", None, 0)
    if not 2 < length <= 4096:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_GetMetaText(document, b"Title", buffer, length)
    return meaningful_title(buffer.raw.decode("utf-16-le", "ignore").rstrip("\0"))
