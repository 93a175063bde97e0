"""Markdown: the text that it renders to, a section per heading."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from studyteddy.adapters.text_extraction.cleaning import meaningful_title, one_line
from studyteddy.adapters.text_extraction.encoding import decode
from studyteddy.adapters.text_extraction.html import blocks_of, first_heading, parse
from studyteddy.adapters.text_extraction.outline import BODY, outlined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from markdown_it.token import Token

    from studyteddy.adapters.text_extraction.outline import Block
    from studyteddy.adapters.text_extraction.reading import Bounds, Reading

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:[\w.-]+[ \t]*:.*\n|[ \t#-].*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_DEEP_QUOTE = re.compile(r"^(?: {0,3}>[ \t]?){12,}", re.MULTILINE)
_TITLE = re.compile(r"""^title[ \t]*:[ \t]*(["']?)(.+?)\1[ \t]*$""", re.MULTILINE | re.IGNORECASE)

LONGEST_PARAGRAPH = 100_000
"""Characters. Marks inside a longer "paragraph" stay as they are: looking for their partners takes quadratic time."""
MOST_BRACKETS = 2_000
"""Opening brackets that a paragraph may hold: each one starts a search for a link."""


def read(content: bytes, bounds: Bounds) -> Reading:
    """The headed sections. The title is that of the front matter, else the first heading of the highest level."""
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    title = ""
    front = _FRONT_MATTER.match(text)
    if front:
        stated = _TITLE.search(front[1])
        title = meaningful_title(stated[2]) if stated else ""
        text = text[front.end() :]
    text = _DEEP_QUOTE.sub("> ", text)  # the parser drops what is nested too deep
    blocks = _Renderer().blocks(text)
    return outlined(blocks, title=title or first_heading(blocks), bounds=bounds)


class _Renderer:
    """Walks the flat list of tokens and collects blocks."""

    def __init__(self) -> None:
        self._markdown = MarkdownIt("commonmark", {"maxNesting": 50}).enable(["table", "strikethrough"])
        self._markdown.core.ruler.disable("inline")
        self._blocks: list[Block] = []
        self._items: list[str] = []
        self._lists: list[int] = []  # number of the next item, 0 for bullets; innermost last
        self._marker = ""
        self._rows: list[str] = []
        self._cells: list[str] = []
        self._in_cell = False
        self._environment: dict[str, object] = {}

    def blocks(self, text: str) -> list[Block]:
        """Level and text of all blocks."""
        level = BODY
        for token in self._markdown.parse(text, self._environment):
            kind = token.type
            if kind == "heading_open":
                level = int(token.tag[1])
            elif kind == "inline":
                self._add(self._inline(token), level)
                level = BODY
            elif kind in ("fence", "code_block"):
                self._add(token.content.rstrip("\n"), BODY)
            elif kind == "html_block":
                for _, part in blocks_of(parse(token.content)):
                    self._add(part, BODY)
            else:
                self._structure(kind, token)
        return self._blocks

    def _structure(self, kind: str, token: Token) -> None:
        if kind == "bullet_list_open":
            self._lists.append(0)
        elif kind == "ordered_list_open":
            self._lists.append(int(token.attrGet("start") or 1))
        elif kind == "list_item_open":
            number = self._lists[-1]
            self._marker = f"{number}. " if number else "- "
            self._lists[-1] = number + 1 if number else 0
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            if not self._lists:
                self._blocks.append((BODY, "\n".join(self._items)))
                self._items.clear()
        elif kind in ("th_open", "td_open"):
            self._in_cell = True
        elif kind == "tr_close":
            self._rows.append(" | ".join(self._cells))
            self._cells.clear()
        elif kind == "table_close":
            self._add("\n".join(self._rows), BODY)
            self._rows.clear()

    def _add(self, text: str, level: int) -> None:
        if self._in_cell:
            self._cells.append(one_line(text))
            self._in_cell = False
        elif self._lists and level == BODY:
            indent = "  " * (len(self._lists) - 1)
            text = text.replace("\n", f"\n{indent}  ")
            self._items.append(f"{indent}{self._marker or '  '}{text}")
            self._marker = ""
        else:
            self._blocks.append((level, text))

    def _inline(self, token: Token) -> str:
        source = token.content
        if len(source) > LONGEST_PARAGRAPH or source.count("[") > MOST_BRACKETS:
            return source
        children: list[Token] = []
        self._markdown.inline.parse(source, self._markdown, self._environment, children)
        return "".join(map(_plain, children))


def _plain(token: Token) -> str:
    kind = token.type
    if kind in ("text", "code_inline", "text_special"):
        return token.content
    if kind == "softbreak":
        return " "
    if kind == "hardbreak":
        return "\n"
    if kind == "image":
        return "".join(map(_plain, token.children or ()))
    if kind == "html_inline" and token.content.lower().startswith("<br"):
        return "\n"
    return ""
