"""Documents, the parts they are read in, and where a piece of text stands in its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import ChunkId, DocumentId, UserId

MAX_FILENAME = 255
MAX_TITLE = 255
MAX_SUBJECT = 100


class MediaType(StrEnum):
    """The kinds of document that can be read."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    EPUB = "application/epub+zip"
    HTML = "text/html"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


class DocumentStatus(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class FailureReason(StrEnum):
    """Why a document could not be read, as a code that a person can act on."""

    ENCRYPTED = "encrypted"
    NO_TEXT_LAYER = "no_text_layer"
    UNSUPPORTED_TYPE = "unsupported_type"
    TYPE_MISMATCH = "type_mismatch"
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    EXPANDS_TOO_MUCH = "expands_too_much"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    PROVIDER_UNAVAILABLE = "provider_unavailable"


class LocatorUnit(StrEnum):
    PAGE = "page"
    SLIDE = "slide"
    SECTION = "section"
    HEADING = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a text stands: unit and number (from 1) of its section, and the character range in that section's text."""

    unit: LocatorUnit
    number: int
    label: str | None
    char_start: int
    char_end: int

    def __post_init__(self) -> None:
        if self.number < 1 or not 0 <= self.char_start <= self.char_end:
            raise Invalid("A locator needs a number from 1 and a character range that runs forward.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page, slide, chapter or headed part of a source, with its whole text.

    ``number`` counts from 1 without gaps over the document; a page without text is a section with an empty text,
    so that numbers agree with what a reader of the source sees. ``label`` is the heading path ("Loops > while")
    or the title of the slide, where there is one.
    """

    unit: LocatorUnit
    number: int
    label: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A passage of one section: the unit of search and citation.

    ``locator`` gives the exact range, so that ``section.text[char_start:char_end] == text`` always holds.
    ``index`` counts from 0 over the whole document. ``token_count`` is an upper estimate of model tokens.
    """

    id: ChunkId
    document_id: DocumentId
    index: int
    text: str
    locator: Locator
    token_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of a student and how far it has been read.

    ``progress`` runs 0..100. ``error`` is set exactly when ``status`` is failed. ``page_count`` counts the sections
    (pages, slides, chapters, headed parts) once they are known.
    """

    id: DocumentId
    owner: UserId
    filename: str
    media_type: MediaType
    size: int
    sha256: str
    title: str
    subject: str | None
    status: DocumentStatus
    progress: int
    error: FailureReason | None
    page_count: int | None
    chunk_count: int
    summary: str | None
    key_concepts: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        if not self.filename or len(self.filename) > MAX_FILENAME:
            raise Invalid.field("filename", f"Give the file a name of 1 to {MAX_FILENAME} characters.")
        if not self.title or len(self.title) > MAX_TITLE:
            raise Invalid.field("title", f"Give the document a title of 1 to {MAX_TITLE} characters.")
        if self.subject is not None and not 1 <= len(self.subject) <= MAX_SUBJECT:
            raise Invalid.field("subject", f"A subject has 1 to {MAX_SUBJECT} characters.")
        if not 0 <= self.progress <= 100:
            raise Invalid.field("progress", "Progress runs from 0 to 100.")
        if (self.status is DocumentStatus.FAILED) != (self.error is not None):
            raise Invalid("A document has an error exactly when it has failed.")

    def _changed(self, now: datetime, **changes: object) -> Document:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    def renamed(self, *, title: str, subject: str | None, now: datetime) -> Document:
        """The document under another title or subject."""
        return self._changed(now, title=title, subject=subject)

    def queued(self, now: datetime) -> Document:
        """Waiting to be read (again): nothing of an earlier reading counts any more."""
        if self.status is DocumentStatus.PROCESSING:
            raise Conflict(
                "This document is being read right now. Wait until it is done, then try again.", code="in_progress"
            )
        return self._changed(now, status=DocumentStatus.QUEUED, progress=0, error=None)

    def started(self, now: datetime) -> Document:
        """Being read. Starting twice is fine: a worker that was killed is followed by another."""
        return self._changed(now, status=DocumentStatus.PROCESSING, error=None)

    def progressed(self, progress: int, now: datetime) -> Document:
        """Read this far; progress never runs backwards while a document is processed."""
        return self._changed(now, progress=max(self.progress, min(progress, 99)))

    def finished(
        self, *, page_count: int, chunk_count: int, summary: str | None, key_concepts: tuple[str, ...], now: datetime
    ) -> Document:
        """Read to the end and open to search."""
        return self._changed(
            now,
            status=DocumentStatus.READY,
            progress=100,
            error=None,
            page_count=page_count,
            chunk_count=chunk_count,
            summary=summary,
            key_concepts=key_concepts,
        )

    def failed(self, reason: FailureReason, now: datetime) -> Document:
        """Given up, for a reason that the student can act on."""
        return self._changed(now, status=DocumentStatus.FAILED, error=reason)
