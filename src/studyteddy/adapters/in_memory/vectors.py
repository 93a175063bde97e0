"""Which documents are embedded, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from studyteddy.adapters.in_memory.chunk_index import INDEX, InMemoryChunkIndex
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.repositories.vectors import Coverage
from studyteddy.domain.documents import Document, DocumentStatus
from studyteddy.domain.ids import DocumentId, UserId


class InMemoryVectors:
    """The ``Vectors`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._index = InMemoryChunkIndex(store, journal)

    def note_complete(self, owner: UserId, document_id: DocumentId, model: str) -> None:
        known = replace(self._index.mine(owner, document_id), embedded_by=model)
        self._journal.put(INDEX, document_id, known)

    def lacking(self, owner: UserId, model: str) -> Sequence[DocumentId]:
        mine = [document for document in self._ready() if document.owner == owner and self._by(document) != model]
        return [document.id for document in sorted(mine, key=lambda document: (document.created_at, document.id))]

    def coverage(self, model: str) -> Coverage:
        lacking = [made_by for document in self._ready() if (made_by := self._by(document)) != model]
        return Coverage(lacking=len(lacking), of_another=sum(made_by is not None for made_by in lacking))

    def forget_others(self, owner: UserId, model: str) -> int:
        forgotten = 0
        for document in list(self._store.table("documents").values()):
            known = self._index.of(document.id)
            if document.owner == owner and known.embedded_by == model:
                kept = {key: vector for key, vector in known.vectors.items() if key[0] == model}
                forgotten += len(known.vectors) - len(kept)
                self._journal.put(INDEX, document.id, replace(known, vectors=kept))
        return forgotten

    def _ready(self) -> Iterator[Document]:
        documents = self._store.table("documents").values()
        return (document for document in documents if document.status is DocumentStatus.READY)

    def _by(self, document: Document) -> str | None:
        return self._index.of(document.id).embedded_by
