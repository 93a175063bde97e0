"""Templates of cards: fields in double braces, parts that depend on a field, and gaps.

What stands in a template: https://docs.ankiweb.net/templates/intro.html.
"""

from __future__ import annotations

import re

from studyteddy.adapters.text_extraction.anki.gaps import filled, with_one_gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMPTY = re.compile(r"<(?!img\b|audio\b|video\b)[^>]*>|&nbsp;|\s", re.IGNORECASE)
_MOST_NESTED = 50


def rendered(template: str, fields: Mapping[str, str], *, gap: int | None = None, answers: bool = False) -> str:
    """The markup of one side of a card.

    Of a field with gaps those of number ``gap`` stay gaps, or are filled in on the side of the answers. A field that
    is not there is nothing, and so is the question where a side of the answers repeats it.
    """
    written: list[str] = []
    hidden = [False]
    at = 0
    source = _COMMENT.sub("", template)
    for tag in _TAG.finditer(source):
        if not hidden[-1]:
            written.append(source[at : tag.start()])
        at = tag.end()
        sign, name = tag.group(1), tag.group(2).strip()
        if sign == "/":
            hidden = hidden[:-1] if len(hidden) > 1 else hidden
        elif sign:
            empty = not _EMPTY.sub("", fields.get(name, ""))
            hidden = [*hidden, hidden[-1] or empty == (sign == "#")][-_MOST_NESTED:]
        elif not hidden[-1]:
            written.append(_field(name, fields, gap, answers))
    if not hidden[-1]:
        written.append(source[at:])
    return "".join(written)


def _field(name: str, fields: Mapping[str, str], gap: int | None, answers: bool) -> str:
    """A field, perhaps after filters: ``type:Back`` asks for an answer to be typed, which is none of the question."""
    *filters, field = name.split(":")
    text = fields.get(field.strip(), "")
    if "cloze" in filters and gap is not None:
        return filled(text) if answers else with_one_gap(text, gap)
    return "" if "type" in filters and not answers else text
