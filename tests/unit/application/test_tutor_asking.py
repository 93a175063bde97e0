from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from studyteddy.adapters.extractive_tutor import ExtractiveTutor
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import system_clock
from studyteddy.application.tutor.asking import MAX_RUNNING
from studyteddy.domain.errors import Conflict, Invalid, NotFound, RateLimited
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.token_budget import LARGEST_ANSWER, TokenBudget
from studyteddy.domain.tutor.messages import MessageStatus
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.testing.documents import a_document, add_document, add_user
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import BreakingModel, saying

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_the_first_question_makes_a_thread_named_after_it() -> None:
    desk = Desk(saying(GOOD))

    asked = desk.ask(owner=desk.owner, question=f"  {QUESTION}\n", mode=Mode.EXPLAIN)

    assert asked.thread.title == QUESTION
    assert (asked.question.position, asked.answer.position) == (1, 2)
    assert asked.question.content == QUESTION
    assert desk.job(asked).subject_id == asked.answer.id


def test_a_thread_answers_one_question_at_a_time() -> None:
    desk = Desk(saying(GOOD))
    asked = desk.ask(owner=desk.owner, question=QUESTION)

    with pytest.raises(Conflict) as refused:
        desk.ask(owner=desk.owner, question="And then?", thread_id=asked.thread.id)
    assert refused.value.code == "answer_running"

    desk.run_next()
    assert desk.answer("And chlorophyll?", thread_id=asked.thread.id).position == 4


def test_an_id_whose_job_was_forgotten_is_refused() -> None:
    desk = Desk(saying(GOOD))
    desk.ask(owner=desk.owner, question=QUESTION, client_id="x")
    desk.run_next()
    with desk.unit_of_work() as uow:
        uow.jobs.purge(before=system_clock() + timedelta(days=1), limit=10)
        uow.commit()
    with pytest.raises(Conflict) as refused:
        desk.ask(owner=desk.owner, question=QUESTION, client_id="x")
    assert refused.value.code == "id_reused"


def test_asking_again_under_the_same_id_gives_the_same_answer() -> None:
    desk = Desk(saying(GOOD))

    first = desk.ask(owner=desk.owner, question=QUESTION, client_id="x")
    again = desk.ask(owner=desk.owner, question=QUESTION, client_id="x")

    assert again == first
    assert desk.run_next()
    assert not desk.run_next()
    with pytest.raises(Conflict) as refused:
        desk.ask(owner=desk.owner, question="Another", client_id="x")
    assert refused.value.code == "id_reused"


def test_two_people_can_use_the_same_id() -> None:
    desk = Desk(saying(GOOD))
    other = add_user(desk.unit_of_work)

    first = desk.ask(owner=desk.owner, question=QUESTION, client_id="x")
    second = desk.ask(owner=other, question=QUESTION, client_id="x")

    assert first.answer.id != second.answer.id


def test_a_strangers_thread_or_document_is_not_found_and_nothing_is_kept() -> None:
    desk = Desk(saying(GOOD))
    stranger = add_user(desk.unit_of_work)
    theirs = add_document(desk.unit_of_work, a_document(stranger))
    asked = desk.ask(owner=stranger, question=QUESTION)

    with pytest.raises(NotFound):
        desk.ask(owner=desk.owner, question=QUESTION, thread_id=asked.thread.id)
    with pytest.raises(NotFound):
        desk.ask(owner=desk.owner, question=QUESTION, document_ids=frozenset({theirs.id}))
    with pytest.raises(NotFound):
        desk.ask(owner=desk.owner, question=QUESTION, document_ids=frozenset({DocumentId(uuid4())}))
    with pytest.raises(NotFound):
        desk.cancel(owner=desk.owner, message_id=asked.answer.id)
    with pytest.raises(NotFound):
        desk.follow(owner=desk.owner, message_id=asked.answer.id)
    with pytest.raises(Invalid):
        desk.ask(owner=desk.owner, question="   ")
    with desk.unit_of_work() as uow:
        assert uow.messages.running(desk.owner) == 0


def test_too_many_answers_at_once_are_refused() -> None:
    desk = Desk(saying(GOOD))
    for _ in range(MAX_RUNNING):
        desk.ask(owner=desk.owner, question=QUESTION)

    with pytest.raises(RateLimited) as refused:
        desk.ask(owner=desk.owner, question=QUESTION)
    assert refused.value.code == "too_many_answers"


def spent(desk: Desk) -> int:
    with desk.unit_of_work() as uow:
        return uow.token_usage.spent(desk.owner, uow.users.get(desk.owner).study_day(system_clock()))


def test_an_answer_is_booked_with_what_it_cost() -> None:
    desk = Desk(saying(GOOD))
    answer = desk.answer()
    assert spent(desk) == (answer.prompt_tokens or 0) + (answer.completion_tokens or 0) > 100


def test_an_answer_that_broke_off_is_booked_with_an_estimate() -> None:
    desk = Desk(BreakingModel("Chlorophyll absorbs red light [1]. "))
    answer = desk.answer()
    assert answer.status is MessageStatus.FAILED
    assert spent(desk) == (answer.prompt_tokens or 0) + (answer.completion_tokens or 0) > 100


def test_quotations_cost_nothing() -> None:
    desk = Desk(ExtractiveTutor(SnowballAnalyzer()))
    assert desk.answer().model == "extractive"
    assert spent(desk) == 0


def test_the_tokens_of_a_day_are_limited_until_the_next_study_day() -> None:
    desk = Desk(saying(GOOD))
    desk.ask = replace(desk.ask, budget=TokenBudget(100), clock=lambda: NOW)
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    assert desk.run_next()
    assert desk.get(asked.answer.id).status is MessageStatus.COMPLETE

    with pytest.raises(RateLimited) as refused:
        desk.ask(owner=desk.owner, question=QUESTION)

    assert refused.value.code == "token_budget_spent"
    assert refused.value.retry_after == 18.5 * 3600  # from half past nine to four o'clock
    assert "from 04:00 (UTC) on" in refused.value.message
    desk.ask = replace(desk.ask, clock=lambda: NOW + timedelta(hours=18.5))
    assert desk.ask(owner=desk.owner, question=QUESTION)


def test_a_budget_is_somebodys_own() -> None:
    desk = Desk(saying(GOOD))
    desk.ask = replace(desk.ask, budget=TokenBudget(100))
    desk.answer()
    assert desk.ask(owner=add_user(desk.unit_of_work), question=QUESTION)


def test_of_fifty_questions_at_once_only_one_may_go_over_the_budget() -> None:
    desk = Desk(saying(GOOD))
    desk.ask = replace(desk.ask, budget=TokenBudget(LARGEST_ANSWER))

    def ask(number: int) -> str:
        try:
            desk.ask(owner=desk.owner, question=f"{QUESTION} {number}")
        except RateLimited as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(16) as threads:
        outcomes = Counter(threads.map(ask, range(50)))
    assert outcomes == {"asked": 1, "token_budget_spent": 49}


def test_the_search_is_narrowed_to_the_documents_of_the_thread() -> None:
    desk = Desk(saying(GOOD))
    mine = add_document(desk.unit_of_work, a_document(desk.owner))

    answer = desk.answer(document_ids=frozenset({mine.id}))
    desk.answer("And what is chlorophyll?", thread_id=answer.thread_id)
    desk.answer("Is chlorophyll a pigment?", thread_id=answer.thread_id, document_ids=frozenset())

    scopes = [filters.document_ids for _, filters in desk.search.queries]
    assert scopes == [frozenset({mine.id}), frozenset({mine.id}), None]
