"""How deep the elements of a page stand in each other, before a parser is asked.

HTML's rules look back through all open elements at each new one, so parsing takes quadratic time in the depth.
"""

from __future__ import annotations

import re

DEEPEST = 5_000
"""Elements inside each other. Browsers stop at 512."""

_BLOCK = 1 << 14
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_NOT_NESTED = frozenset(
    "area base br col embed hr img input link meta source track wbr "
    "p li dt dd tr td th thead tbody tfoot option".split()
)
"""Elements without content, and those that the next of their kind ends."""


def is_too_deep(text: str) -> bool:
    """Whether more than ``DEEPEST`` elements may stand in each other."""
    return _may_be_deep(text) and _is_deep(text)


def _may_be_deep(text: str) -> bool:
    """An upper bound from counting alone, which is enough for nearly every page."""
    depth = 0
    for start in range(0, len(text), _BLOCK):
        end = start + _BLOCK
        closed = text.count("</", start, end)
        opened = text.count("<", start, end) - closed - text.count("/>", start, end)
        if depth + opened > DEEPEST:
            return True
        depth = max(0, depth + opened - closed)
    return False


def _is_deep(text: str) -> bool:
    depth = 0
    for closing, name, self_closed in _TAG.findall(text):
        if self_closed or name.lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > DEEPEST:
            return True
    return False
