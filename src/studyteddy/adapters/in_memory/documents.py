"""Documents in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from studyteddy.adapters.in_memory.chunk_index import INDEX
from studyteddy.adapters.in_memory.repository import OwnedRows, page
from studyteddy.domain.documents import Document, DocumentFilter, DocumentOrder, DocumentStatus, Section
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.storage_quota import StorageUse


class InMemoryDocuments(OwnedRows[Document]):
    """The ``Documents`` port over a store."""

    table = "documents"
    noun = "document"

    def add(self, document: Document) -> bool:
        if self.by_sha256(document.owner, document.sha256) is not None:
            return False
        self._add(document)
        return True

    def get(self, owner: UserId, document_id: DocumentId) -> Document:
        return self._get(owner, document_id)

    def by_sha256(self, owner: UserId, sha256: str) -> Document | None:
        return next((document for document in self._of(owner) if document.sha256 == sha256), None)

    def save(self, document: Document) -> None:
        self._save(document)

    def note_progress(self, owner: UserId, document_id: DocumentId, progress: int, *, now: datetime) -> None:
        row = self._rows.get(document_id)
        if row is None or row.owner != owner or row.status is not DocumentStatus.PROCESSING:
            return
        if progress > row.progress:
            self._journal.put(self.table, row.id, replace(row, progress=progress, updated_at=now))

    def delete(self, owner: UserId, document_id: DocumentId) -> None:
        self._delete(owner, document_id)
        self._journal.remove(INDEX, document_id)
        self._journal.remove("sections", document_id)

    def page(self, owner: UserId, wanted: DocumentFilter, order: DocumentOrder, request: PageRequest) -> Page[Document]:
        return page(
            (document for document in self._of(owner) if wanted.matches(document)),
            request,
            order=order.value,
            key=order.value_of,
            as_text=str,
            from_text=order.value_from,
            descending=order.descending,
        )

    def use(self, owner: UserId, *, held: bool = False) -> StorageUse:  # noqa: ARG002 - units of work take turns
        sizes = [document.size for document in self._of(owner)]
        return StorageUse(len(sizes), sum(sizes))

    @property
    def _sections(self) -> dict[UUID, dict[int, Section]]:
        return self._store.table("sections")

    def put_sections(self, owner: UserId, document_id: DocumentId, sections: Sequence[Section]) -> None:
        self._get(owner, document_id)
        before = self._sections.get(document_id, {})
        after = before | {section.number: section for section in sections}
        self._journal.put("sections", document_id, after)

    def section(self, owner: UserId, document_id: DocumentId, number: int) -> Section:
        self._get(owner, document_id)
        section = self._sections.get(document_id, {}).get(number)
        if section is None:
            raise NotFound("This document has no such page.")
        return section

    def trim_sections(self, owner: UserId, document_id: DocumentId, count: int) -> None:
        self._get(owner, document_id)
        before = self._sections.get(document_id, {})
        kept = {number: section for number, section in before.items() if number <= count}
        self._journal.put("sections", document_id, kept)
