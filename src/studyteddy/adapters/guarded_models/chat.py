"""Chat models behind a circuit breaker: a provider that fails again and again is left alone for a while."""

from __future__ import annotations

from collections.abc import Iterator

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.guarded_models.guard import guarded
from studyteddy.application.ports.chat_model import ChatModel, Completion, JsonModel, Piece
from studyteddy.domain.tutor.prompt import TutorPrompt


class GuardedChatModel:
    """A ``ChatModel``. An answer that breaks off is a failure too; one of which a caller has heard enough is none."""

    def __init__(self, inner: ChatModel, breaker: CircuitBreaker) -> None:
        self._inner = inner
        self._breaker = breaker

    @property
    def name(self) -> str:
        return self._inner.name

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        with guarded(self._breaker):
            yield from self._inner.answer(prompt)


class GuardedJsonModel:
    """A ``JsonModel``."""

    def __init__(self, inner: JsonModel, breaker: CircuitBreaker) -> None:
        self._inner = inner
        self._breaker = breaker

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        with guarded(self._breaker):
            return self._inner.complete_json(instruction, text, schema)
