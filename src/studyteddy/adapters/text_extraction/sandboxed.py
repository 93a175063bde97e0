"""The ``TextExtractor`` that reads every document in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from studyteddy.adapters.text_extraction.frames import END, HEAD, SECTION
from studyteddy.adapters.text_extraction.identification import identify
from studyteddy.adapters.text_extraction.limits import Limits
from studyteddy.adapters.text_extraction.reader_process import Frame, ReaderProcess
from studyteddy.application.ports.text_extractor import Extraction, ExtractionFailed
from studyteddy.domain.documents import FailureReason, LocatorUnit, MediaType, Section

_PACKAGE = "studyteddy.adapters.text_extraction"
READERS: Mapping[MediaType, str] = {
    MediaType.PDF: f"{_PACKAGE}.pdf",
    MediaType.DOCX: f"{_PACKAGE}.docx",
    MediaType.PPTX: f"{_PACKAGE}.pptx",
    MediaType.EPUB: f"{_PACKAGE}.epub",
    MediaType.HTML: f"{_PACKAGE}.html",
    MediaType.MARKDOWN: f"{_PACKAGE}.markdown",
    MediaType.TEXT: f"{_PACKAGE}.text",
}
"""Modules with a function ``read(content, bounds) -> Reading``; they are imported in the child only."""

_UNITS = frozenset(unit.value for unit in LocatorUnit)


class SandboxedExtractor:
    """Reads documents in a child process that is limited in memory, time, files and network.

    The child reads ahead while the caller works on the sections it has, as far as a pipe holds. Ending the iteration
    early ends the child; so does forgetting the extraction.
    """

    def __init__(self, limits: Limits | None = None, readers: Mapping[MediaType, str] = READERS) -> None:
        self._limits = limits or Limits()
        self._readers = readers

    def identify(self, filename: str, head: bytes) -> MediaType:
        """See ``TextExtractor.identify``."""
        return identify(filename, head)

    def extract(self, content: BinaryIO, media_type: MediaType) -> Extraction:
        """See ``TextExtractor.extract``. Raises ``ReaderBroken`` where the child can't be started at all."""
        process = ReaderProcess(self._readers[media_type], content, self._limits)
        process.start()
        head = process.next_frame()
        if head.kind != HEAD or head.second not in _UNITS:
            process.close()
            raise ExtractionFailed(FailureReason.CORRUPT, "the reader sent no head")
        if head.number > self._limits.sections:
            process.close()
            raise ExtractionFailed(FailureReason.TOO_MANY_PAGES, f"{head.number} sections")
        sections = _Sections(process, head, self._limits.characters)
        return Extraction(title=head.first or None, section_count=head.number, sections=sections)


class _Sections:
    """The sections of a running child. A class and not a generator: one that is never begun must end its child too."""

    def __init__(self, process: ReaderProcess, head: Frame, characters: int) -> None:
        self._process = process
        self._unit = LocatorUnit(head.second)
        self._count = head.number
        self._number = 0
        self._finished = False
        self._characters = characters

    def __iter__(self) -> Iterator[Section]:
        return self

    def __next__(self) -> Section:
        if self._finished:
            raise StopIteration
        if self._number == self._count:
            self._finish()
            raise StopIteration
        frame = self._process.next_frame()
        self._number += 1
        self._characters -= len(frame.second)
        if frame.kind != SECTION or frame.number != self._number:
            self._fail(FailureReason.CORRUPT, f"a frame {frame.kind!r} instead of section {self._number}")
        if self._characters < 0:
            self._fail(FailureReason.EXPANDS_TOO_MUCH, "too much text in all")
        return Section(unit=self._unit, number=self._number, label=frame.first or None, text=frame.second)

    def _finish(self) -> None:
        frame = self._process.next_frame()
        if frame.kind != END:
            self._fail(FailureReason.CORRUPT, "more sections than announced")
        self._finished = True
        self._process.close()

    def _fail(self, reason: FailureReason, detail: str) -> None:
        self._process.close()
        raise ExtractionFailed(reason, detail)

    def close(self) -> None:
        """End the child before all sections are read."""
        self._process.close()
