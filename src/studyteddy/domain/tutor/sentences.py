"""Sentences and words of a text as ranges, and finding a quotation whatever its white space and case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

TermsOf = Callable[[str], Sequence[str]]
"""An analyzer (``TextAnalyzer.terms``): the stems that carry the meaning of a text, none for function words."""

GAP = "____"

_WORD = re.compile(r"[^\W_]+(?:['\u2019.\-][^\W_]+)*")
_END = re.compile(
    r"""(?P<dense>[\u3002\uff01\uff1f][\u300d\u300f\uff09]*)      # full stops of scripts without spaces
    |   (?P<stop>[.!?\u2026\u0964\u06d4]+[)\]"'\u201d\u2019\u00bb]*)(?=\s)
    |   \n[ \t]*\n                                                # an empty line
    |   \n(?=[ \t]*(?:[-*\u2022\u25aa\u2013]|\d{1,3}[.)])[ \t])   # the next item of a list
    """,
    re.VERBOSE,
)
_NO_END = re.compile(
    r"(?:\b(?:[A-Za-z]|e\.g|i\.e|cf|vs|etc|al|Fig|Figs|Eq|Sec|Ch|No|Nr|pp|Dr|Mr|Mrs|Ms|Prof|St|ca|approx|z\.B|d\.h|bzw)"
    r"|(?:^|\n)[ \t]*\d{1,3})\.$"
)
_LOOK_BACK = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order, without the white space around them.

    Empty lines and list items end a sentence as well; a single line break does not, since pages are full of them.
    Full stops of abbreviations and initials don't end one.
    """
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match["stop"] and _goes_on(text, match):
            continue
        start = _keep(found, text, start, match.end())
    _keep(found, text, start, len(text))
    return found


def _goes_on(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 2].strip()[:1]
    if following.islower():
        return True
    return bool(match["stop"] == "." and _NO_END.search(text[max(0, match.start() - _LOOK_BACK) : match.start() + 1]))


def _keep(found: list[Span], text: str, start: int, end: int) -> int:
    part = text[start:end]
    if stripped := part.strip():
        first = start + part.index(stripped[0])
        found.append(Span(first, first + len(stripped)))
    return end


def words(text: str) -> Iterator[re.Match[str]]:
    """The words and numbers of ``text`` with their places; hyphens, apostrophes and dots inside belong to a word."""
    return _WORD.finditer(text)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tells which words carry meaning and which are forms of the same word, as an analyzer sees it."""

    terms: TermsOf

    def key(self, word: str) -> frozenset[str]:
        """The stems of one word; empty for a word that carries nothing of its own."""
        return frozenset(self.terms(word))

    def keys(self, text: str) -> frozenset[str]:
        """The stems of all words of a text, each word looked at for itself, so that it compares with ``key``."""
        return frozenset(stem for word in words(text) for stem in self.terms(word[0]))


def one_line(text: str) -> str:
    """The text with every run of white space turned into one blank."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """The text in quotation marks that it doesn't hold itself, so that where it ends is plain."""
    if '"' not in text:
        return f'"{text}"'
    return f"\u201c{text}\u201d" if "\u201d" not in text else f"\u00ab{text}\u00bb"


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text without differences of white space and case, and where each of its characters comes from."""

    text: str
    origins: tuple[int, ...]


def _fold(text: str) -> _Folded:
    characters: list[str] = []
    origins: list[int] = []
    blank = True
    for place, character in enumerate(text):
        if character.isspace():
            if not blank:
                characters.append(" ")
                origins.append(place)
            blank = True
            continue
        blank = False
        for folded in character.casefold():
            characters.append(folded)
            origins.append(place)
    if characters and characters[-1] == " ":
        characters.pop()
        origins.pop()
    return _Folded("".join(characters), tuple(origins))


def find_quotation(quotation: str, text: str) -> Span | None:
    """Where ``text`` says ``quotation``, whatever the white space and the case; None when it doesn't."""
    wanted, folded = _fold(quotation).text, _fold(text)
    place = folded.text.find(wanted) if wanted else -1
    if place < 0:
        return None
    return Span(folded.origins[place], folded.origins[place + len(wanted) - 1] + 1)
