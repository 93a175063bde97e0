"""A provider that fails over the wire: it is left alone, others stand in, and no vector is asked for twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from libraries import Library
from protocol_server import Exchange, ProtocolServer, Reply, chunk, events, silence, slammed, status, told, usual
from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.adapters.extractive_cards import ExtractiveCards
from studyteddy.adapters.extractive_tutor import SHORT_LABEL, ExtractiveTutor
from studyteddy.adapters.guarded_models.chat import GuardedChatModel, GuardedJsonModel
from studyteddy.adapters.guarded_models.embedder import GuardedEmbedder
from studyteddy.adapters.model_chain.cards import CardMakerChain
from studyteddy.adapters.model_chain.chat import ChatModelChain
from studyteddy.adapters.openai_models.chat import OpenAIChatModel
from studyteddy.adapters.openai_models.connection import OpenAIConnection, Timeouts
from studyteddy.adapters.openai_models.embeddings import OpenAIEmbedder
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.flashcards.model_cards import ModelCards
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.documents import DocumentStatus
from studyteddy.domain.errors import RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.tutor.messages import MessageStatus
from studyteddy.domain.tutor.prompt import STOOD_IN
from studyteddy.testing.chat_model import heard
from tutor_desk import Desk
from tutoring import passage

Connect = Callable[..., OpenAIConnection]
QUICK = Timeouts(connect=0.3, read=0.3, total=5.0)
LIMITED = status(429, headers={"Retry-After": "45"})


class Seconds:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker(failures=3, pause=10.0, monotonic=seconds)


@pytest.fixture
def guarded(connect: Connect, breaker: CircuitBreaker) -> GuardedChatModel:
    return GuardedChatModel(OpenAIChatModel(connect(timeouts=QUICK), model="test-model"), breaker)


@pytest.fixture
def chain(guarded: GuardedChatModel) -> ChatModelChain:
    return ChatModelChain([guarded, ExtractiveTutor(SnowballAnalyzer(), label=SHORT_LABEL)])


@pytest.mark.parametrize(
    "failing",
    [status(500), status(503), slammed, silence, events(chunk("Four"), then=Exchange.cut), told("Four", finish=None)],
    ids=["500", "503", "slammed", "silent", "cut", "unfinished"],
)
def test_a_provider_that_fails_three_times_is_left_alone_until_it_works_again(
    server: ProtocolServer, guarded: GuardedChatModel, seconds: Seconds, failing: Reply
) -> None:
    server.will(failing, failing, failing)
    for _ in range(6):
        with pytest.raises(Unavailable):
            heard(guarded)
    assert len(server.requests) == 3
    seconds.now += 10
    server.will(failing)
    for _ in range(3):
        with pytest.raises(Unavailable):
            heard(guarded)
    assert len(server.requests) == 4, "one probe"
    seconds.now += 10
    assert all(heard(guarded)[0].startswith("You asked: ") for _ in range(2))


def test_retry_after_is_the_pause(server: ProtocolServer, guarded: GuardedChatModel, seconds: Seconds) -> None:
    server.will(LIMITED)
    with pytest.raises(RateLimited):
        heard(guarded)
    seconds.now += 44
    with pytest.raises(Unavailable) as refused:
        heard(guarded)
    assert refused.value.retry_after == 1
    assert len(server.requests) == 1
    seconds.now += 1
    assert heard(guarded)[0]


@pytest.mark.parametrize("refusal", [status(400, kind="content_filter"), status(401)], ids=["prompt", "key"])
def test_a_refusal_does_not_count_against_the_provider(
    server: ProtocolServer, guarded: GuardedChatModel, refusal: Reply
) -> None:
    server.will(*[refusal] * 5)
    for _ in range(5):
        with pytest.raises(StudyTeddyError):
            heard(guarded)
    assert len(server.requests) == 5
    assert heard(guarded)[0]


@pytest.mark.parametrize(
    "failing", [status(500), LIMITED, status(401), slammed, silence], ids=["500", "429", "key", "slammed", "silent"]
)
def test_quotations_stand_in_at_the_first_attempt_and_are_named(
    server: ProtocolServer, chain: ChatModelChain, failing: Reply
) -> None:
    server.will(failing)
    desk = Desk(chain)
    answer = desk.answer()
    assert (answer.status, answer.model) == (MessageStatus.COMPLETE, "extractive")
    assert answer.content.endswith(STOOD_IN)
    assert answer.citations
    assert len(server.requests) == 1
    assert not desk.run_next(), "nothing is left to be tried again"


def test_an_answer_that_breaks_off_is_not_begun_again_by_another(server: ProtocolServer, chain: ChatModelChain) -> None:
    server.will(events(chunk("Chlorophyll absorbs "), chunk("red light [1]. "), then=Exchange.cut))
    answer = Desk(chain).answer()
    assert (answer.status, answer.model, answer.problem) == (
        MessageStatus.FAILED,
        "test-model",
        "provider_unavailable",
    )
    assert answer.content == "Chlorophyll absorbs red light [1]."
    assert (answer.prompt_tokens or 0) > 100


def test_a_working_provider_answers_and_is_named(server: ProtocolServer, chain: ChatModelChain) -> None:
    server.will(told("Chlorophyll absorbs red light [1].", usage=(300, 12)))
    answer = Desk(chain).answer()
    assert (answer.model, answer.prompt_tokens, answer.completion_tokens) == ("test-model", 300, 12)
    assert STOOD_IN not in answer.content


def test_a_provider_that_asks_for_patience_gets_none_where_another_can_answer(
    server: ProtocolServer, connect: Connect
) -> None:
    waited: list[float] = []
    impatient = connect(max_retries=1, patience=3.0, sleep=waited.append)
    chain = ChatModelChain([OpenAIChatModel(impatient, model="m"), ExtractiveTutor(SnowballAnalyzer())])
    server.will(status(429, headers={"Retry-After": "8"}))
    assert "four chambers" in heard(chain)[0]
    assert waited == []
    server.will(status(429, headers={"Retry-After": "2"}))
    assert heard(chain)[0].startswith("You asked:")
    assert len(waited) == 1
    assert 2.0 <= waited[0] <= 2.5


def test_rules_write_cards_while_the_model_is_away(
    server: ProtocolServer, connect: Connect, breaker: CircuitBreaker
) -> None:
    model = OpenAIChatModel(connect(timeouts=QUICK), model="test-model")
    makers = CardMakerChain([ModelCards(model=GuardedJsonModel(model, breaker)), ExtractiveCards()])
    source = passage("Photosynthesis is the process by which plants turn light into chemical energy.")
    server.will(status(500))
    drafts = [piece for piece in makers.candidates([source], count=3) if isinstance(piece, Candidate)]
    assert [draft.front for draft in drafts] == [
        draft.front for draft in ExtractiveCards().candidates([source], count=3)
    ]
    assert drafts


def pages(count: int) -> str:
    return "Book\n" + "\f".join(f"coin page {number}" for number in range(count))


def test_a_document_whose_provider_dies_in_the_middle_is_finished_without_asking_twice(
    server: ProtocolServer, connect: Connect, breaker: CircuitBreaker, seconds: Seconds
) -> None:
    connection = connect(features={"embedding_batch": 8})
    library = Library(embedder=GuardedEmbedder(OpenAIEmbedder(connection, model="test-embedder"), breaker))
    server.will(*[usual] * 3, slammed)
    document = library.read(pages(50))
    assert document.status is DocumentStatus.READY, "search by words needs no vectors"
    assert len(library.found("coin page 7")) == 8
    answered = server.requests[:3]
    assert [len(request.body["input"]) for request in answered] == [8, 8, 8]

    server.requests[3:] = []
    library.now += timedelta(minutes=1)
    seconds.now += 60
    assert library.run_next()

    with library.unit_of_work() as uow:
        assert uow.vectors.lacking(library.owner, "test-embedder") == []
        assert {job.status for job in uow.jobs.of_subject(library.owner, document.id)} == {JobStatus.DONE}
    asked = Counter(text for request in server.requests for text in request.body["input"])
    assert asked == {f"coin page {number}": 1 for number in range(50)}
    assert len(server.requests) == 7, "one call for eight texts"
    assert library.extractor.runs == 1, "and the document was read once"


def test_a_search_does_not_wait_for_an_embedder_that_is_silent(
    server: ProtocolServer, connect: Connect, breaker: CircuitBreaker
) -> None:
    library = Library(embedder=OpenAIEmbedder(connect(), model="test-embedder"))
    library.read(pages(3))
    quick = OpenAIEmbedder(connect(timeouts=QUICK), model="test-embedder")
    search = replace(library.search, embedder=GuardedEmbedder(quick, breaker))
    before = len(server.requests)
    server.will(silence, silence, silence)
    for _ in range(5):
        found = search(owner=library.owner, query="coin page 2").passages
        assert "coin page 2" in [passage.text for passage in found]
    assert len(server.requests) - before == 3
