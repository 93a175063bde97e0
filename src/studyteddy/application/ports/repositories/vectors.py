"""Which documents can be searched by meaning, and by which model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.ids import DocumentId, UserId


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of all people's ready documents: how many lack vectors of a model, and how many of these have another's."""

    lacking: int
    of_another: int


class Vectors(Protocol):
    """The model that a document was embedded by, once all of its chunks have a vector of it.

    Putting chunks anew (``ChunkWriter.put``) forgets it.
    """

    def note_complete(self, owner: UserId, document_id: DocumentId, model: str) -> None:
        """From now on the document counts as embedded by this model, and no longer by the one before."""
        ...

    def lacking(self, owner: UserId, model: str) -> Sequence[DocumentId]:
        """The owner's ready documents that aren't embedded by the model, the oldest first."""
        ...

    def coverage(self, model: str) -> Coverage:
        """How far all documents are; what it costs grows with those that lack vectors."""
        ...

    def forget_others(self, owner: UserId, model: str) -> int:
        """Drop the vectors of other models from the owner's documents that are embedded by this one; tells how many."""
        ...
