"""Several card makers as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studyteddy.adapters.model_chain.failures import FAILURES, tell
from studyteddy.application.ports.card_maker import CardMaker
from studyteddy.application.ports.chat_model import Usage
from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage


class CardMakerChain:
    """A ``CardMaker``.

    When one is down, asks for patience or has its key rejected, the next one goes over the same passages. Drafts that
    came before stay: of two cards on one fact the gate keeps one.
    """

    def __init__(self, makers: Sequence[CardMaker]) -> None:
        if not makers:
            raise ValueError("A chain needs at least one card maker.")
        self._makers = tuple(makers)

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate | Usage]:
        for maker in self._makers[:-1]:
            try:
                yield from maker.candidates(passages, count=count)
                return
            except FAILURES as fault:
                tell(fault, "the next card maker takes over")
        yield from self._makers[-1].candidates(passages, count=count)
