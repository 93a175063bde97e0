"""Turning text into the terms that lexical search compares."""

from __future__ import annotations

from typing import Protocol


class TextAnalyzer(Protocol):
    """Reads text in any language and gives its search terms.

    Documents and queries must go through the same analyzer: terms are only ever compared with each other.
    """

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in reading order, repeated as often as they occur.

        Terms are lower-case, folded (case, width, accents) and stemmed; words without meaning of their own are left
        out. Equal text gives equal terms, in every process. A text without words gives an empty list; nothing raises.
        """
        ...
