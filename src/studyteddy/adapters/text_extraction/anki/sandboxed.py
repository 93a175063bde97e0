"""The ``CardPackages`` that reads each package in a process of its own."""

from __future__ import annotations

import json
from typing import BinaryIO

from studyteddy.adapters.text_extraction.anki.crossing import CARDS_A_SECTION, UNIT
from studyteddy.adapters.text_extraction.frames import HEAD, SECTION
from studyteddy.adapters.text_extraction.limits import Limits
from studyteddy.adapters.text_extraction.reader_process import ReaderProcess
from studyteddy.application.ports.card_packages import CardPackage
from studyteddy.application.ports.text_extractor import ExtractionFailed
from studyteddy.domain.documents import FailureReason
from studyteddy.domain.errors import Invalid, TooLarge
from studyteddy.domain.flashcards.card_table import MOST_ROWS, TableRow
from studyteddy.domain.flashcards.cards import normalised_tags

_READER = "studyteddy.adapters.text_extraction.anki.package"
_LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=30.0,
    unpacked=512 << 20,
    entries=100_000,
    sections=MOST_ROWS // CARDS_A_SECTION,
)
"""Most of a package are pictures and sounds, which nobody unpacks."""

_TOO_LARGE = frozenset((FailureReason.TOO_LARGE, FailureReason.EXPANDS_TOO_MUCH, FailureReason.TIMEOUT))


class SandboxedCardPackages:
    """Reads packages in a child process that is limited in memory, time, files and network."""

    def __init__(self, limits: Limits = _LIMITS) -> None:
        self._limits = limits

    def read(self, content: BinaryIO) -> CardPackage:
        """See ``CardPackages.read``. Raises ``ReaderBroken`` where the child can't be started at all."""
        try:
            cards = self._cards(content)
        except ExtractionFailed as failure:
            raise _refusal(failure.reason) from failure
        return CardPackage(
            rows=[
                TableRow(number=number, front=front, back=back, tags=normalised_tags(tags.split()))
                for number, (front, back, tags, _) in enumerate(cards, 1)
            ],
            without_media=sum(media for *_, media in cards),
        )

    def _cards(self, content: BinaryIO) -> list[tuple[str, str, str, bool]]:
        process = ReaderProcess(_READER, content, self._limits)
        try:
            process.start()
            head = process.next_frame()
            if head.kind != HEAD or head.second != UNIT or head.number > self._limits.sections:
                raise ExtractionFailed(FailureReason.CORRUPT, "the reader sent no head")
            return [card for _ in range(head.number) for card in self._section(process)]
        finally:
            process.close()

    def _section(self, process: ReaderProcess) -> list[tuple[str, str, str, bool]]:
        frame = process.next_frame()
        try:
            if frame.kind != SECTION:
                raise ValueError(f"a frame {frame.kind!r}")
            return [
                (str(front), str(back), str(tags), bool(media)) for front, back, tags, media in json.loads(frame.second)
            ]
        except (ValueError, TypeError) as fault:
            raise ExtractionFailed(FailureReason.CORRUPT, f"no cards: {fault}") from fault


def _refusal(reason: FailureReason) -> Invalid:
    if reason is FailureReason.TOO_MANY_PAGES:
        return Invalid.field("file", f"Bring at most {MOST_ROWS:,} cards at a time.", code="too_many_rows")
    if reason in _TOO_LARGE:
        return TooLarge.field("file", "This package is too large. Export its decks one by one.")
    return Invalid.field(
        "file",
        "This is no package of cards, or a damaged one. Export the deck from Anki again, as a file that ends in .apkg.",
        code="unreadable_package",
    )
