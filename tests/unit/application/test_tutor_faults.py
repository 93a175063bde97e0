from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from studyteddy.adapters.system_clock import system_clock
from studyteddy.application.ports.chat_model import ChatModel
from studyteddy.application.ports.jobs import Job, JobStatus
from studyteddy.application.tutor.asking import Asked
from studyteddy.application.tutor.conversations import DeleteThread
from studyteddy.domain.errors import Invalid, NotAllowed, NotFound, RateLimited, Unavailable
from studyteddy.domain.tutor.messages import MessageStatus
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import BreakingModel, StallingModel, saying


@pytest.fixture
def stalling() -> Iterator[StallingModel]:
    model = StallingModel()
    yield model
    model.let_go.set()


def run_later(desk: Desk, job: Job) -> None:
    """Run a job that waits for another attempt, without waiting."""
    due = job.not_before
    assert due is not None
    replace(desk.run_next, clock=lambda: due + timedelta(seconds=1))()


class Killed(BaseException):
    """What a worker's thread ends with when its process is killed."""


def kill_a_worker(desk: Desk, asked: Asked, model: ChatModel, *, after_words: bool) -> None:
    """A worker dies while the model talks, or before it said anything; its job stays claimed."""
    desk.use(model)
    with desk.unit_of_work() as uow:
        job = uow.jobs.claim(asked.job_id, now=system_clock(), lease=timedelta(seconds=-1))
        uow.commit()
    assert job is not None

    def die(_progress: int) -> bool:
        if desk.deltas(asked.answer.id) or not after_words:
            raise Killed
        return True

    with pytest.raises(Killed):
        desk.handler.run(job, die)


def test_cancelling_a_queued_answer_settles_it_at_once() -> None:
    desk = Desk(saying(GOOD))
    asked = desk.ask(owner=desk.owner, question=QUESTION)

    cancelled = desk.cancel(owner=desk.owner, message_id=asked.answer.id)

    assert cancelled.status is MessageStatus.CANCELLED
    assert desk.job(asked).status is JobStatus.CANCELLED
    assert not desk.run_next()
    assert desk.cancel(owner=desk.owner, message_id=asked.answer.id) == cancelled


def test_cancelling_a_silent_model_ends_the_answer_within_a_second(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    assert stalling.said_something.wait(5)
    time.sleep(0.3)

    began = time.monotonic()
    desk.cancel(owner=desk.owner, message_id=asked.answer.id)
    worker.join(5)
    took = time.monotonic() - began

    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.content) == (MessageStatus.CANCELLED, "The pigment is")
    assert answer.prompt_tokens is not None
    assert answer.prompt_tokens > 100
    assert desk.job(asked).status is JobStatus.CANCELLED
    assert took < 1.5


def test_deleting_the_thread_stops_its_answer(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    assert stalling.said_something.wait(5)

    DeleteThread(unit_of_work=desk.unit_of_work)(owner=desk.owner, thread_id=asked.thread.id)
    stalling.let_go.set()
    worker.join(5)

    assert not worker.is_alive()
    with pytest.raises(NotFound):
        desk.get(asked.answer.id)


def test_a_fault_before_the_first_word_is_tried_again() -> None:
    desk = Desk(BreakingModel(times=1))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    desk.run_next()
    waiting = desk.job(asked)

    assert waiting.status is JobStatus.QUEUED
    assert desk.get(asked.answer.id).status.running
    run_later(desk, waiting)
    assert desk.get(asked.answer.id).content == "It works again [1]."


def test_after_three_attempts_the_answer_has_failed_and_the_question_is_kept() -> None:
    desk = Desk(BreakingModel())
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    desk.run_next()
    run_later(desk, desk.job(asked))
    run_later(desk, desk.job(asked))

    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.problem, answer.content) == (MessageStatus.FAILED, "provider_unavailable", "")
    assert (desk.job(asked).status, desk.job(asked).error) == (JobStatus.FAILED, "provider_unavailable")
    assert desk.get(asked.question.id).content == QUESTION
    desk.use(saying(GOOD))
    assert desk.answer(thread_id=asked.thread.id).content == GOOD


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (NotAllowed("key", code="provider_rejected_key"), "provider_rejected_key"),
        (Invalid("no", code="provider_refused"), "provider_refused"),
        (RateLimited("later", retry_after=3_600), "rate_limited"),
        (Unavailable("down for long", code="provider_unavailable", retry_after=600), "provider_unavailable"),
    ],
)
def test_a_fault_that_will_not_pass_soon_fails_at_once(fault: Exception, code: str) -> None:
    answer = Desk(BreakingModel(fault=fault)).answer()

    assert (answer.status, answer.problem) == (MessageStatus.FAILED, code)


def test_a_fault_of_ours_fails_the_answer_too() -> None:
    answer = Desk(BreakingModel("Red and ", fault=ZeroDivisionError())).answer()

    assert (answer.status, answer.problem, answer.content) == (MessageStatus.FAILED, "internal_error", "Red and")


def test_a_stream_that_breaks_off_keeps_what_was_said_and_is_not_begun_again() -> None:
    desk = Desk(BreakingModel("Chlorophyll absorbs red light [1]. "))
    answer = desk.answer()

    assert (answer.status, answer.problem) == (MessageStatus.FAILED, "provider_unavailable")
    assert answer.content == "Chlorophyll absorbs red light [1]."
    assert answer.citations[0].verified
    assert not desk.run_next()


def test_a_model_that_says_nothing_has_failed() -> None:
    desk = Desk(saying(""))
    desk.use(saying("  \n "), max_attempts=1)

    answer = desk.answer()

    assert (answer.status, answer.problem) == (MessageStatus.FAILED, "provider_unavailable")


def test_an_answer_of_a_killed_worker_ends_as_interrupted_with_what_was_said() -> None:
    desk = Desk(saying(GOOD))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    kill_a_worker(desk, asked, saying("Chlorophyll absorbs red [1] and much more."), after_words=True)
    desk.use(saying(GOOD))
    shown = "".join(delta.text for delta in desk.deltas(asked.answer.id))

    assert desk.run_next()

    answer = desk.get(asked.answer.id)
    assert answer.status is MessageStatus.INTERRUPTED
    assert answer.content
    assert shown.startswith(answer.content)
    assert "".join(delta.text for delta in desk.deltas(asked.answer.id)) == shown
    assert desk.job(asked).status is JobStatus.DONE


def test_an_answer_of_a_killed_worker_that_had_said_nothing_is_given_anew() -> None:
    desk = Desk(saying(GOOD))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    kill_a_worker(desk, asked, saying(GOOD), after_words=False)
    desk.use(saying(GOOD))

    assert desk.run_next()

    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.content) == (MessageStatus.COMPLETE, GOOD)


def test_a_worker_that_lost_its_lease_says_nothing_more(stalling: StallingModel) -> None:
    desk = Desk(stalling)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    worker = desk.working()
    assert stalling.said_something.wait(5)
    time.sleep(0.3)
    with desk.unit_of_work() as uow:
        job = uow.jobs.claim(asked.job_id, now=system_clock() + timedelta(hours=1))
        uow.commit()
    assert job is not None
    assert job.attempts == 2

    desk.handler.run(job, lambda _: True)
    stalling.let_go.set()
    worker.join(5)

    answer = desk.get(asked.answer.id)
    assert (answer.status, answer.content) == (MessageStatus.INTERRUPTED, "The pigment is")
