"""Gaps in a field, ``{{c1::answer::hint}}``, which may stand in each other."""

from __future__ import annotations

import re

_PIECE = re.compile(r"\{\{c(\d{1,3}(?:,\d{1,3})*)::|\}\}")
_HINT = "::"
_OURS = "\0"
"""Stands for ``::`` in a gap that is kept, until all is written: a gap around it must not take it for its own."""


class _Gap:
    __slots__ = ("numbers", "opening", "written")

    def __init__(self, numbers: frozenset[int] = frozenset(), opening: str = "") -> None:
        self.numbers = numbers
        self.opening = opening
        self.written: list[str] = []

    def parts(self) -> tuple[str, str]:
        """What it hides, and the hint."""
        answer, _, hint = "".join(self.written).partition(_HINT)
        return answer, hint


def numbers_of(text: str) -> set[int]:
    """The numbers of the gaps; each makes a card."""
    found = (piece.group(1) for piece in _PIECE.finditer(text) if piece.group(1))
    return {int(number) for numbers in found for number in numbers.split(",")}


def filled(text: str) -> str:
    """The text without gaps."""
    return _walked(text, None)


def with_one_gap(text: str, number: int) -> str:
    """The text in which the gaps of this number alone are left, all as number 1, in our notation."""
    return _walked(text, number)


def _walked(text: str, number: int | None) -> str:
    open_gaps = [_Gap()]
    at = 0
    for piece in _PIECE.finditer(text):
        open_gaps[-1].written.append(text[at : piece.start()])
        at = piece.end()
        if piece.group(1):
            open_gaps.append(_Gap(frozenset(map(int, piece.group(1).split(","))), piece.group()))
        elif len(open_gaps) == 1:
            open_gaps[-1].written.append(piece.group())
        else:
            gap = open_gaps.pop()
            # A gap inside one that stays would end it early: what holds a gap shows only the outer one.
            outer = any(number in one.numbers for one in open_gaps)
            open_gaps[-1].written.append(_closed(gap, kept=number in gap.numbers and not outer))
    # What was never closed is no gap.
    written = "".join(gap.opening + "".join(gap.written) for gap in open_gaps) + text[at:]
    return written.replace(_OURS, _HINT)


def _closed(gap: _Gap, *, kept: bool) -> str:
    answer, hint = gap.parts()
    if not kept:
        return answer
    return "{{" + _OURS.join(["c1", answer, hint] if hint else ["c1", answer]) + "}}"
