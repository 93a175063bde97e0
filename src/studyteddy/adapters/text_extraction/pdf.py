"""PDF: one section per page."""

from __future__ import annotations

import ctypes
from itertools import chain, repeat

from studyteddy.adapters.text_extraction import pdfium
from studyteddy.adapters.text_extraction.cleaning import meaningful_title
from studyteddy.adapters.text_extraction.page_text import HYPHEN, tidy_page
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from studyteddy.adapters.text_extraction.reading import Bounds

PAGE_CHARACTERS = 2_000_000
"""A sheet of paper holds some 10,000 characters; a page beyond this is made to exhaust its reader."""

_ENCRYPTED = (pdfium.ERR_PASSWORD, pdfium.ERR_SECURITY)


def read(content: bytes, bounds: Bounds) -> Reading:
    """The text of all pages. A page without text stays as an empty section; a document without any is refused."""
    pdfium.init_library()
    document = pdfium.load_document(content, len(content), None)
    if not document:
        error = pdfium.last_error()
        raise Unreadable("encrypted" if error in _ENCRYPTED else "corrupt", f"PDFium error {error}")
    count = pdfium.page_count(document)
    if count > bounds.sections:
        raise Unreadable("too_many_pages", f"{count} pages")
    pages = _pages(document, count)
    empty = 0
    first = next(pages, None)
    while first is not None and not tidy_page(first):
        empty += 1
        first = next(pages, None)
    if first is None:
        raise Unreadable(_why_no_text(document, count, content), f"{count} pages without text")
    sections = _sections(empty, first, pages, content)
    return Reading(title=_title(document), unit="page", count=count, sections=sections, finish=tidy_page)


def _sections(empty: int, first: str, pages: Iterator[str], content: bytes) -> Iterator[tuple[str, str]]:
    for text in chain(repeat("", empty), (first,), pages):
        yield "", text
    del content  # PDFium reads from it until the last page


def _pages(document: int, count: int) -> Iterator[str]:
    area = _TextArea()
    for index in range(count):
        page = pdfium.load_page(document, index)
        if not page:  # a damaged page in a document that is whole otherwise
            yield ""
            continue
        text_page = pdfium.load_text(page)
        text = area.text(page, text_page) if text_page else ""
        pdfium.close_text(text_page)
        pdfium.close_page(page)
        yield text


def _why_no_text(document: int, count: int, content: bytes) -> str:
    from studyteddy.adapters.text_extraction.flate_bomb import holds_bomb

    if holds_bomb(content):
        return "expands_too_much"
    return "no_text_layer" if any(pdfium.load_page(document, index) for index in range(count)) else "corrupt"


class _TextArea:
    """Room for the text of a page, kept from page to page: making it anew would take longer than filling it."""

    def __init__(self) -> None:
        self._room = 1 << 16
        self._units = (ctypes.c_ushort * self._room)()
        self._box = pdfium.Rectangle()

    def text(self, page: int, text_page: int) -> str:
        """The text inside the visible area of a page, with ``HYPHEN`` for hyphens at line ends."""
        length = pdfium.count_characters(text_page)
        if length <= 0:
            return ""
        if length > PAGE_CHARACTERS:
            raise Unreadable("expands_too_much", f"{length} characters on a page")
        if 2 * length + 16 > self._room:  # each character may be a pair of surrogates
            self._room = 2 * length + 16
            self._units = (ctypes.c_ushort * self._room)()
        box = self._box
        pdfium.page_box(page, box)
        written = pdfium.bounded_text(text_page, box.left, box.top, box.right, box.bottom, self._units, self._room)
        text = ctypes.string_at(self._units, 2 * written).decode("utf-16-le", "ignore").rstrip("\0")
        return self._with_lost_glyphs(text_page, length, text) if written < length else text

    def _with_lost_glyphs(self, text_page: int, length: int, text: str) -> str:
        """The same text, with ligatures back that the file doesn't name.

        PDFium leaves such a glyph out of the bounded text without a trace ("Human" for "Huffman"), and shows it as
        U+FFFE in the whole text, like the hyphen at a line's end. The second one is used where both texts agree apart
        from these marks.
        """
        written = pdfium.whole_text(text_page, 0, length, self._units)
        whole = ctypes.string_at(self._units, 2 * max(0, written - 1)).decode("utf-16-le", "replace")
        if whole.count("\ufffe") <= text.count(HYPHEN):
            return text
        from studyteddy.adapters.text_extraction.ligatures import UNMAPPED, restore_lost_ligatures

        marked = list(whole)
        for position, character in enumerate(whole):
            if character == "\ufffe":
                index = pdfium.character_index(text_page, position)
                marked[position] = HYPHEN if pdfium.is_hyphen(text_page, index) == 1 else UNMAPPED
        whole = "".join(marked)
        return restore_lost_ligatures(whole) if whole.replace(UNMAPPED, "") == text else text


def _title(document: int) -> str:
    length = pdfium.meta_text(document, b"Title", None, 0)
    if not 2 < length <= 4096:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.meta_text(document, b"Title", buffer, length)
    return meaningful_title(buffer.raw.decode("utf-16-le", "ignore").rstrip("\0"))
