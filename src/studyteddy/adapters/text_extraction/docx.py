"""DOCX: paragraphs and tables in their order, a section per heading.

Read straight from WordprocessingML, because what students' files hold goes beyond plain paragraphs: content controls,
text boxes, tracked changes, footnotes, formulas and ruby.
"""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.cleaning import one_line
from studyteddy.adapters.text_extraction.ooxml import Package, attribute, local
from studyteddy.adapters.text_extraction.outline import BODY, outlined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from studyteddy.adapters.text_extraction.outline import Block
    from studyteddy.adapters.text_extraction.reading import Bounds, Reading

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "rt", "Fallback", "sectPr", "drawing", "pict", "object",
     "annotationRef", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr")
)  # fmt: skip
_RUN_OF_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")
_LITERAL = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}

BOLD_LINE = -1
"""Level of a short paragraph all in bold: perhaps a heading, depending on the rest of the document."""
BOLD_SHARE = 0.3
LONGEST_BOLD_LINE = 100


def read(content: bytes, bounds: Bounds) -> Reading:
    """The headed sections of a document. Its title is the stated one, else its paragraph in the style "Title"."""
    package = Package(content, bounds)
    main = package.main_part("word")
    document = _Document(package, main)
    blocks = _settled(list(document.blocks(package.xml(main))))
    return outlined(blocks, title=package.title() or document.title, bounds=bounds)


def _settled(blocks: list[Block]) -> list[Block]:
    """Bold lines become headings in a document that has no headings by style, as long as they are the exception."""
    bold = sum(level == BOLD_LINE for level, _ in blocks)
    stated = any(level > BODY for level, _ in blocks)
    level_of_bold = BODY if stated or bold < 2 or bold > BOLD_SHARE * len(blocks) else 1
    return [(level_of_bold if level == BOLD_LINE else level, text) for level, text in blocks]


class _Document:
    def __init__(self, package: Package, main: str) -> None:
        self._styles = _styles(package.related(main, "styles"))
        self._notes = {
            "footnoteReference": _notes(package.related(main, "footnotes")),
            "endnoteReference": _notes(package.related(main, "endnotes")),
        }
        self.title = ""

    def blocks(self, container: Element) -> Iterator[Block]:
        """Level and text of each paragraph and table in a container, in reading order."""
        listed: list[str] = []
        for element in container:
            tag = local(element)
            if tag == "p":
                level, is_item = self._style(element)
                text = _text(element)
                if is_item and level == BODY and text.strip():
                    listed.append(f"- {text.strip()}")
                    listed += self._footnotes(element)
                    continue
                yield from _flush(listed)
                yield BOLD_LINE if level == BODY and _is_bold_line(element, text) else level, text
                yield from ((BODY, note) for note in self._footnotes(element))
                for box in _text_boxes(element):
                    yield from self.blocks(box)
            elif tag == "tbl":
                yield from _flush(listed)
                yield BODY, _table(element)
                yield from ((BODY, note) for note in self._footnotes(element))
            elif tag not in _SKIPPED:
                yield from _flush(listed)
                yield from self.blocks(element)
        yield from _flush(listed)

    def _style(self, paragraph: Element) -> tuple[int, bool]:
        """Heading level (``BODY`` for none) and whether the paragraph is an item of a list."""
        style, outline, is_item = "", None, False
        for element in paragraph.iterfind("./{*}pPr/{*}*"):
            tag = local(element)
            if tag == "pStyle":
                style = attribute(element, "val") or ""
            elif tag == "outlineLvl":
                outline = _outline_level(element)
            elif tag == "numPr":
                is_item = _is_numbered(element)
        level, style_is_item, is_title = self._styles.get(style, (BODY, False, False))
        if is_title and not self.title:
            self.title = one_line(_text(paragraph))[:255]
        return level if outline is None else outline, is_item or style_is_item

    def _footnotes(self, element: Element) -> list[str]:
        found = []
        for child in element.iter():
            notes = self._notes.get(local(child))
            note = notes.get(attribute(child, "id") or "") if notes else None
            if note:
                found.append(note)
        return found


