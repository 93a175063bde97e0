"""The markup of a card as plain text in our own notation: formulas in ``\\( \\)``, paragraphs and rows as lines."""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.cleaning import tidy
from studyteddy.adapters.text_extraction.html import blocks_of, parse

_FORMULAS = (
    (re.compile(r"\[\$\$\](.*?)\[/\$\$\]", re.DOTALL), r"\\[\1\\]"),
    (re.compile(r"\[\$\](.*?)\[/\$\]", re.DOTALL), r"\\(\1\\)"),
    (re.compile(r"<anki-mathjax\b[^>]*\bblock\b[^>]*>(.*?)</anki-mathjax>", re.DOTALL), r"\\[\1\\]"),
    (re.compile(r"<anki-mathjax\b[^>]*>(.*?)</anki-mathjax>", re.DOTALL), r"\\(\1\\)"),
    (re.compile(r"\[latex\](.*?)\[/latex\]", re.DOTALL), r"\1"),
)
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_BREAK = re.compile(r"<br\b[^>]*>|</?(?:div|p)\b[^>]*>", re.IGNORECASE)
_MEDIA = re.compile(r"\[sound:[^\]]*\]|<(?:img|audio|video|object|source)\b[^>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def without_media(markup: str) -> tuple[str, bool]:
    """The markup without pictures and sounds, and whether there were any."""
    text, count = _MEDIA.subn("", markup)
    return text, count > 0


def plain(markup: str) -> str:
    """What a reader sees, without any markup."""
    for pattern, ours in _FORMULAS:
        markup = pattern.sub(ours, markup)
    # A line break in a formula is one of whoever typed it, and would end the formula for us.
    markup = _FORMULA.sub(lambda formula: _BREAK.sub(" ", formula.group()), markup)
    lines = (text for _, text in blocks_of(parse(markup)))
    text = tidy("\n".join(line for line in lines if line.strip()))
    return _FORMULA.sub(lambda formula: _BLANKS.sub(" ", formula.group()), text).strip()
