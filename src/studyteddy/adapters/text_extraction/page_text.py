"""From the lines of a page to paragraphs: hyphens at line ends, lost ligatures, lines that belong together.

The result is the text that is searched, quoted and cited, so it reads as the page reads to a person. Everything is
decided from the page's own text: the same page always gives the same characters.
"""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.cleaning import tidy

HYPHEN = "\x02"
"""Stands for the hyphen at the end of a line, with the line break taken out."""
UNMAPPED = "\x00"
"""Stands for a glyph that the file gives no Unicode value for."""

_BROKEN_WORD = re.compile(rf"(\w*){HYPHEN}(\w*)")
_CONTROL = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f]")
_KEEP_HYPHEN_AFTER = {"self", "well", "non", "half", "quasi"}


def tidy_page(text: str) -> str:
    """The clean text of a page, given as its lines with ``HYPHEN`` marks."""
    text = text.replace("\r\n", "\n").replace("\ufffe", HYPHEN)
    if _CONTROL.search(text):  # symbols of mathematical fonts without a Unicode value
        text = _CONTROL.sub(" ", text)
    lines = [line for line in (line.strip() for line in text.split("\n")) if line]
    text = _paragraphs(lines)
    if HYPHEN in text:
        whole = text
        text = _BROKEN_WORD.sub(lambda match: _rejoined(match, whole), text)
    return tidy(text)


def _rejoined(match: re.Match[str], page: str) -> str:
    """A word broken over two lines: with its hyphen where the hyphen is part of the word, else without."""
    left, right = match.groups()
    if not left or not right or not right[0].islower() or not left[-1].isalpha():
        return f"{left}-{right}"
    if left + right in page:
        return left + right
    if f"{left}-{right}" in page or left.lower() in _KEEP_HYPHEN_AFTER:
        return f"{left}-{right}"
    if len(left) > 4 and len(right) > 3 and _stands_alone(left, page) and _stands_alone(right, page):
        return f"{left}-{right}"
    return left + right


def _stands_alone(word: str, page: str) -> bool:
    return re.search(rf"(?<![\w{HYPHEN}-]){re.escape(word)}(?![\w{HYPHEN}-])", page) is not None


FULL = 0.7
"""A line of at least this share of the page's usual width runs on in the next one."""
NARROWEST = 36
"""Usual width in characters that a page must have to be taken for running text, not for a list of short lines."""

_ENDS_SENTENCE = re.compile(r"""[.!?:;]['"”’»)\]]*\d{0,3}$""")
_STARTS_ITEM = re.compile(r"(?:[•◦▪●○■□–—*·‣⁃-]|>>>|\(?\d{1,3}[.)]|\(?[a-z][.)]|[A-Z]\.)\s|\d+(?:\.\d+)+\.?\s")


def _paragraphs(lines: list[str]) -> str:
    if len(lines) < 2:
        return "".join(lines)
    widths = sorted([len(part) for line in lines for part in line.split(HYPHEN)])
    usual = max(NARROWEST, widths[len(widths) * 4 // 5])
    parts = [lines[0]]
    previous, several = lines[0], False
    for line in lines[1:]:
        if _runs_on(previous, line, usual):
            parts += (" ", line)
            several = True
        else:
            wide = several or HYPHEN in previous or len(line) >= FULL * usual
            parts += ("\n\n" if wide else "\n", line)
            several = False
        previous = line
    return "".join(parts)


def _runs_on(line: str, following: str, usual: int) -> bool:
    if _STARTS_ITEM.match(following):
        return False
    width = len(line.rsplit(HYPHEN, 1)[-1])
    if _ENDS_SENTENCE.search(line):
        return width >= 0.85 * usual
    if width >= FULL * usual:
        return True
    return following[0].islower() and (line[-1].isalpha() or line[-1] == ",") and width >= 0.4 * usual


_LOST = re.compile(rf"([A-Za-z]*[aeiouAEIOUyDBOESP]){UNMAPPED}([a-z]+)")
_LOST_AT_END = re.compile(rf"\b([Ss]ta|[Cc]li|[Bb]lu|[Tt]radeo|[Cc]uto|[Pp]ayo|[Ss]heri|[Tt]ari|[Ss]tu){UNMAPPED}(?![\w{UNMAPPED}])")
_FFL_BEFORE_E = re.compile(r"(?:sh|[bwr]a|wa|r[iu]|m[ua]|sn[iu]|scu|sku|tru|du|pi)\w{0,2}$", re.IGNORECASE)
_AFTER_FFI = frozenset("cdgklnrtx")
_AFTER_FF = frozenset("aehimosuwy")


def restore_lost_ligatures(text: str) -> str:
    """Words that lost a ligature of two f get it back; other unknown glyphs are dropped.

    TeX's double-f ligatures are the ones that files forget to name: they follow a vowel inside a word. What comes next
    tells which it was: "e?cient" can only be ffi, "di?erent" ff, "shu?e" ffl.
    """
    text = _LOST.sub(_ligature, text)
    return _LOST_AT_END.sub(r"\1ff", text).replace(UNMAPPED, "")


def _ligature(match: re.Match[str]) -> str:
    left, right = match.groups()
    if len(left) + len(right) < 4:
        return left + right
    if right[0] in _AFTER_FFI:
        return f"{left}ffi{right}"
    if right in ("e", "es", "ed", "ing", "er", "ers") and _FFL_BEFORE_E.search(left):
        return f"{left}ffl{right}"
    if right[0] in _AFTER_FF:
        return f"{left}ff{right}"
    return left + right
