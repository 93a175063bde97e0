"""Reading the text of a file, section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from studyteddy.domain.documents import FailureReason, MediaType, Section


class ExtractionFailed(Exception):
    """The file can't be read; ``reason`` says why in a code, ``detail`` for the log only."""

    def __init__(self, reason: FailureReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a file holds: its own title where it states one, the number of its sections, and the sections in order.

    ``sections`` is lazy, can be read once, yields exactly ``section_count`` sections numbered from 1,
    and may raise ``ExtractionFailed`` at any step.
    """

    title: str | None
    section_count: int
    sections: Iterator[Section]


class TextExtractor(Protocol):
    """Turns bytes into sections of clean text.

    Text is NFC, holds no NUL and no lone surrogate, uses ``\\n`` line ends, and keeps paragraphs apart by a blank line.
    Hostile input costs the caller nothing but an ``ExtractionFailed``: time, memory and network are bounded.
    """

    def identify(self, filename: str, head: bytes) -> MediaType:
        """Tell the type from the name and the first bytes (8 KiB are enough).

        Raises ``UnsupportedType`` (code ``unsupported_type``) for a kind that can't be read, and the same with code
        ``type_mismatch`` where name and content contradict each other.
        """
        ...

    def extract(self, content: BinaryIO, media_type: MediaType) -> Extraction:
        """Read the sections. Raises ``ExtractionFailed``, here or while the sections are read."""
        ...
