"""Guessing ligatures that a PDF draws but does not name."""

from __future__ import annotations

import re

UNMAPPED = "\x00"
"""Stands for a glyph that the file gives no Unicode value for."""

SHORTEST = 3
"""Letters besides the ligature; in less, a glyph without a name is a symbol between two variables."""

_LOST = re.compile(rf"([A-Za-z]*[aeiouyAEIOU]){UNMAPPED}([a-z]+)")
_LOST_AT_END = re.compile(
    rf"\b([Ss]ta|[Cc]li|[Bb]lu|[Tt]radeo|[Cc]uto|[Pp]ayo|[Ss]heri|[Tt]ari|[Ss]tu){UNMAPPED}(?![\w{UNMAPPED}])"
)
_ENDS_OF_FFLE = ("e", "es", "ed", "er", "ers", "ing")
_BEFORE_FFLE = re.compile(r"(?:sh|sn|sc|sk|tr|m|r|d)u$|(?:b|w|r|pi)a$|(?:sn|wh|p|r)i$", re.IGNORECASE)
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
    if len(left) + len(right) < SHORTEST:
        return left + right
    if right in _ENDS_OF_FFLE and _BEFORE_FFLE.search(left):
        return f"{left}ffl{right}"
    if right[0] in _AFTER_FFI:
        return f"{left}ffi{right}"
    if right[0] in _AFTER_FF:
        return f"{left}ff{right}"
    return left + right
