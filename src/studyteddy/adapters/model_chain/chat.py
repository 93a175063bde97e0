"""Several chat models as one: who can't answer now is stood in for by the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from studyteddy.adapters.model_chain.failures import FAILURES, tell
from studyteddy.application.ports.chat_model import AnsweredBy, ChatModel, Delta, Piece
from studyteddy.domain.tutor.prompt import TutorPrompt


class ChatModelChain:
    """A ``ChatModel`` by the name of the first one.

    The next is asked when one is down, asks for patience or has its key rejected, but only while not a word of the
    answer was said: two models never share an answer. What one refuses (``Invalid``) is not asked of another.
    """

    def __init__(self, models: Sequence[ChatModel]) -> None:
        if not models:
            raise ValueError("A chain needs at least one model.")
        self._models = tuple(models)

    @property
    def name(self) -> str:
        return self._models[0].name

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        for model, following in pairwise(self._models):
            said = False
            try:
                with _closing(model.answer(prompt)) as pieces:
                    for piece in pieces:
                        said = said or isinstance(piece, Delta)
                        yield piece
                return
            except FAILURES as fault:
                if said:
                    raise
                tell(fault, f"{following.name} answers for {model.name}")
            yield AnsweredBy(following.name)
        yield from self._models[-1].answer(prompt)


@contextmanager
def _closing(pieces: Iterator[Piece]) -> Iterator[Iterator[Piece]]:
    """Hang up on the model when whoever listens does."""
    try:
        yield pieces
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
