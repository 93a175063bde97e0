"""HTML and XHTML: what a reader sees on the page, without menus, scripts and styles."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from studyteddy.adapters.text_extraction.cleaning import meaningful_title, one_line
from studyteddy.adapters.text_extraction.encoding import decode
from studyteddy.adapters.text_extraction.html_depth import DEEPEST, is_too_deep
from studyteddy.adapters.text_extraction.mathml import linear
from studyteddy.adapters.text_extraction.outline import BODY, outlined
from studyteddy.adapters.text_extraction.reading import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from studyteddy.adapters.text_extraction.outline import Block
    from studyteddy.adapters.text_extraction.reading import Bounds, Reading

_DROPPED = frozenset(
    ("script", "style", "nav", "footer", "template", "noscript", "svg", "iframe", "object", "head", "button", "select",
     "textarea", "canvas", "audio", "video", "annotation", "annotation-xml")
)  # fmt: skip
_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
     "dt", "fieldset", "figcaption", "figure", "form", "header", "hgroup", "hr", "legend", "li", "main", "ol", "p",
     "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "dl"))
_LAYOUT = "table, h1, h2, h3, h4, pre, ul, ol, p + p, div + div"
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile(" {2,}")
_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"\s*\d[\d.]*")
_SPACE_AROUND_BREAK = re.compile(" ?\n ?")

_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSED = re.compile(rf"""<(?!(?:{_VOID})\b)([A-Za-z][\w:.-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)/>""")
_XHTML = re.compile(r"<\?xml|<!DOCTYPE html PUBLIC|xmlns=", re.IGNORECASE)


def read(content: bytes, bounds: Bounds) -> Reading:
    """The headed sections of a page."""
    tree = parse(decode(content, markup=True))
    blocks = blocks_of(tree)
    return outlined(blocks, title=title_of(tree) or first_heading(blocks), bounds=bounds)


def parse(text: str) -> LexborHTMLParser:
    """The tree of a page. XML's self-closed elements, which HTML takes for opened ones, are closed first."""
    if is_too_deep(text):
        raise Unreadable("expands_too_much", f"more than {DEEPEST} elements inside each other")
    if _XHTML.search(text, 0, 2048):
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    return LexborHTMLParser(text)


def title_of(tree: LexborHTMLParser) -> str:
    """The page's stated title, or ""."""
    node = tree.css_first("head > title")
    return meaningful_title(node.text()) if node is not None else ""


def first_heading(blocks: list[Block]) -> str:
    """The first heading where it is of the highest level, or ""."""
    return next((one_line(text)[:255] for level, text in blocks if level == 1), "")


def blocks_of(tree: LexborHTMLParser) -> list[Block]:
    """Level and text of each heading, paragraph, list and table of the page."""
    writer = _Writer()
    if tree.body is not None:
        _walk(tree.body, writer)
    return writer.finish()


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Visit the tree without recursion: depth is in the hands of the author."""
    stack: list[tuple[LexborNode, str]] = []
    node: LexborNode | None = root
    while True:
        tag = node.tag or "" if node is not None else ""
        if node is None:
            node, tag = stack.pop()
            writer.leave(tag)
        elif tag == "-text":
            writer.text(node.text_content or "")
        elif tag not in _DROPPED and tag[0] not in "-!":
            writer.enter(tag, node)
            stack.append((node, tag))
            node = node.child if tag != "math" else None
            continue
        if not stack:
            return
        node = node.next


class _Writer:
    """Collects the text of the elements that are entered and left, and cuts it into blocks."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._inline: list[str] = []
        self._preformatted = 0
        self._lists: list[_List] = []
        self._items: list[str] = []
        self._marker = ""
        self._tables: list[bool] = []  # innermost last; True for a table of data, False for one that lays out a page
        self._rows: list[str] = []
        self._cells: list[str] = []

    def text(self, text: str) -> None:
        """Text as it stands in the source."""
        if self._preformatted:
            self._inline.append(text)
            return
        if self._inline and text[:1].isalpha() and _NUMBER.fullmatch(self._inline[-1]):
            self._inline.append(" ")  # "<span>1.2</span><span>Loops</span>": the gap is in the style sheet
        self._inline.append(_SPACE.sub(" ", text))

    def enter(self, tag: str, node: LexborNode) -> None:
        """An element begins."""
        if tag == "br":
            self._inline.append("\n")
        elif tag == "img":
            self._inline.append(_formula(node))
        elif tag == "math":
            self._inline.append(linear(node))
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._flush()
            if tag == "pre":
                self._preformatted += 1
            elif tag in _LISTS:
                self._lists.append(_List(ordered=tag == "ol"))
            elif tag in ("li", "dt") and self._lists:
                self._marker = self._lists[-1].marker()
            elif tag == "table":
                self._tables.append(_holds_data(node))

    def leave(self, tag: str) -> None:
        """An element ends."""
        if tag in _HEADINGS:
            self._flush(_HEADINGS[tag])
        elif tag in _BLOCKS:
            if self._tables and self._tables[-1]:
                self._leave_in_table(tag)
            self._flush()
            if tag == "pre" and self._preformatted:
                self._preformatted -= 1
            elif tag == "table" and self._tables:
                self._tables.pop()
            elif tag in _LISTS and self._lists:
                self._lists.pop()
                self._marker = ""
                if not self._lists:
                    self._flush_items()

    def _leave_in_table(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cells.append(one_line("".join(self._inline)))
            self._inline.clear()
        elif tag == "caption":
            self._rows.append(one_line("".join(self._inline)))
            self._inline.clear()
        elif tag == "tr":
            if any(self._cells):
                self._rows.append(" | ".join(self._cells))
            self._cells.clear()
        elif tag == "table":
            self._inline[:] = ["\n".join(filter(None, self._rows))]
            self._rows.clear()
            self._tables[-1] = False

    def _flush(self, level: int = BODY) -> None:
        """End the block that is being written; in a table of data a block is no more than a gap in its cell."""
        if self._tables and self._tables[-1]:
            self._inline.append(" ")
            return
        text = "".join(self._inline)
        self._inline.clear()
        text = text.strip("\n") if self._preformatted else _SPACE_AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip()
        if not _WORD.search(text):  # arrows and rulers between paragraphs
            return
        if self._lists and level == BODY:
            indent = "  " * (len(self._lists) - 1)
            text = text.replace("\n", f"\n{indent}  ")
            self._items.append(f"{indent}{self._marker or '  '}{text}")
            self._marker = ""
        else:
            self._flush_items()
            self._blocks.append((level, text))

    def _flush_items(self) -> None:
        if self._items:
            self._blocks.append((BODY, "\n".join(self._items)))
            self._items.clear()

    def finish(self) -> list[Block]:
        """All blocks in order."""
        self._flush()
        self._flush_items()
        return self._blocks


class _List:
    """A list that is being written."""

    __slots__ = ("_count", "_ordered")

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._count = 0

    def marker(self) -> str:
        """What stands before the next item."""
        self._count += 1
        return f"{self._count}. " if self._ordered else "- "


def _holds_data(table: LexborNode) -> bool:
    """Whether the cells hold values: those of a table that lays out a page hold headings, lists, paragraphs."""
    return all(found.mem_id == table.mem_id for found in table.css(_LAYOUT))


def _formula(image: LexborNode) -> str:
    """The text of a formula that is shown as a picture; other pictures' descriptions aren't what the author wrote."""
    attributes = image.attributes
    kind = f"{attributes.get('class') or ''} {attributes.get('role') or ''}".lower()
    return f" {attributes.get('alt') or ''} " if "math" in kind or "tex" in kind.split() else ""
