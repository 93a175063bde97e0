from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from typing import cast

import pytest

from studyteddy.adapters.extractive_tutor import SHORT_LABEL, ExtractiveTutor
from studyteddy.adapters.model_chain.cards import CardMakerChain
from studyteddy.adapters.model_chain.chat import ChatModelChain
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.ports.chat_model import AnsweredBy, ChatModel, Delta, Piece, Usage
from studyteddy.domain.errors import Invalid, NotAllowed, RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.messages import MessageStatus
from studyteddy.domain.tutor.prompt import STOOD_IN, Mode, TutorPrompt
from studyteddy.testing.chat_model import PROMPT, ChatModelContract, heard
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import BreakingModel, StallingModel, passage, saying

DOWN = Unavailable("down", code="provider_unavailable", retry_after=0.01)


def quoting() -> ExtractiveTutor:
    return ExtractiveTutor(SnowballAnalyzer(), label=SHORT_LABEL)


def down(fault: Exception = DOWN) -> ChatModel:
    return BreakingModel(fault=fault)


class TestChainOfOne(ChatModelContract):
    @pytest.fixture
    def chat_model(self) -> ChatModelChain:
        return ChatModelChain([quoting()])


class TestChainWithAFirstModelThatIsDown(ChatModelContract):
    @pytest.fixture
    def chat_model(self) -> ChatModelChain:
        return ChatModelChain([down(), down(NotAllowed("key", code="provider_rejected_key")), quoting()])


@pytest.mark.parametrize(
    "fault",
    [DOWN, RateLimited("later", retry_after=3_600), NotAllowed("key", code="provider_rejected_key")],
    ids=["down", "limited", "key"],
)
def test_the_next_model_answers_and_says_so(fault: StudyTeddyError) -> None:
    pieces = list(ChatModelChain([down(fault), saying("Four."), quoting()]).answer(PROMPT))
    assert pieces == [AnsweredBy("scripted"), Delta("Four."), Usage(prompt_tokens=100, completion_tokens=1)]


def test_a_first_model_that_works_answers_alone() -> None:
    second = saying("Two.")
    text, _ = heard(ChatModelChain([saying("Four."), second]))
    assert text == "Four."
    assert second.prompts == []


def test_no_other_model_goes_on_with_an_answer_that_has_begun() -> None:
    second = saying("Two.")
    with pytest.raises(Unavailable):
        heard(ChatModelChain([BreakingModel("Four "), second]))
    assert second.prompts == []


def test_what_one_model_refuses_is_asked_of_no_other() -> None:
    second = saying("Two.")
    with pytest.raises(Invalid):
        heard(ChatModelChain([down(Invalid("no", code="provider_refused")), second]))
    assert second.prompts == []


def test_the_fault_of_the_last_model_is_told() -> None:
    with pytest.raises(RateLimited):
        heard(ChatModelChain([down(), down(RateLimited("later"))]))


def test_a_chain_goes_by_the_name_of_its_first_model() -> None:
    assert ChatModelChain([saying(""), quoting()]).name == "scripted"
    with pytest.raises(ValueError, match="at least one"):
        ChatModelChain([])


def test_closing_the_answer_hangs_up_on_the_model() -> None:
    closed: list[str] = []

    class Endless:
        name = "endless"

        def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
            try:
                while True:
                    yield Delta("on ")
            finally:
                closed.append("inner")

    answer = cast("Generator[Piece]", ChatModelChain([Endless(), quoting()]).answer(PROMPT))
    next(answer)
    answer.close()
    assert closed == ["inner"]


@pytest.mark.parametrize(
    ("fault", "level"), [(DOWN, logging.WARNING), (NotAllowed("key", code="provider_rejected_key"), logging.ERROR)]
)
def test_the_log_tells_who_failed(fault: StudyTeddyError, level: int, caplog: pytest.LogCaptureFixture) -> None:
    heard(ChatModelChain([down(fault), saying("Four.")]))
    (record,) = caplog.records
    assert (record.levelno, "scripted answers for breaking" in record.getMessage()) == (level, True)


