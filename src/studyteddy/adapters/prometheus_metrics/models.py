"""Language models and embedders, counted and timed, with what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from time import perf_counter

from studyteddy.adapters.prometheus_metrics.metrics import Metrics
from studyteddy.application.ports.chat_model import ChatModel, Completion, JsonModel, Piece, Usage
from studyteddy.application.ports.embedder import Embedder, batch_of
from studyteddy.domain.errors import RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.tutor.prompt import TutorPrompt


class MeasuredChatModel:
    """A ``ChatModel``."""

    def __init__(self, inner: ChatModel, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    @property
    def name(self) -> str:
        return self._inner.name

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        with _call(self._metrics, self.name), ExitStack() as end:
            pieces = self._inner.answer(prompt)
            end.callback(getattr(pieces, "close", lambda: None))
            for piece in pieces:
                if isinstance(piece, Usage):
                    _count(self._metrics, self.name, piece)
                yield piece


class MeasuredJsonModel:
    """A ``JsonModel``, which has no name of its own."""

    def __init__(self, inner: JsonModel, model: str, metrics: Metrics) -> None:
        self._inner = inner
        self._model = model
        self._metrics = metrics

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        with _call(self._metrics, self._model):
            completion = self._inner.complete_json(instruction, text, schema)
        _count(self._metrics, self._model, completion.usage)
        return completion


class MeasuredEmbedder:
    """An ``Embedder``. What embeddings cost is not told by their port."""

    def __init__(self, inner: Embedder, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    @property
    def model(self) -> str:
        return self._inner.model

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    @property
    def batch(self) -> int:
        return batch_of(self._inner)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        with _call(self._metrics, self.model):
            return self._inner.embed(texts)


@contextmanager
def _call(metrics: Metrics, model: str) -> Iterator[None]:
    """``stopped``: whoever listened has heard enough."""
    began, outcome = perf_counter(), "answered"
    try:
        yield
    except GeneratorExit:
        outcome = "stopped"
        raise
    except RateLimited:
        outcome = "rate_limited"
        raise
    except Unavailable:
        outcome = "unavailable"
        raise
    except StudyTeddyError:
        outcome = "refused"
        raise
    except BaseException:
        outcome = "crashed"
        raise
    finally:
        metrics.model_called(model, outcome, perf_counter() - began)


def _count(metrics: Metrics, model: str, usage: Usage) -> None:
    metrics.tokens_used(model, prompt=usage.prompt_tokens, completion=usage.completion_tokens)
