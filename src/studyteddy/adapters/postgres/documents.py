"""Documents in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.copying import copy_rows
from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.accounts import users
from studyteddy.adapters.postgres.tables.documents import document_sections, documents
from studyteddy.domain.documents import (
    Document,
    DocumentFilter,
    DocumentOrder,
    DocumentStatus,
    FailureReason,
    LocatorUnit,
    MediaType,
    Section,
)
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.storage_quota import StorageUse

_KEYS: dict[str, sa.ColumnElement[Any]] = {"created_at": documents.c.created_at, "title": documents.c.title_key}
_MINE = sa.and_(documents.c.id == sa.bindparam("row_id"), documents.c.owner == sa.bindparam("row_owner"))
_ADD = insert(documents).on_conflict_do_nothing(constraint="uq_documents_owner_sha256").returning(documents.c.id)
_BY_BYTES = sa.select(documents).where(
    documents.c.owner == sa.bindparam("row_owner"), documents.c.sha256 == sa.bindparam("digest")
)
_LOCK = sa.select(documents.c.id).where(_MINE).with_for_update(key_share=True, read=True)
# Weaker than what a foreign key of a new row takes, so that whoever has added a document can still ask.
_HOLD = sa.select(users.c.id).where(users.c.id == sa.bindparam("row_owner")).with_for_update(key_share=True)
_USE = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(documents.c.size), 0)).where(
    documents.c.owner == sa.bindparam("row_owner")
)
_PROGRESS = (
    sa.update(documents)
    .where(_MINE, documents.c.status == DocumentStatus.PROCESSING.value)
    .where(documents.c.progress < sa.bindparam("at_least"))
    .values(progress=sa.bindparam("at_least"), updated_at=sa.bindparam("at"))
)
_SECTION = sa.select(document_sections).where(
    document_sections.c.document_id == sa.bindparam("document"), document_sections.c.number == sa.bindparam("wanted")
)
_SECTION_TYPES = [("document_id", "uuid"), ("number", "int4"), ("unit", "text"), ("label", "text"), ("text", "text")]


def lock_document(connection: sa.Connection, owner: UserId, document_id: DocumentId) -> None:
    """Keep the document from being deleted until the end of the transaction; ``NotFound`` when it's gone."""
    if connection.execute(_LOCK, {"row_id": document_id, "row_owner": owner}).one_or_none() is None:
        raise NotFound("There is no such document.")


class PostgresDocuments(OwnedRows[Document]):
    """The ``Documents`` port."""

    table = documents
    noun = "document"

    @staticmethod
    def to_row(document: Document) -> Values:
        return {
            "id": document.id,
            "owner": document.owner,
            "filename": document.filename,
            "filename_key": document.filename.lower(),
            "media_type": document.media_type.value,
            "size": document.size,
            "sha256": document.sha256,
            "title": document.title,
            "title_key": document.title.lower(),
            "subject": document.subject,
            "status": document.status.value,
            "progress": document.progress,
            "error": document.error.value if document.error else None,
            "page_count": document.page_count,
            "chunk_count": document.chunk_count,
            "summary": document.summary,
            "key_concepts": list(document.key_concepts),
            "version": document.version,
            "created_at": document.created_at,
            "updated_at": document.updated_at,
        }

    @staticmethod
    def from_row(row: Any) -> Document:
        return Document(
            id=DocumentId(row.id),
            owner=UserId(row.owner),
            filename=row.filename,
            media_type=MediaType(row.media_type),
            size=row.size,
            sha256=row.sha256,
            title=row.title,
            subject=row.subject,
            status=DocumentStatus(row.status),
            progress=row.progress,
            error=FailureReason(row.error) if row.error else None,
            page_count=row.page_count,
            chunk_count=row.chunk_count,
            summary=row.summary,
            key_concepts=tuple(row.key_concepts),
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def add(self, document: Document) -> bool:
        return self._connection.execute(_ADD, self.to_row(document)).one_or_none() is not None

    def get(self, owner: UserId, document_id: DocumentId) -> Document:
        return self._get(owner, document_id)

    def by_sha256(self, owner: UserId, sha256: str) -> Document | None:
        row = self._connection.execute(_BY_BYTES, {"row_owner": owner, "digest": sha256}).one_or_none()
        return self.from_row(row) if row is not None else None

    def save(self, document: Document) -> None:
        self._save(document)

    def note_progress(self, owner: UserId, document_id: DocumentId, progress: int, *, now: datetime) -> None:
        values = {"row_id": document_id, "row_owner": owner, "at_least": progress, "at": now}
        self._connection.execute(_PROGRESS, values)

    def delete(self, owner: UserId, document_id: DocumentId) -> None:
        self._delete(owner, document_id)  # a trigger removes what belongs to it

    def page(self, owner: UserId, wanted: DocumentFilter, order: DocumentOrder, request: PageRequest) -> Page[Document]:
        return page(
            self._connection,
            sa.select(documents).where(documents.c.owner == owner, *_conditions(wanted)),
            {},
            request,
            order=order.value,
            key=_KEYS[order.field],
            row_id=documents.c.id,
            as_text=str,
            from_text=order.value_from,
            from_row=self.from_row,
            descending=order.descending,
        )

    def use(self, owner: UserId, *, held: bool = False) -> StorageUse:
        if held:
            self._connection.execute(_HOLD, {"row_owner": owner})
        count, size = self._connection.execute(_USE, {"row_owner": owner}).one()
        return StorageUse(count, int(size))

    def put_sections(self, owner: UserId, document_id: DocumentId, sections: Sequence[Section]) -> None:
        lock_document(self._connection, owner, document_id)
        numbers = [section.number for section in sections]
        of_document = document_sections.c.document_id == document_id
        self._connection.execute(
            sa.delete(document_sections).where(of_document, document_sections.c.number.in_(numbers))
        )
        rows = ((document_id, part.number, part.unit.value, part.label, part.text) for part in sections)
        copy_rows(self._connection, document_sections, _SECTION_TYPES, rows)

    def section(self, owner: UserId, document_id: DocumentId, number: int) -> Section:
        self._get(owner, document_id)
        found = self._connection.execute(_SECTION, {"document": document_id, "wanted": number}).one_or_none()
        if found is None:
            raise NotFound("This document has no such page.")
        return Section(unit=LocatorUnit(found.unit), number=found.number, label=found.label, text=found.text)

    def trim_sections(self, owner: UserId, document_id: DocumentId, count: int) -> None:
        lock_document(self._connection, owner, document_id)
        later = sa.and_(document_sections.c.document_id == document_id, document_sections.c.number > count)
        self._connection.execute(sa.delete(document_sections).where(later))


def _conditions(wanted: DocumentFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(documents.c.status == wanted.status.value)
    if wanted.subject is not None:
        conditions.append(documents.c.subject == wanted.subject)
    if wanted.text:
        text = wanted.text.lower()
        conditions.append(
            sa.or_(sa.func.strpos(documents.c.title_key, text) > 0, sa.func.strpos(documents.c.filename_key, text) > 0)
        )
    return conditions
