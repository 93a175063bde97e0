"""Give the chunks of a document their vectors: while it is read, later, or anew for another model."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.embedder import Embedder, batch_of
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind, JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.documents import Document, DocumentStatus
from studyteddy.domain.errors import NotFound, StudyTeddyError
from studyteddy.domain.ids import DocumentId, JobId, UserId

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(hours=1)
"""How long a document whose embedder was away for all attempts of a job waits for the next job."""

_MAY_MEND = {"provider_unavailable", "rate_limited", "provider_rejected_key"}


class EmbedderFailed(Exception):
    """The embedder can't be asked now; ``fault`` says why. Other faults, as of the database, stay what they are."""

    def __init__(self, fault: StudyTeddyError) -> None:
        super().__init__(fault.message)
        self.fault = fault


def embed_chunks(
    unit_of_work: UnitOfWorkFactory, embedder: Embedder, owner: UserId, document_id: DocumentId
) -> Iterator[int]:
    """Give each chunk that lacks one a vector, and yield after each call to the provider how many it was for.

    What a call brought is kept at once, so whoever takes up the work asks for no vector twice. Raises
    ``EmbedderFailed``.
    """
    size = batch_of(embedder)
    while True:
        with unit_of_work() as uow:
            lacking = uow.chunk_writer.without_vector(owner, document_id, embedder.model, limit=size)
            if not lacking:
                uow.vectors.note_complete(owner, document_id, embedder.model)
                uow.commit()
                return
        try:
            vectors = embedder.embed([chunk.text for chunk in lacking])
        except StudyTeddyError as fault:
            raise EmbedderFailed(fault) from fault
        named = {chunk.id: vector for chunk, vector in zip(lacking, vectors, strict=True)}
        with unit_of_work() as uow:
            uow.chunk_writer.put_vectors(owner, document_id, embedder.model, named)
            uow.commit()
        yield len(lacking)


def queue_embedding(uow: UnitOfWork, job: Job, *, after: timedelta = timedelta(0), clock: Clock) -> None:
    """Queue the embedding of the document that ``job`` was about. Saying it twice queues one: its id follows from the
    job's."""
    now = clock()
    follower = Job(
        id=JobId(uuid5(job.id, "vectors")),
        owner=job.owner,
        kind=JobKind.EMBED_DOCUMENT,
        subject_id=job.subject_id,
        not_before=now + after if after else None,
        created_at=now,
        updated_at=now,
    )
    try:
        uow.jobs.get(job.owner, follower.id)
    except NotFound:
        uow.jobs.add(follower)


def open_embeddings(uow: UnitOfWork, owner: UserId, document_id: DocumentId) -> list[Job]:
    """The jobs that wait to embed a document, or do it now."""
    jobs = uow.jobs.of_subject(owner, document_id)
    wanted = (JobStatus.QUEUED, JobStatus.RUNNING)
    return [job for job in jobs if job.kind is JobKind.EMBED_DOCUMENT and job.status in wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedDocument:
    """The ``JobHandler`` that embeds a document which can be searched by words already.

    When the embedder stays away for all attempts, another job follows an hour later, for as long as it takes.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    embedder: Embedder | None = None

    def run(self, job: Job, beat: Heartbeat) -> None:
        """Embed. A document that is deleted meanwhile, or read anew, ends the work quietly."""
        try:
            document = self._ready(job)
            if document is None or self.embedder is None:
                return
            done = 0
            for count in embed_chunks(self.unit_of_work, self.embedder, job.owner, document.id):
                done += count
                if not beat(99 * done // max(1, document.chunk_count)):
                    return
        except EmbedderFailed as failed:
            raise failed.fault from failed
        except NotFound:
            if self._ready(job) is not None:
                raise

    def give_up(self, job: Job, code: str) -> None:
        """Try once more in an hour, where that may help."""
        if code not in _MAY_MEND or self._ready(job) is None:
            return
        with self.unit_of_work() as uow:
            queue_embedding(uow, job, after=TRY_AGAIN_AFTER, clock=self.clock)
            uow.commit()

    def _ready(self, job: Job) -> Document | None:
        """The document, if it is there and nobody is about to read (and embed) it."""
        with self.unit_of_work() as uow:
            try:
                document = uow.documents.get(job.owner, DocumentId(job.subject_id))
            except NotFound:
                return None
        return document if document.status is DocumentStatus.READY else None
