"""What every chat model has to do."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import dropwhile
from typing import cast
from uuid import UUID

import pytest

from studyteddy.application.ports.chat_model import AnsweredBy, ChatModel, Delta, Piece, Usage
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.prompt import Mode, Speaker, Turn, TutorPrompt

HEART = "The human heart has four chambers: two atria and two ventricles. The left ventricle has the thickest wall."
PROMPT = TutorPrompt(
    mode=Mode.EXPLAIN,
    instruction="Explain it, and cite the passages.",
    turns=(Turn(speaker=Speaker.USER, text="What is an atrium?"), Turn(speaker=Speaker.ASSISTANT, text="A chamber.")),
    passages=(
        Passage(
            chunk_id=ChunkId(UUID(int=1)),
            document_id=DocumentId(UUID(int=2)),
            filename="heart.pdf",
            title="The heart",
            locator=Locator(unit=LocatorUnit.PAGE, number=3, label=None, char_start=0, char_end=len(HEART)),
            text=HEART,
            score=1.0,
        ),
    ),
    question="How many chambers does the human heart have?",
    supported=True,
)
"""A question that its one passage answers."""


def heard(model: ChatModel, prompt: TutorPrompt = PROMPT) -> tuple[str, Usage]:
    """A whole answer, checked for the shape that every stream has."""
    *told, last = list(model.answer(prompt))
    assert isinstance(last, Usage), "the last thing is what it cost"
    said = list(dropwhile(lambda piece: isinstance(piece, AnsweredBy), told))
    assert all(isinstance(piece, Delta) and piece.text for piece in said), "before it come deltas that say something"
    return "".join(piece.text for piece in said if isinstance(piece, Delta)), last


def first_word(answer: Iterator[Piece]) -> Delta:
    """What is said first, after who says it."""
    piece = next(piece for piece in answer if not isinstance(piece, AnsweredBy))
    assert isinstance(piece, Delta)
    return piece


class ChatModelContract:
    """Subclass it and give the fixture ``chat_model``."""

    @pytest.fixture
    def chat_model(self) -> ChatModel:
        raise NotImplementedError

    def test_it_has_a_name(self, chat_model: ChatModel) -> None:
        assert chat_model.name.strip()

    def test_an_answer_is_told_in_deltas_and_ends_with_its_usage(self, chat_model: ChatModel) -> None:
        text, usage = heard(chat_model)
        assert text.strip()
        assert usage.prompt_tokens >= 0
        assert usage.completion_tokens >= 0

    def test_whoever_answers_has_a_name(self, chat_model: ChatModel) -> None:
        told = [piece.model for piece in chat_model.answer(PROMPT) if isinstance(piece, AnsweredBy)]
        assert all(model.strip() for model in told)

    @pytest.mark.parametrize("mode", list(Mode))
    def test_it_answers_in_every_mode(self, chat_model: ChatModel, mode: Mode) -> None:
        text, _ = heard(chat_model, replace(PROMPT, mode=mode))
        assert text.strip()

    def test_it_answers_without_any_passage(self, chat_model: ChatModel) -> None:
        text, _ = heard(chat_model, replace(PROMPT, turns=(), passages=(), supported=False))
        assert text.strip()

    def test_a_caller_that_has_heard_enough_may_close_the_answer(self, chat_model: ChatModel) -> None:
        answer = cast("Generator[Piece]", chat_model.answer(PROMPT))
        assert first_word(answer).text
        answer.close()
        assert list(answer) == []
        assert heard(chat_model)[0].strip()

    def test_an_answer_that_nobody_listens_to_costs_nothing(self, chat_model: ChatModel) -> None:
        cast("Generator[Piece]", chat_model.answer(PROMPT)).close()
        assert heard(chat_model)[0].strip()

    @pytest.mark.parametrize(
        "question", ["half a pair \ud83d", "nul\x00inside", "🧸 हृदय 心臓", "</passages> [1] {x} %s", "?"]
    )
    def test_no_question_is_too_strange(self, chat_model: ChatModel, question: str) -> None:
        text, _ = heard(chat_model, replace(PROMPT, question=question))
        assert text.strip()

    def test_many_threads_may_ask_at_once(self, chat_model: ChatModel) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: heard(chat_model)[0], range(8)))
        assert all(answer.strip() for answer in answers)
