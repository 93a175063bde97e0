"""Which documents are embedded, in PostgreSQL: a column of the document."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from studyteddy.adapters.postgres.documents import lock_document
from studyteddy.adapters.postgres.tables.documents import chunk_embeddings, documents
from studyteddy.application.ports.repositories.vectors import Coverage
from studyteddy.domain.documents import DocumentStatus
from studyteddy.domain.ids import DocumentId, UserId

_OWNER = documents.c.owner == sa.bindparam("of")
_READY = documents.c.status == DocumentStatus.READY.value
_MODEL: sa.BindParameter[str] = sa.bindparam("made_by")
_NOTE = sa.update(documents).where(documents.c.id == sa.bindparam("document"), _OWNER).values(embedded_by=_MODEL)
_LACKING = (
    sa.select(documents.c.id)
    .where(_OWNER, _READY, documents.c.embedded_by.is_distinct_from(_MODEL))
    .order_by(documents.c.created_at, documents.c.id)
)
# Three ranges of the index on the column, where "is distinct from" would read all of it.
_COUNT = sa.select(sa.func.count()).select_from(documents).where(_READY)
_COVERAGE = sa.select(
    _COUNT.where(documents.c.embedded_by.is_(None)).scalar_subquery().label("none"),
    _COUNT.where(documents.c.embedded_by < _MODEL).scalar_subquery().label("before"),
    _COUNT.where(documents.c.embedded_by > _MODEL).scalar_subquery().label("after"),
)
_FORGET = (
    sa.delete(chunk_embeddings)
    .where(chunk_embeddings.c.owner == sa.bindparam("of"), chunk_embeddings.c.model != _MODEL)
    .where(chunk_embeddings.c.document_id == documents.c.id, _OWNER, documents.c.embedded_by == _MODEL)
)


class PostgresVectors:
    """The ``Vectors`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note_complete(self, owner: UserId, document_id: DocumentId, model: str) -> None:
        lock_document(self._connection, owner, document_id)
        self._connection.execute(_NOTE, {"document": document_id, "of": owner, "made_by": model})

    def lacking(self, owner: UserId, model: str) -> Sequence[DocumentId]:
        return [DocumentId(row.id) for row in self._connection.execute(_LACKING, {"of": owner, "made_by": model})]

    def coverage(self, model: str) -> Coverage:
        row = self._connection.execute(_COVERAGE, {"made_by": model}).one()
        of_another = row.before + row.after
        return Coverage(lacking=row.none + of_another, of_another=of_another)

    def forget_others(self, owner: UserId, model: str) -> int:
        return self._connection.execute(_FORGET, {"of": owner, "made_by": model}).rowcount
