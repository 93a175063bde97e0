"""Language models that answer, or the extractive stand-in that quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.tutor.prompt import TutorPrompt


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """Who is asked from here on, such as the second of several models when the first one fails.

    ``quoting`` when it is no language model: it quotes the passages and spends no tokens.
    """

    model: str
    quoting: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer cost, in tokens; the last thing a stream yields."""

    prompt_tokens: int
    completion_tokens: int


Piece = AnsweredBy | Delta | Usage


class ChatModel(Protocol):
    """Answers a prompt, piece by piece."""

    @property
    def name(self) -> str:
        """Who answers unless ``AnsweredBy`` says otherwise, such as ``gpt-5-mini`` or ``extractive``."""
        ...

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        """Yield deltas, then exactly one ``Usage``. A caller that has heard enough closes the iterator.

        Before the first delta it may tell, also more than once, by whom the answer is given: the last one counts.

        Citations stand in the text as ``[n]``. Raises ``RateLimited`` (with ``retry_after``), ``Unavailable``
        (``provider_unavailable``: down, stalled or broken off; ``provider_rejected_key`` is ``NotAllowed``), or
        ``Invalid`` (``provider_refused``) when the provider won't answer this prompt. A stream that ends without
        saying that it is complete counts as broken off.
        """
        ...


@dataclass(frozen=True, slots=True)
class Completion:
    """Structured output as text, and what it cost."""

    text: str
    usage: Usage


class JsonModel(Protocol):
    """Optional: structured output. A chat model that lacks it is simply not one of these."""

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        """JSON text that should follow the JSON schema; the caller validates it. Raises like ``ChatModel.answer``."""
        ...
