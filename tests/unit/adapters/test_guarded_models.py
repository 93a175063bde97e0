from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import cast

import pytest

from libraries import ConceptEmbedder
from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.extractive_tutor import ExtractiveTutor
from studyteddy.adapters.guarded_models.chat import GuardedChatModel, GuardedJsonModel
from studyteddy.adapters.guarded_models.embedder import GuardedEmbedder
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.ports.chat_model import Completion, Delta, Piece, Usage
from studyteddy.application.ports.embedder import USUAL_BATCH
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.tutor.prompt import TutorPrompt
from studyteddy.testing.chat_model import PROMPT, ChatModelContract, heard

DOWN = Unavailable("down", code="provider_unavailable")


class Flaky:
    """A chat and JSON model and an embedder that fail while ``fault`` is set, and count how often they are asked."""

    name = model = "flaky"
    dimension = 2

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.asked = 0

    def _fail(self) -> None:
        self.asked += 1
        if self.fault is not None:
            raise self.fault

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        yield Delta("Four ")
        self._fail()
        yield Delta("chambers.")
        yield Usage(prompt_tokens=1, completion_tokens=1)

    def complete_json(self, instruction: str, text: str, schema: dict[str, object]) -> Completion:
        self._fail()
        return Completion("{}", Usage(prompt_tokens=1, completion_tokens=1))

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self._fail()
        return [[1.0, 0.0] for _ in texts]


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker(failures=3, pause=10, monotonic=seconds)


class TestGuardedChatModel(ChatModelContract):
    @pytest.fixture
    def chat_model(self) -> GuardedChatModel:
        return GuardedChatModel(ExtractiveTutor(SnowballAnalyzer()), CircuitBreaker())


def test_a_model_that_fails_again_and_again_is_left_alone(breaker: CircuitBreaker, seconds: Seconds) -> None:
    inner = Flaky(DOWN)
    model = GuardedChatModel(inner, breaker)
    for _ in range(3):
        with pytest.raises(Unavailable, match="down"):
            heard(model)
    with pytest.raises(Unavailable, match="left alone") as refused:
        heard(model)
    assert inner.asked == 3
    assert refused.value.code == "provider_unavailable"
    assert refused.value.retry_after == 10


def test_a_model_that_works_again_is_asked_again(breaker: CircuitBreaker, seconds: Seconds) -> None:
    inner = Flaky(DOWN)
    model = GuardedChatModel(inner, breaker)
    for _ in range(3):
        with pytest.raises(Unavailable):
            heard(model)
    inner.fault = None
    seconds.now += 10
    assert heard(model)[0] == heard(model)[0] == "Four chambers."


def test_a_provider_that_names_its_pause_gets_it_at_once(breaker: CircuitBreaker, seconds: Seconds) -> None:
    inner = Flaky(RateLimited("later", retry_after=42))
    model = GuardedChatModel(inner, breaker)
    with pytest.raises(RateLimited):
        heard(model)
    with pytest.raises(Unavailable) as refused:
        heard(model)
    assert (inner.asked, refused.value.retry_after) == (1, 42)
    seconds.now += 42
    inner.fault = None
    assert heard(model)


@pytest.mark.parametrize(
    "fault", [Invalid("no", code="provider_refused"), NotAllowed("key", code="provider_rejected_key")]
)
def test_what_a_provider_refuses_is_no_failure_of_its_own(breaker: CircuitBreaker, fault: StudyTeddyError) -> None:
    inner = Flaky(fault)
    model = GuardedChatModel(inner, breaker)
    for _ in range(10):
        with pytest.raises(type(fault)):
            heard(model)
    assert inner.asked == 10


def test_a_caller_that_hangs_up_is_no_failure(breaker: CircuitBreaker) -> None:
    model = GuardedChatModel(Flaky(), breaker)
    for _ in range(10):
        answer = cast("Generator[Piece]", model.answer(PROMPT))
        next(answer)
        answer.close()
    assert breaker.allows()


def test_structured_output_is_guarded_by_the_same_breaker(breaker: CircuitBreaker) -> None:
    inner = Flaky(DOWN)
    for _ in range(3):
        with pytest.raises(Unavailable):
            GuardedJsonModel(inner, breaker).complete_json("", "", {})
    with pytest.raises(Unavailable, match="left alone"):
        heard(GuardedChatModel(inner, breaker))


def test_an_embedder_is_guarded_too(breaker: CircuitBreaker, seconds: Seconds) -> None:
    inner = Flaky(DOWN)
    embedder = GuardedEmbedder(inner, breaker)
    for _ in range(3):
        with pytest.raises(Unavailable, match="down"):
            embedder.embed(["a"])
    with pytest.raises(Unavailable, match="left alone"):
        embedder.embed(["a"])
    assert inner.asked == 3
    assert embedder.embed([]) == []
    inner.fault = None
    seconds.now += 10
    assert embedder.embed(["a"]) == [[1.0, 0.0]]
    assert (embedder.model, embedder.dimension, embedder.batch) == ("flaky", 2, USUAL_BATCH)


def test_the_batch_of_an_embedder_shines_through() -> None:
    class Small(ConceptEmbedder):
        batch = 7

    assert GuardedEmbedder(Small(), CircuitBreaker()).batch == 7