def _is_bold_line(paragraph: Element, text: str) -> bool:
    if not 0 < len(text.strip()) <= LONGEST_BOLD_LINE or "\n" in text.strip():
        return False
    runs = [run for run in paragraph.iterfind(".//{*}r") if (run.findtext("./{*}t") or "").strip()]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Element) -> bool:
    mark = run.find("./{*}rPr/{*}b")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


def _flush(listed: list[str]) -> Iterator[Block]:
    if listed:
        yield BODY, "\n".join(listed)
        listed.clear()


def _outline_level(element: Element) -> int:
    value = attribute(element, "val") or "9"
    return int(value) + 1 if value in "012345678" else BODY


def _is_numbered(numbering: Element) -> bool:
    return all(attribute(element, "val") != "0" for element in numbering if local(element) == "numId")


def _styles(root: Element | None) -> dict[str, tuple[int, bool, bool]]:
    """Style id to heading level, whether it makes list items, and whether it is the title's."""
    own: dict[str, tuple[int | None, bool, bool, str]] = {}
    for style in root if root is not None else ():
        if local(style) != "style":
            continue
        level, is_item, is_title, base = None, False, False, ""
        for element in style.iter():
            tag, value = local(element), attribute(element, "val") or ""
            if tag == "name":
                match = _HEADING.fullmatch(value)
                level = int(match[1]) if match else level
                is_title = value.lower() == "title"
                is_item = is_item or value.lower().startswith(("list bullet", "list number"))
            elif tag == "basedOn":
                base = value
            elif tag == "outlineLvl" and level is None:
                level = _outline_level(element)
            elif tag == "numPr":
                is_item = is_item or _is_numbered(element)
        own[attribute(style, "styleId") or ""] = (level, is_item, is_title, base)
    return {name: _inherited(name, own) for name in own}


def _inherited(name: str, own: dict[str, tuple[int | None, bool, bool, str]]) -> tuple[int, bool, bool]:
    seen: set[str] = set()
    _, is_item, is_title, _ = own[name]
    while name in own and name not in seen:
        seen.add(name)
        level, _, _, base = own[name]
        if level is not None:
            return level, is_item and level == BODY, is_title
        name = base
    return BODY, is_item, is_title


def _notes(root: Element | None) -> dict[str, str]:
    """Note id to its text, without the separators that programs store among the notes."""
    found = {}
    for note in root if root is not None else ():
        if attribute(note, "type") in (None, "normal"):
            found[attribute(note, "id") or ""] = one_line(
                " ".join(_text(paragraph) for paragraph in note.iterfind(".//{*}p"))
            )
    return found


def _text(element: Element) -> str:
    parts: list[str] = []
    _collect(element, parts)
    return _RUN_OF_BLANKS.sub(" ", "".join(parts))


def _collect(element: Element, parts: list[str]) -> None:
    for child in element:
        tag = local(child)
        if tag == "t":
            parts.append(child.text or "")
        elif tag in _LITERAL:
            parts.append(_LITERAL[tag])
        elif tag not in _SKIPPED:
            _collect(child, parts)


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    """Text boxes stand in the file twice, in a new form and in an old one as fallback: the new one counts."""
    for element in paragraph:
        tag = local(element)
        if tag == "txbxContent":
            yield element
        elif tag != "Fallback":
            yield from _text_boxes(element)


def _table(table: Element) -> str:
    rows = []
    for row in table.iterfind("./{*}tr"):
        cells = [one_line(" ".join(_text(paragraph) for paragraph in cell.iterfind(".//{*}p"))) for cell in _cells(row)]
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)


def _cells(row: Element) -> Iterator[Element]:
    for element in row:
        tag = local(element)
        if tag == "tc":
            yield element
        elif tag in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _cells(element)
