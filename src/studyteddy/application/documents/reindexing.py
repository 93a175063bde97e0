"""Embed the documents that lack vectors of the present model, as after a change of EMBEDDING_MODEL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studyteddy.application.documents.embedding import open_embeddings
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.embedder import Embedder
from studyteddy.application.ports.jobs import Job, JobKind, JobStatus
from studyteddy.application.ports.repositories.vectors import Coverage
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import DocumentId, JobId, UserId


@dataclass(frozen=True, slots=True)
class Reindexed:
    """A document that is to be embedded, and the job that does it."""

    document: Document
    job_id: JobId


def _model_of(embedder: Embedder | None) -> str:
    if embedder is None:
        raise Invalid.field("EMBEDDING_MODEL", "Set EMBEDDING_MODEL to the model whose vectors you want.")
    return embedder.model


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindex:
    """Queue a job for each of the owner's documents that lacks vectors, and tell them.

    Calling it again is harmless: a document that is being embedded keeps its job, one that waits for another attempt
    gets it now. Search goes on meanwhile: documents without vectors count by their words. ``Invalid`` without an
    embedder.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    embedder: Embedder | None = None

    def __call__(self, *, owner: UserId) -> Sequence[Reindexed]:
        model = _model_of(self.embedder)
        with self.unit_of_work() as uow:
            queued = [self._queued(uow, owner, document_id) for document_id in uow.vectors.lacking(owner, model)]
            uow.commit()
        return queued

    def _queued(self, uow: UnitOfWork, owner: UserId, document_id: DocumentId) -> Reindexed:
        document = uow.documents.get(owner, document_id)
        for job in open_embeddings(uow, owner, document_id):
            if job.status is JobStatus.RUNNING or job.not_before is None:
                return Reindexed(document, job.id)
            uow.jobs.request_cancel(owner, job.id, now=self.clock())
        now = self.clock()
        job = Job(
            id=JobId(self.new_id()),
            owner=owner,
            kind=JobKind.EMBED_DOCUMENT,
            subject_id=document_id,
            created_at=now,
            updated_at=now,
        )
        uow.jobs.add(job)
        return Reindexed(document, job.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetOldVectors:
    """Drop the vectors of other models from the documents that have all of the present one; tells how many."""

    unit_of_work: UnitOfWorkFactory
    embedder: Embedder | None = None

    def __call__(self, *, owner: UserId) -> int:
        model = _model_of(self.embedder)
        with self.unit_of_work() as uow:
            count = uow.vectors.forget_others(owner, model)
            uow.commit()
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCoverage:
    """How many documents lack vectors of the present model; None where no model is set."""

    unit_of_work: UnitOfWorkFactory
    embedder: Embedder | None = None

    def __call__(self) -> Coverage | None:
        if self.embedder is None:
            return None
        with self.unit_of_work() as uow:
            return uow.vectors.coverage(self.embedder.model)
