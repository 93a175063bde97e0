"""Read a document: its text page by page, its chunks, their terms and vectors, and what it is about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from studyteddy.application.documents.embedding import EmbedderFailed, embed_chunks, queue_embedding
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.embedder import Embedder
from studyteddy.application.ports.events import USER_CHANNEL, Events
from studyteddy.application.ports.jobs import Heartbeat, Job
from studyteddy.application.ports.notices import NO_NOTICES, Notices
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.application.ports.text_analyzer import TextAnalyzer
from studyteddy.application.ports.text_extractor import Extraction, ExtractionFailed, TextExtractor
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.digest import Digest, Sample, digest
from studyteddy.domain.documents import Chunk, Document, DocumentStatus, FailureReason, Section
from studyteddy.domain.errors import Invalid, NotFound, StaleVersion
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.notifications import Notification, NotificationKind
from studyteddy.domain.retrieval.chunking import chunk_section
from studyteddy.domain.retrieval.lexical import PostingsBuilder

log = logging.getLogger(__name__)

PROGRESS = "document-progress"

STORED_AT_ONCE = 200_000
"""Characters that are read before they are written: few transactions, a bounded share of memory, and little left to do
when the last page comes."""
INDEXED_AT_ONCE = 4_096
"""Chunks whose terms are told to the index together; nearly every document is told in one part."""
LONGEST_TERM = 200
"""Nobody searches for longer ones, and no index takes them."""

_READ_SHARE = 80
_TELL_EVERY = 0.5
_CHANGE_ATTEMPTS = 5

_REASONS = {reason.value: reason for reason in FailureReason} | {
    "internal_error": FailureReason.TIMEOUT,
    "worker_lost": FailureReason.TIMEOUT,
    "database_unavailable": FailureReason.PROVIDER_UNAVAILABLE,
    "database_busy": FailureReason.PROVIDER_UNAVAILABLE,
    "storage_unavailable": FailureReason.PROVIDER_UNAVAILABLE,
    "provider_rejected_key": FailureReason.PROVIDER_UNAVAILABLE,
}


_ENDS = {
    DocumentStatus.READY: NotificationKind.DOCUMENT_READY,
    DocumentStatus.FAILED: NotificationKind.DOCUMENT_FAILED,
}


class _Stopped(Exception):
    """The job was cancelled, or another worker has it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestDocument:
    """The ``JobHandler`` that makes a document ready to be searched.

    Everything it writes replaces what an earlier, killed attempt wrote. Nothing of a document is found before the last
    step, which opens it to search as a whole. While the embedder is away that is a search by words, and a job of its
    own follows which embeds.
    """

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    extractor: TextExtractor
    analyzer: TextAnalyzer
    events: Events
    clock: Clock
    embedder: Embedder | None = None
    everyday: Collection[str] = ()
    notices: Notices = NO_NOTICES

    def run(self, job: Job, beat: Heartbeat) -> None:
        """Read the document that the job names. One that is deleted meanwhile ends the work quietly."""
        try:
            document = self._started(job)
            if document is None:
                return
            with self._bytes(document) as extraction:
                self._read(job, document, extraction, beat)
        except _Stopped:
            return
        except ExtractionFailed as fault:
            log.info("document %s can't be read: %s", job.subject_id, fault)
            raise Invalid("This document can't be read.", code=str(fault.reason)) from fault
        except NotFound:
            if self._exists(job):
                raise

    def give_up(self, job: Job, code: str) -> None:
        """Mark the document as failed, for a reason that its owner can act on."""
        reason = _REASONS.get(code, FailureReason.CORRUPT)

        def failed(document: Document) -> Document:
            waits = document.status in (DocumentStatus.QUEUED, DocumentStatus.PROCESSING)
            return document.failed(reason, self.clock()) if waits else document

        try:
            self._tell(self._changed(job.owner, DocumentId(job.subject_id), failed))
        except NotFound:
            return

    def _started(self, job: Job) -> Document | None:
        """The document under work; None when there is nothing (more) to do."""

        def started(document: Document) -> Document:
            return document if document.status is DocumentStatus.READY else document.started(self.clock())

        document = self._changed(job.owner, DocumentId(job.subject_id), started)
        if document.status is DocumentStatus.READY:
            return None
        self._tell(document)
        return document

    @contextmanager
    def _bytes(self, document: Document) -> Iterator[Extraction]:
        with self.objects.open(document.storage_key) as content:
            yield self.extractor.extract(content, document.media_type)

    def _read(self, job: Job, document: Document, extraction: Extraction, beat: Heartbeat) -> None:
        reading = _Reading(self, document, extraction, beat)
        for section in extraction.sections:
            reading.take(section)
        reading.write()
        embedded = self.embedder is None or self._embed(document, self.embedder, reading)
        summed_up = digest(reading.sample.texts, self.analyzer.terms, self.everyday)
        later = None if embedded else job
        self._finish(document, extraction, reading.chunk_count, summed_up, embed_after=later)

    def _embed(self, document: Document, embedder: Embedder, reading: _Reading) -> bool:
        """Give each chunk a vector, unless an earlier attempt did. False when the embedder can't be asked now: the
        document shall not wait for it."""
        done = 0
        try:
            for count in embed_chunks(self.unit_of_work, embedder, document.owner, document.id):
                done += count
                reading.progressed(_READ_SHARE + (99 - _READ_SHARE) * done // max(1, reading.chunk_count))
        except EmbedderFailed as failed:
            log.warning("document %s is embedded later, the embedder refused: %s", document.id, failed.fault.code)
            return False
        return True

    def _finish(
        self,
        document: Document,
        extraction: Extraction,
        chunk_count: int,
        summed_up: Digest,
        *,
        embed_after: Job | None = None,
    ) -> None:
        def finished(current: Document) -> Document:
            return current.finished(
                own_title=extraction.title,
                page_count=extraction.section_count,
                chunk_count=chunk_count,
                summary=summed_up.summary,
                key_concepts=summed_up.key_concepts,
                now=self.clock(),
            )

        self._tell(self._changed(document.owner, document.id, finished, embed_after=embed_after))

    def _changed(
        self,
        owner: UserId,
        document_id: DocumentId,
        change: Callable[[Document], Document],
        *,
        embed_after: Job | None = None,
    ) -> Document:
        """Change the document, again and again if its owner edits it at the same moment."""
        for _ in range(_CHANGE_ATTEMPTS - 1):
            try:
                return self._changed_once(owner, document_id, change, embed_after)
            except StaleVersion:
                continue
        return self._changed_once(owner, document_id, change, embed_after)

    def _changed_once(
        self,
        owner: UserId,
        document_id: DocumentId,
        change: Callable[[Document], Document],
        embed_after: Job | None,
    ) -> Document:
        notice = None
        with self.unit_of_work() as uow:
            before = uow.documents.get(owner, document_id)
            after = change(before)
            if after is not before:
                uow.documents.save(after)
                if embed_after is not None:
                    queue_embedding(uow, embed_after, clock=self.clock)
                notice = self._notice(uow, after)
                uow.commit()
        self.notices.tell(notice)
        return after

    def _notice(self, uow: UnitOfWork, document: Document) -> Notification | None:
        """What its owner is told of a document that has come to its end, written with the change."""
        kind = _ENDS.get(document.status)
        if kind is None:
            return None
        data: dict[str, object] = {"document_id": str(document.id), "title": document.title or document.filename}
        if document.error is not None:
            data["error"] = document.error.value
        occasion = str(document.version)
        now = self.clock()
        return self.notices.write(
            uow, kind, owner=document.owner, subject_id=document.id, occasion=occasion, data=data, now=now
        )

    def _exists(self, job: Job) -> bool:
        with self.unit_of_work() as uow:
            try:
                uow.documents.get(job.owner, DocumentId(job.subject_id))
            except NotFound:
                return False
        return True

    def _tell(self, document: Document) -> None:
        self.tell_progress(document, document.status, document.progress)

    def tell_progress(self, document: Document, status: DocumentStatus, progress: int) -> None:
        """Publish how far a document is."""
        news: dict[str, object] = {"document_id": str(document.id), "status": status.value, "progress": progress}
        if document.error is not None:
            news["error"] = document.error.value
        self.events.publish(document.owner, USER_CHANNEL, PROGRESS, news)


@dataclass(slots=True)
class _Reading:
    """What was read and is still to be written. It never holds more than a bounded part of the document."""

    ingest: IngestDocument
    document: Document
    extraction: Extraction
    beat: Heartbeat
    chunk_count: int = 0
    sample: Sample = field(default_factory=Sample)
    _sections: list[Section] = field(default_factory=list)
    _chunks: list[Chunk] = field(default_factory=list)
    _characters: int = 0
    _postings: PostingsBuilder = field(default_factory=PostingsBuilder)
    _indexed: int = 0
    _untouched: bool = True
    _told_at: float = field(default_factory=monotonic)

    def take(self, section: Section) -> None:
        """Split and analyze the next section."""
        chunks = chunk_section(self.document.id, section, first_index=self.chunk_count)
        self.chunk_count += len(chunks)
        self._sections.append(section)
        self._chunks += chunks
        for chunk in chunks:
            self.sample.add(chunk.text)
            self._postings.add(self._terms_of(chunk.text))
        self._characters += len(section.text)
        if self._characters >= STORED_AT_ONCE or len(self._postings) >= INDEXED_AT_ONCE:
            self._store(last=False)
        self.progressed(_READ_SHARE * section.number // max(1, self.extraction.section_count))

    def _terms_of(self, text: str) -> list[str]:
        terms = self.ingest.analyzer.terms(text)
        if len(text) > LONGEST_TERM and max(map(len, terms), default=0) > LONGEST_TERM:
            return [term for term in terms if len(term) <= LONGEST_TERM]
        return terms

    def write(self) -> None:
        """Keep the rest, and forget what an earlier reading had beyond it."""
        self._store(last=True)

    def _store(self, *, last: bool) -> None:
        owner, name = self.document.owner, self.document.id
        with self.ingest.unit_of_work() as uow:
            if self._untouched:
                uow.chunk_writer.clear_postings(owner, name)
            uow.documents.put_sections(owner, name, self._sections)
            uow.chunk_writer.put(owner, name, self._chunks)
            if last or len(self._postings) >= INDEXED_AT_ONCE:
                uow.chunk_writer.put_postings(owner, name, self._postings.build(), first_index=self._indexed)
                self._indexed += len(self._postings)
                self._postings = PostingsBuilder()
            if last:
                uow.documents.trim_sections(owner, name, self.extraction.section_count)
                uow.chunk_writer.trim(owner, name, self.chunk_count)
            uow.commit()
        self._untouched = False
        self._sections, self._chunks, self._characters = [], [], 0

    def progressed(self, progress: int) -> None:
        """Tell how far the reading is, a few times a second at most; raises when it should stop."""
        if monotonic() - self._told_at < _TELL_EVERY:
            return
        self._told_at = monotonic()
        if not self.beat(progress):
            raise _Stopped
        with self.ingest.unit_of_work() as uow:
            uow.documents.note_progress(self.document.owner, self.document.id, progress, now=self.ingest.clock())
            uow.commit()
        self.ingest.tell_progress(self.document, DocumentStatus.PROCESSING, progress)
