"""Documents, the parts they are read in, and where a piece of text stands in its source."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack

from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import ChunkId, DocumentId, UserId
from studyteddy.domain.paging import SortOrder
from studyteddy.domain.text_rules import require_storable, require_text, stripped_or_none

MAX_FILENAME = 255
MAX_TITLE = 255
MAX_SUBJECT = 100
NAMELESS = "document"
_LONGEST_SUFFIX = 16
# Control characters, halves of surrogate pairs, and marks that turn the reading direction to disguise a suffix.
_NEVER_IN_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


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
        require_text("filename", self.filename, limit=MAX_FILENAME)
        require_text("title", self.title, limit=MAX_TITLE)
        if self.subject is not None:
            require_text("subject", self.subject, limit=MAX_SUBJECT)
        if not 0 <= self.progress <= 100:
            raise Invalid.field("progress", "Progress runs from 0 to 100.")
        if (self.status is DocumentStatus.FAILED) != (self.error is not None):
            raise Invalid("A document has an error exactly when it has failed.")

    def _changed(self, now: datetime, **changes: object) -> Document:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    @property
    def storage_key(self) -> str:
        """Where its bytes lie: named by owner, hash and id alone, so that no upload ever touches another's bytes."""
        return f"{self.owner}/{self.sha256}-{self.id}"

    @classmethod
    def create(
        cls,
        *,
        id: DocumentId,
        owner: UserId,
        filename: str,
        media_type: MediaType,
        size: int,
        sha256: str,
        title: str | None,
        subject: str | None,
        now: datetime,
    ) -> Document:
        """A new document that waits to be read. Without a title it goes by its file name."""
        name = clean_filename(filename)
        return cls(
            id=id,
            owner=owner,
            filename=name,
            media_type=media_type,
            size=size,
            sha256=sha256,
            title=(title or "").strip() or title_of(name),
            subject=stripped_or_none(subject),
            status=DocumentStatus.QUEUED,
            progress=0,
            error=None,
            page_count=None,
            chunk_count=0,
            summary=None,
            key_concepts=(),
            version=1,
            created_at=now,
            updated_at=now,
        )

    def edited(self, now: datetime, **changes: Unpack[DocumentChanges]) -> Document:
        """The document with another title or subject; ``edited(now, subject=None)`` removes the subject."""
        tidy = changes.copy()
        if "title" in tidy:
            tidy["title"] = tidy["title"].strip()
        if "subject" in tidy:
            tidy["subject"] = stripped_or_none(tidy["subject"])
        return self._changed(now, **tidy)

    def queued(self, now: datetime) -> Document:
        """Waiting to be read again: nothing of an earlier reading counts any more."""
        if self.status in (DocumentStatus.QUEUED, DocumentStatus.PROCESSING):
            raise Conflict(
                "This document is being read right now. Wait until it is done, then try again.", code="in_progress"
            )
        return self._changed(now, status=DocumentStatus.QUEUED, progress=0, error=None)

    def started(self, now: datetime) -> Document:
        """Being read. Starting twice is fine: a worker that was killed is followed by another."""
        return self._changed(now, status=DocumentStatus.PROCESSING, progress=0, error=None)

    def finished(
        self,
        *,
        page_count: int,
        chunk_count: int,
        summary: str | None,
        key_concepts: tuple[str, ...],
        now: datetime,
        own_title: str | None = None,
    ) -> Document:
        """Read to the end and open to search. ``own_title``, which the file states of itself, takes the place of a
        title that was made of the file's name; one that the owner gave stays."""
        stated = (own_title or "").strip()[:MAX_TITLE].strip()
        return self._changed(
            now,
            title=stated if stated and self.title == title_of(self.filename) else self.title,
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


class DocumentChanges(TypedDict, total=False):
    """The fields of a document that its owner may change; what is left out stays as it is."""

    title: str
    subject: str | None


class DocumentOrder(SortOrder):
    """What a list of documents is sorted by; a minus sign turns the order around."""

    CREATED_AT = "created_at"
    CREATED_AT_DESCENDING = "-created_at"
    TITLE = "title"
    TITLE_DESCENDING = "-title"

    def value_of(self, document: Document) -> datetime | str:
        """What documents are compared by: an instant, or the title in lower case."""
        return document.created_at if self.field == "created_at" else document.title.lower()

    def value_from(self, text: str) -> datetime | str:
        """The value that ``str`` made this text of."""
        return datetime.fromisoformat(text) if self.field == "created_at" else text


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents to list; None leaves a question open. ``text`` is sought in title and file name, whatever the
    case."""

    status: DocumentStatus | None = None
    subject: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.subject is not None:
            require_storable("subject", self.subject, limit=MAX_SUBJECT)
        if self.text is not None:
            require_storable("q", self.text, limit=MAX_TITLE)

    def matches(self, document: Document) -> bool:
        """Whether a document belongs into the list."""
        wanted = (self.text or "").lower()
        return (
            self.status in (None, document.status)
            and self.subject in (None, document.subject)
            and (wanted in document.title.lower() or wanted in document.filename.lower())
        )


def clean_filename(name: str) -> str:
    """The name of a file as it may be shown: without folders, control characters and marks that turn the reading
    direction, at most ``MAX_FILENAME`` characters with its suffix kept. Everything else stays as the student knows it;
    no file on disk is ever called like this."""
    name = unicodedata.normalize("NFC", _NEVER_IN_A_NAME.sub("", name))
    name = re.split(r"[/\\]", name)[-1].strip()
    if not name.strip(". "):
        return NAMELESS
    if len(name) > MAX_FILENAME:
        stem, dot, suffix = name.rpartition(".")
        keeps = bool(stem) and len(suffix) <= _LONGEST_SUFFIX
        name = stem[: MAX_FILENAME - len(suffix) - 1].rstrip() + dot + suffix if keeps else name[:MAX_FILENAME].rstrip()
    return name


def title_of(filename: str) -> str:
    """A title made of a clean file name: without its suffix and with spaces for underscores."""
    stem, dot, suffix = filename.rpartition(".")
    bare = stem if dot and stem and len(suffix) <= _LONGEST_SUFFIX else filename
    return bare.replace("_", " ").strip() or filename
