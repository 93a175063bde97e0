"""Questions that ask what a thing is, and texts that say it."""

from __future__ import annotations

import re

MAX_WORDS = 4
"""A longer thing is a description ("the difference between a list and a tuple"), and no text begins with it."""

_ARTICLE = r"(?:(?:an?|the|eine?[rsmn]?|der|die|das)\s+)?"
_ASKING = re.compile(
    rf"\s*(?:(?:what|who)(?:'s|\u2019s|\s+(?:is|are|was|were))\s+(?:meant\s+by\s+)?{_ARTICLE}(?P<is>.+?)"
    rf"|what\s+do(?:es)?\s+{_ARTICLE}(?P<mean>.+?)\s+mean"
    rf"|(?:please\s+)?(?:define|explain)\s+{_ARTICLE}(?P<define>.+?)"
    rf"|was\s+(?:ist|sind|bedeutet|hei\u00dft|versteht\s+man\s+unter)\s+{_ARTICLE}(?P<ist>.+?)"
    rf"|wie\s+(?:ist|sind|wird|werden)\s+{_ARTICLE}(?P<wie>.+?)\s+definiert)\s*[?.!]*\s*",
    re.IGNORECASE,
)
_SAYING = (
    r"\s*(?:\([^)\n]{1,60}\)\s*)?(?::|[\u2013\u2014=]|\s(?:is|are|was|were|means|refers\s+to|denotes|describes|"
    r"ist|sind|hei\u00dft|hei\u00dfen|bezeichnet|bedeutet)\b)"
)
_BEGINNING = rf"(?:^|[.!?;:\n\u2022*>|\"\u201c]\s*|^\s*[-\u2013]\s*){_ARTICLE}[*_`\u201c\"]*"


def asked_for(question: str) -> str | None:
    """The thing whose meaning is asked for ("What is a base case?" -> "base case"), in English or German; else None."""
    match = _ASKING.fullmatch(question)
    if match is None:
        return None
    thing = next(group for group in match.groups() if group).strip(" ?.!\"'\u201c\u201d")
    return thing if 1 <= len(thing.split()) <= MAX_WORDS else None


def defines(text: str, thing: str) -> bool:
    """Whether a sentence or entry of ``text`` begins with the thing (or its plural) and goes on to say what it is."""
    words = r"[\s-]+".join(map(re.escape, thing.split()))
    pattern = rf"{_BEGINNING}{words}(?:e?s)?[*_`\u201d\"]*{_SAYING}"
    return re.search(pattern, text, re.IGNORECASE | re.MULTILINE) is not None
