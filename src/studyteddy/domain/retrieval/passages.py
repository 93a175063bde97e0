"""What a search finds: passages of the student's own documents, and what narrows a search down."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.domain.documents import Locator
from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import ChunkId, DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk as an answer to a query: its text, where it stands, and how well it fits.

    ``score`` orders the passages of one search, highest first. Its scale belongs to the ranking that made it (BM25,
    fusion, re-ranking), so scores of different searches can't be compared.
    """

    chunk_id: ChunkId
    document_id: DocumentId
    filename: str
    title: str
    locator: Locator
    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """Narrows a search to some documents and to one subject; both hold at once. ``None`` lets everything through.

    An empty set of ``document_ids`` lets nothing through.
    """

    document_ids: frozenset[DocumentId] | None = None
    subject: str | None = None

    def __post_init__(self) -> None:
        if self.subject is not None and not self.subject.strip():
            raise Invalid.field("subject", "Name a subject, or leave it out to search all of them.")
