"""Reading the cards of a package that another program for flashcards wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from studyteddy.domain.flashcards.card_table import TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPackage:
    """The cards of a package as rows, in its own order and numbered from 1; ``without_media`` is how many of them had
    pictures or sounds, which are left out.
    """

    rows: Sequence[TableRow]
    without_media: int = 0


class CardPackages(Protocol):
    """Turns a package into rows of plain text: formulas and gaps in our own notation, nothing of its markup.

    Hostile input costs the caller nothing but an ``Invalid``: time, memory and network are bounded.
    """

    def read(self, content: BinaryIO) -> CardPackage:
        """The cards. Raises ``Invalid`` for the field ``file``: ``unreadable_package`` for what is none or is damaged,
        ``too_many_rows`` for more than 5,000 cards, ``too_large`` for one that unpacks too far or takes too long.
        """
        ...
