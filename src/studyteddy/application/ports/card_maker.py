"""Writing flashcards from passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage


class CardMaker(Protocol):
    """Suggests cards; what it writes is a draft that still has to pass the gate."""

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate]:
        """Drafts for about ``count`` good cards or more, passage by passage, lazily and possibly none.

        Each names the passage that it was made from and quotes the words there that hold the answer. Raises like
        ``ChatModel.answer`` where a model stands behind it.
        """
        ...
