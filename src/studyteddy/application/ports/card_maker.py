"""Writing flashcards from passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from studyteddy.application.ports.chat_model import Usage
from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage


class CardMaker(Protocol):
    """Suggests cards; what it writes is a draft that still has to pass the gate."""

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate | Usage]:
        """Drafts for about ``count`` good cards or more, passage by passage, lazily and possibly none.

        Each names the passage that it was made from and quotes the words there that hold the answer. Where a model
        stands behind it, it raises like ``ChatModel.answer``, and after the drafts of each of its requests comes the
        request's cost: who has enough by then asks for no more, and the next request isn't made.
        """
        ...
