"""From the lines of a page to paragraphs: hyphens at line ends, lines that belong together.

The result is the text that is searched, quoted and cited, so it reads as the page reads to a person. Everything is
decided from the page's own text: the same page always gives the same characters.
"""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.cleaning import tidy

HYPHEN = "\x02"
"""Stands for the hyphen at the end of a line, with the line break taken out."""

_NAMELESS = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff]")
"""Symbols of mathematical and decorative fonts that have no Unicode value."""
_NAMELESS_BULLET = re.compile("^[\ue000-\uf8ff][ \t]*(?=\\S)", re.MULTILINE)
_KEEP_HYPHEN_AFTER = {"self", "well", "non", "half", "quasi"}


def tidy_page(text: str) -> str:
    """The clean text of a page, given as its lines with ``HYPHEN`` marks."""
    text = text.replace("\r\n", "\n").replace("\ufffe", HYPHEN)
    if _NAMELESS.search(text):
        text = _NAMELESS.sub(" ", _NAMELESS_BULLET.sub("• ", text))
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    text = _paragraphs(lines)
    if HYPHEN in text:
        text = _rejoined(text)
    return tidy(text)


def _rejoined(page: str) -> str:
    """The page with words that are broken over two lines made whole."""
    before, *rest = page.split(HYPHEN)
    parts = [before]
    for after in rest:
        left, right = _last_word(parts[-1]), _first_word(after)
        parts += ("-" if _keeps_hyphen(left, right, page) else "", after)
    return "".join(parts)


def _keeps_hyphen(left: str, right: str, page: str) -> bool:
    """Whether the hyphen belongs to the word itself, as far as the rest of the page shows."""
    if not left or not right or not right[0].islower() or not left[-1].isalpha():
        return True
    if _stands(left + right, page):
        return False
    if left.lower() in _KEEP_HYPHEN_AFTER or f"{left}-{right}" in page:
        return True
    return len(left) > 4 and len(right) > 3 and _stands(left, page) and _stands(right, page)


def _last_word(text: str) -> str:
    start = len(text)
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:]


def _first_word(text: str) -> str:
    end = 0
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[:end]


def _stands(word: str, page: str) -> bool:
    """Whether the page holds the word by itself, not as part of another or of a broken one."""
    start = page.find(word)
    while start >= 0:
        end = start + len(word)
        if not _joins(page[start - 1 : start]) and not _joins(page[end : end + 1]):
            return True
        start = page.find(word, end)
    return False


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour in ("-", HYPHEN)


FULL = 0.7
"""A line of at least this share of the page's usual width runs on in the next one."""
NARROWEST = 36
"""Usual width in characters that a page must have to be taken for running text, not for a list of short lines."""

_ENDS_SENTENCE = re.compile(r"""[.!?:;]['"”’»)\]]*\d{0,3}$""")
_STARTS_ITEM = re.compile(
    r"(?:[•◦▪●○■□–—*·‣⁃-]|>>>|\(?\d{1,3}[.)]|\(?[a-z][.)]|[A-Z]\.|o(?=\s[A-Z]))\s|\d+(?:\.\d+)+\.?\s"
)


def _paragraphs(lines: list[str]) -> str:
    if len(lines) < 2:
        return "".join(lines)
    widths = sorted([len(part) for line in lines for part in line.split(HYPHEN)])
    usual = max(NARROWEST, widths[len(widths) * 4 // 5])
    parts = [lines[0]]
    previous, several, item = lines[0], False, _starts_item(lines[0])
    for line in lines[1:]:
        starts_item = _starts_item(line)
        if not starts_item and _runs_on(previous, line, usual):
            parts += (" ", line)
            several = True
        else:
            long = several or HYPHEN in previous or len(line) >= FULL * usual
            parts += ("\n\n" if long and not (item and starts_item) else "\n", line)
            several, item = False, starts_item
        previous = line
    return "".join(parts)


def _starts_item(line: str) -> bool:
    """Whether the line begins with a bullet or a number. Most begin with a word, which the second character tells."""
    return not line[1:2].isalpha() and _STARTS_ITEM.match(line) is not None


def _runs_on(line: str, following: str, usual: int) -> bool:
    width = len(line.rsplit(HYPHEN, 1)[-1])
    if not line[-1].isalpha() and _ENDS_SENTENCE.search(line):
        return width >= 0.85 * usual
    if width >= FULL * usual:
        return True
    return following[0].islower() and (line[-1].isalpha() or line[-1] == ",") and width >= 0.4 * usual
