"""Making text fit for storing, searching and quoting."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xa0\xad\u2028\u2029\u202d\u202e\u2066-\u2069\ud800-\udfff\ufb00-\ufb06\ufeff\ufffe\uffff]"
)
_SPACES_AT_LINE_END = re.compile("[ \t]+(?=\n)")
_BLANK_LINES = re.compile("\n{3,}")
_RUN_OF_SPACE = re.compile(r"\s+")

# Only the Latin ligatures: full compatibility forms would turn x² into x2 and ½ into 1⁄2.
_REPLACED = {
    "\xa0": " ", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip


def tidy(text: str) -> str:
    """NFC text, ``\\n`` line ends, no control characters, no spaces at line ends, never two blank lines in a row."""
    if _ODD.search(text):
        text = _ODD.sub(_replaced, _LINE_ENDS.sub("\n", text))
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if " \n" in text or "\t\n" in text:
        text = _SPACES_AT_LINE_END.sub("", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _replaced(match: re.Match[str]) -> str:
    return _REPLACED.get(match.group(), "")


def one_line(text: str) -> str:
    """The text tidied, on a single line."""
    return _RUN_OF_SPACE.sub(" ", tidy(text)).strip()


_NO_TITLE = r"""untitled.* | unbenannt.* | document\d* | presentation\d* | powerpoint\s+presentation | slide\s*\d*
    | title | (new\s+)?microsoft\s+word.* | [\W\d_]*
    | .*\.(docx?|pptx?|pdf|tex|dvi|indd|html?|odt|rtf|txt|md|qxd|pages|key|ps|eps|xlsx?)"""


def meaningful_title(text: str | None) -> str:
    """A stated title, or "" for what programs fill in by themselves ("Untitled", "Presentation1", a file name)."""
    title = one_line(text or "")[:255]
    return "" if not title or re.fullmatch(_NO_TITLE, title, re.IGNORECASE | re.VERBOSE) else title
