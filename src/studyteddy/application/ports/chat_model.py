"""Language models that answer, or the extractive stand-in that quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from studyteddy.domain.tutor.prompt import TutorPrompt


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer cost, in tokens; the last thing a stream yields."""

    prompt_tokens: int
    completion_tokens: int


class ChatModel(Protocol):
    """Answers a prompt, piece by piece."""

    @property
    def name(self) -> str:
        """What is stored with each answer, such as ``gpt-5-mini`` or ``extractive``."""
        ...

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        """Yield deltas, then exactly one ``Usage``. A caller that has heard enough closes the iterator.

        Citations stand in the text as ``[n]``. Raises ``RateLimited`` (with ``retry_after``), ``Unavailable``
        (``provider_unavailable``: down, stalled or broken off; ``provider_rejected_key`` is ``NotAllowed``), or
        ``Invalid`` (``provider_refused``) when the provider won't answer this prompt. A stream that ends without
        saying that it is complete counts as broken off.
        """
        ...


class JsonModel(Protocol):
    """Optional: structured output. A chat model that lacks it is simply not one of these."""

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> str:
        """JSON text that should follow the JSON schema; the caller validates it. Raises like ``ChatModel.answer``."""
        ...
