"""Add, find, change, open and remove documents."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, Unpack

from studyteddy.application.ports.chunk_index import Match
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import Job, JobKind, JobStatus
from studyteddy.application.ports.object_store import DownloadLinks, ObjectStore
from studyteddy.application.ports.text_extractor import TextExtractor
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.documents import Document, DocumentChanges, DocumentFilter, DocumentOrder, Locator, Section
from studyteddy.domain.errors import Invalid, NotFound, TooLarge, Unavailable
from studyteddy.domain.ids import ChunkId, DocumentId, JobId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.storage_quota import NO_QUOTA, StorageQuota
from studyteddy.domain.versions import check_version

MEGABYTE = 1024 * 1024
MAX_SIZE = 50 * MEGABYTE
LINK_LIFETIME = timedelta(minutes=5)
_HEAD = 8_192
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedDocument:
    """A document, the newest job that reads it, and whether the same bytes were there before."""

    document: Document
    job_id: JobId
    existing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDocument:
    """Keep a file and queue its reading. The same bytes again give the document that is there already.

    ``content`` is read from its first byte; it stays open. Raises ``Invalid`` (``empty_file``), ``TooLarge`` beyond
    ``max_size`` bytes, ``UnsupportedType`` for what can't be read, and ``quota_exceeded`` beyond the ``quota``.
    """

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    extractor: TextExtractor
    new_id: NewId
    clock: Clock
    max_size: int = MAX_SIZE
    quota: StorageQuota = NO_QUOTA

    def __call__(
        self, *, owner: UserId, filename: str, content: BinaryIO, title: str | None = None, subject: str | None = None
    ) -> AddedDocument:
        with tempfile.SpooledTemporaryFile(max_size=_PIECE) as spool:
            size, sha256 = self._spooled(content, spool)  # type: ignore[arg-type]
            spool.seek(0)
            media_type = self.extractor.identify(filename, spool.read(_HEAD))
            spool.seek(0)
            document = Document.create(
                id=DocumentId(self.new_id()),
                owner=owner,
                filename=filename,
                media_type=media_type,
                size=size,
                sha256=sha256,
                title=title,
                subject=subject,
                now=self.clock(),
            )
            return self._existing(document) or self._kept(document, spool)  # type: ignore[arg-type]

    def _spooled(self, content: BinaryIO, spool: BinaryIO) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > self.max_size:
                raise TooLarge(f"Files may have up to {self.max_size // MEGABYTE} MB. Split the file or compress it.")
            digest.update(piece)
            spool.write(piece)
        if not size:
            raise Invalid.field("file", "This file is empty. Choose another one.", code="empty_file")
        return size, digest.hexdigest()

    def _existing(self, document: Document) -> AddedDocument | None:
        with self.unit_of_work() as uow:
            kept = uow.documents.by_sha256(document.owner, document.sha256)
            if kept is None:
                self.quota.check(uow.documents.use(document.owner).with_file(document.size))  # before bytes are stored
                return None
            jobs = uow.jobs.of_subject(kept.owner, kept.id)
            job = next((job for job in jobs if job.kind is JobKind.INGEST_DOCUMENT), None)
            if job is None:  # it was over so long ago that it was forgotten; this one reads only what could not be read
                job = _queue_reading(uow, kept, JobId(self.new_id()))
                uow.commit()
        return AddedDocument(document=kept, job_id=job.id, existing=True)

    def _kept(self, document: Document, content: BinaryIO) -> AddedDocument:
        self.objects.put(document.storage_key, content)
        try:
            added = self._committed(document)
        except Unavailable:
            # The database may have committed before it fell silent: bytes that nobody names do less harm than a
            # document without its bytes.
            raise
        except BaseException:
            self.objects.delete(document.storage_key)
            raise
        if added is not None:
            return added
        # Somebody uploaded the same bytes a moment ago: theirs stay, ours go.
        self.objects.delete(document.storage_key)
        found = self._existing(document)
        if found is None:
            raise NotFound("This file was added and deleted at the same moment. Upload it again.")
        return found

    def _committed(self, document: Document) -> AddedDocument | None:
        with self.unit_of_work() as uow:
            if not uow.documents.add(document):
                return None
            self.quota.check(uow.documents.use(document.owner, held=True))
            job = _queue_reading(uow, document, JobId(self.new_id()))
            uow.commit()
        return AddedDocument(document=document, job_id=job.id, existing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDocument:
    """One document of its owner."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, document_id: DocumentId) -> Document:
        with self.unit_of_work() as uow:
            return uow.documents.get(owner, document_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocuments:
    """A page of documents that match a filter."""

    unit_of_work: UnitOfWorkFactory

    def __call__(
        self, *, owner: UserId, wanted: DocumentFilter, order: DocumentOrder, request: PageRequest
    ) -> Page[Document]:
        with self.unit_of_work() as uow:
            return uow.documents.page(owner, wanted, order, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDocument:
    """Change title or subject; ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        document_id: DocumentId,
        version: int | None = None,
        **changes: Unpack[DocumentChanges],
    ) -> Document:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
            check_version(document.version, version)
            document = document.edited(self.clock(), **changes)
            uow.documents.save(document)
            uow.commit()
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDocument:
    """Remove a document for good: its bytes, its pages, all that search knows. Cards made from it keep their text."""

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    clock: Clock

    def __call__(self, *, owner: UserId, document_id: DocumentId, version: int | None = None) -> None:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
            check_version(document.version, version)
            for job in uow.jobs.of_subject(owner, document_id):
                uow.jobs.request_cancel(owner, job.id, now=self.clock())
            uow.commit()
        # The bytes first: should this process die here, the document is still there to be deleted again.
        self.objects.delete(document.storage_key)
        with self.unit_of_work() as uow:
            uow.documents.delete(owner, document_id)
            uow.cards.forget_document(owner, document_id, self.clock())
            uow.proposals.forget_document(owner, document_id)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprocessDocument:
    """Queue a document to be read again. ``Conflict`` (``in_progress``) while it waits or is being read."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, document_id: DocumentId) -> AddedDocument:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id).queued(self.clock())
            uow.documents.save(document)
            job = _queue_reading(uow, document, JobId(self.new_id()))
            uow.commit()
        return AddedDocument(document=document, job_id=job.id, existing=True)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A document and its bytes; the caller closes the stream."""

    document: Document
    content: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """The bytes as they were uploaded."""

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore

    def __call__(self, *, owner: UserId, document_id: DocumentId) -> OpenedFile:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
        return OpenedFile(document, self.objects.open(document.storage_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToFile:
    """An address at the store itself that gives the file as a download to whoever has it, for ``lifetime``."""

    unit_of_work: UnitOfWorkFactory
    links: DownloadLinks
    lifetime: timedelta = LINK_LIFETIME

    def __call__(self, *, owner: UserId, document_id: DocumentId) -> str:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
        return self.links.link(
            document.storage_key,
            filename=document.filename,
            media_type=document.media_type.value,
            lifetime=self.lifetime,
        )


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One page, slide or part with its text, how many the document has, and where the passage stands that was asked
    for."""

    section: Section
    page_count: int
    passage: Locator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """The text of one page, as citations count them, and on wish the place of a ``chunk`` on it.

    ``NotFound`` while the document isn't ready, and for a chunk that doesn't stand on this page.
    """

    unit_of_work: UnitOfWorkFactory

    def __call__(
        self, *, owner: UserId, document_id: DocumentId, number: int, chunk: ChunkId | None = None
    ) -> ReadSection:
        with self.unit_of_work() as uow:
            document = uow.documents.get(owner, document_id)
            if document.page_count is None or not 1 <= number <= document.page_count:
                raise NotFound("This document has no such page.")
            section = uow.documents.section(owner, document_id, number)
            place = None if chunk is None else _place(uow, document, number, chunk)
            return ReadSection(section, document.page_count, place)


def _place(uow: UnitOfWork, document: Document, number: int, chunk: ChunkId) -> Locator:
    for passage in uow.chunk_index.passages(document.owner, [Match(chunk, 0.0)]):
        if passage.document_id == document.id and passage.locator.number == number:
            return passage.locator
    raise NotFound("This page has no such passage. The document may have been read again since.")


def _queue_reading(uow: UnitOfWork, document: Document, job_id: JobId) -> Job:
    job = Job(
        id=job_id,
        owner=document.owner,
        kind=JobKind.INGEST_DOCUMENT,
        subject_id=document.id,
        status=JobStatus.QUEUED,
        created_at=document.updated_at,
        updated_at=document.updated_at,
    )
    uow.jobs.add(job)
    return job
