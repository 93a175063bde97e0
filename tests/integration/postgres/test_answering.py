from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from engines.databases import Database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.tutor.messages import Message, MessageStatus
from studyteddy.domain.tutor.prompt import Mode
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import StallingModel, saying


@pytest.fixture
def unit_of_work(database: Database) -> Iterator[UnitOfWorkFactory]:
    engine = database.open()
    yield functools.partial(PostgresUnitOfWork, engine)
    engine.dispose()


def test_a_question_is_answered_over_the_database(unit_of_work: UnitOfWorkFactory) -> None:
    desk = Desk(saying(GOOD * 10), unit_of_work=unit_of_work)
    asked = desk.ask(owner=desk.owner, question=QUESTION, client_id="x")
    with pytest.raises(Conflict):
        desk.ask(owner=desk.owner, question="And then?", thread_id=asked.thread.id)

    assert desk.run_next(job_id=asked.job_id)

    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.content) == (MessageStatus.COMPLETE, GOOD * 10)
    assert "".join(delta.text for delta in desk.deltas(answer.id)) == GOOD * 10
    assert desk.ask(owner=desk.owner, question=QUESTION, client_id="x").answer == answer
    assert list(desk.follow(owner=desk.owner, message_id=answer.id))[-1] == answer


def test_a_silent_answer_is_cancelled_over_the_database(unit_of_work: UnitOfWorkFactory) -> None:
    model = StallingModel()
    desk = Desk(model, unit_of_work=unit_of_work)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    heard = desk.follow(owner=desk.owner, message_id=asked.answer.id)
    assert next(news for news in heard if news is not None)

    desk.cancel(owner=desk.owner, message_id=asked.answer.id)
    last = [news for news in heard if news is not None][-1]
    worker.join(5)
    model.let_go.set()

    assert isinstance(last, Message)
    assert (last.status, last.content) == (MessageStatus.CANCELLED, "The pigment is")
    assert desk.job(asked).status is JobStatus.CANCELLED


def test_the_stages_of_a_quiz_and_a_ladder_live_in_the_thread(unit_of_work: UnitOfWorkFactory) -> None:
    desk = Desk(saying("A hint [1]."), unit_of_work=unit_of_work)

    quiz = desk.answer("Quiz me on photosynthesis", mode=Mode.QUIZ)
    verdict = desk.answer("bananas", thread_id=quiz.thread_id)
    hint = desk.answer(QUESTION, mode=Mode.SOCRATIC, thread_id=quiz.thread_id)
    second = desk.answer("I don't know", thread_id=quiz.thread_id)

    assert "**Question 2.**" in verdict.content
    assert hint.stage is not None
    assert second.stage is not None
    assert second.stage != hint.stage
