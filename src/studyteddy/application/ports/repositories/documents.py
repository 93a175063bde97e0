"""Where documents and the text of their pages are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from studyteddy.domain.documents import Document, DocumentFilter, DocumentOrder, Section
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.storage_quota import StorageUse


class Documents(Protocol):
    """Documents of an owner. Another person's document is ``NotFound``."""

    def add(self, document: Document) -> bool:
        """Keep a new document. False, and nothing kept, when the owner has one with the same bytes (``sha256``)."""
        ...

    def get(self, owner: UserId, document_id: DocumentId) -> Document:
        """The document, else ``NotFound``."""
        ...

    def by_sha256(self, owner: UserId, sha256: str) -> Document | None:
        """The owner's document of these bytes."""
        ...

    def save(self, document: Document) -> None:
        """Replace the document whose version is one less, else ``StaleVersion``; ``NotFound`` when it's gone."""
        ...

    def note_progress(self, owner: UserId, document_id: DocumentId, progress: int, *, now: datetime) -> None:
        """Move the progress of a document that is processed forward, never back. It makes no new version; a document
        that is gone or isn't processed stays as it is."""
        ...

    def delete(self, owner: UserId, document_id: DocumentId) -> None:
        """Forget the document with its pages and all that search knows of it, else ``NotFound``."""
        ...

    def page(self, owner: UserId, wanted: DocumentFilter, order: DocumentOrder, request: PageRequest) -> Page[Document]:
        """Documents that match, in the order, ties by id. ``DocumentFilter.matches`` and ``DocumentOrder.value_of``
        say what belongs and what comes first."""
        ...

    def use(self, owner: UserId, *, held: bool = False) -> StorageUse:
        """What the owner keeps, with what this unit of work has added. With ``held`` nobody else gets an answer with
        ``held`` for this owner before this unit of work ends: whoever adds first and asks then misses nothing that was
        added at the same time."""
        ...

    def put_sections(self, owner: UserId, document_id: DocumentId, sections: Sequence[Section]) -> None:
        """Keep sections of a document by their numbers; those that are there already are replaced."""
        ...

    def section(self, owner: UserId, document_id: DocumentId, number: int) -> Section:
        """One section, else ``NotFound``."""
        ...

    def trim_sections(self, owner: UserId, document_id: DocumentId, count: int) -> None:
        """Forget the sections after number ``count``."""
        ...