def test_the_student_gets_quotations_at_the_first_attempt_and_is_told_why() -> None:
    desk = Desk(ChatModelChain([down(), quoting()]))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    assert desk.run_next()
    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.model) == (MessageStatus.COMPLETE, "extractive")
    assert answer.content.startswith("Quoted from your documents:\n")
    assert answer.content.endswith(STOOD_IN)
    assert answer.citations
    assert all(citation.verified for citation in answer.citations)
    assert (answer.prompt_tokens, answer.completion_tokens) == (0, 0)


def test_another_model_is_named_and_needs_no_notice() -> None:
    answer = Desk(ChatModelChain([down(), saying(GOOD), quoting()])).answer()
    assert (answer.content, answer.model) == (GOOD, "scripted")


def test_quotations_that_nobody_waited_for_a_model_for_carry_no_notice() -> None:
    answer = Desk(ExtractiveTutor(SnowballAnalyzer())).answer()
    assert answer.model == "extractive"
    assert STOOD_IN not in answer.content


@pytest.mark.parametrize("mode", [Mode.QUIZ, Mode.SOCRATIC])
def test_drafts_are_said_word_for_word_before_the_notice(mode: Mode) -> None:
    alone, chained = Desk(quoting()), Desk(ChatModelChain([down(), quoting()]))
    said: list[str] = []
    for desk in (alone, chained):
        first = desk.answer("photosynthesis", mode=mode)
        second = desk.answer("carbon", thread_id=first.thread_id)
        said.append(second.content)
        assert second.status is MessageStatus.COMPLETE
    assert STOOD_IN in said[1]
    assert said[1].replace(f"\n\n{STOOD_IN}", "") == said[0]


def test_an_answer_that_breaks_off_names_the_model_that_was_speaking() -> None:
    answer = Desk(ChatModelChain([down(), BreakingModel("Red and "), quoting()])).answer()
    assert (answer.status, answer.model) == (MessageStatus.FAILED, "breaking")

    stalling = StallingModel()
    desk = Desk(ChatModelChain([down(), stalling, quoting()]))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    assert stalling.said_something.wait(5)
    desk.cancel(owner=desk.owner, message_id=asked.answer.id)
    worker.join(5)
    stalling.let_go.set()
    cancelled = desk.get(asked.answer.id)
    assert (cancelled.status, cancelled.model) == (MessageStatus.CANCELLED, "stalling")


class Maker:
    """Gives these pieces, then fails if there is a fault."""

    def __init__(self, *pieces: Candidate | Usage, fault: Exception | None = None) -> None:
        self._pieces = pieces
        self._fault = fault

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate | Usage]:
        yield from self._pieces
        if self._fault is not None:
            raise self._fault


def draft(front: str) -> Candidate:
    return Candidate(front=front, back="b", quote="q", chunk_id=passage().chunk_id)


def test_the_next_card_maker_takes_over_and_what_came_stays() -> None:
    cost = Usage(prompt_tokens=1, completion_tokens=1)
    chain = CardMakerChain([Maker(draft("a"), cost, fault=DOWN), Maker(draft("b")), Maker(draft("c"))])
    assert list(chain.candidates([passage()], count=5)) == [draft("a"), cost, draft("b")]


def test_a_card_maker_that_works_is_alone() -> None:
    assert list(CardMakerChain([Maker(draft("a")), Maker(draft("b"))]).candidates([], count=1)) == [draft("a")]


def test_what_a_card_maker_refuses_is_asked_of_no_other() -> None:
    chain = CardMakerChain([Maker(fault=Invalid("no", code="provider_refused")), Maker(draft("b"))])
    with pytest.raises(Invalid):
        list(chain.candidates([], count=1))
    with pytest.raises(ValueError, match="at least one"):
        CardMakerChain([])
