from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import DocumentId, UserId
from studyteddy.domain.tutor.messages import MAX_QUESTION, Cost, MessageStatus
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.domain.tutor.threads import MAX_SCOPE, UNTITLED, title_from
from studyteddy.testing.tutor import NOW, a_message, a_thread, an_answer

LATER = NOW + timedelta(minutes=1)


def test_a_thread_is_named_after_its_first_question_only() -> None:
    blank = a_thread(UserId(uuid4()), title=UNTITLED)

    first = blank.asked(LATER, question="What is\n mitosis?", mode=None, document_ids=None)
    second = first.asked(LATER, question="And meiosis?", mode=Mode.QUIZ, document_ids=frozenset())

    assert first.title == second.title == "What is mitosis?"
    assert (first.mode, first.document_ids) == (blank.mode, blank.document_ids)
    assert (second.mode, second.document_ids) == (Mode.QUIZ, frozenset())
    assert (first.message_count, second.message_count) == (2, 4)
    assert (first.version, second.version) == (2, 3)


def test_a_thread_that_somebody_named_keeps_its_name() -> None:
    named = a_thread(UserId(uuid4()), title="Exam")

    assert named.asked(LATER, question="What is mitosis?", mode=None, document_ids=None).title == "Exam"


@given(st.text(max_size=400))
def test_a_title_is_short_and_on_one_line(question: str) -> None:
    title = title_from(question)

    assert 1 <= len(title) <= 81
    assert title == title.strip()
    assert "\n" not in title


def test_a_long_question_is_cut_between_words() -> None:
    assert title_from("word " * 40) == "word " * 15 + "word\u2026"


def test_a_thread_can_be_narrowed_to_a_hundred_documents() -> None:
    many = frozenset(DocumentId(uuid4()) for _ in range(MAX_SCOPE + 1))
    thread = a_thread(UserId(uuid4()))

    with pytest.raises(Invalid) as refused:
        thread.edited(LATER, document_ids=many)
    assert refused.value.faults[0].field == "document_ids"


@pytest.mark.parametrize("text", ["", "   ", " padded ", "x" * (MAX_QUESTION + 1), "nul\0", "\ud800"])
def test_a_question_is_a_text_that_can_be_kept(text: str) -> None:
    thread = a_thread(UserId(uuid4()))
    with pytest.raises(Invalid):
        replace(a_message(thread, 1), content=text)


def test_an_answer_is_settled_once() -> None:
    answer = an_answer(a_thread(UserId(uuid4()))).started(NOW).started(NOW)
    cost = Cost(model="m", prompt_tokens=1, completion_tokens=2, latency=timedelta(seconds=3))

    settled = answer.settled(MessageStatus.COMPLETE, content="Yes.", confidence=1.0, cost=cost, now=LATER)

    assert (settled.content, settled.model, settled.latency) == ("Yes.", "m", timedelta(seconds=3))
    with pytest.raises(Conflict):
        settled.settled(MessageStatus.CANCELLED, content="", now=LATER)
    with pytest.raises(Conflict):
        settled.started(LATER)


def test_a_rating_may_have_a_reason_that_the_next_rating_replaces() -> None:
    settled = an_answer(a_thread(UserId(uuid4()))).settled(MessageStatus.COMPLETE, content="Well", now=LATER)
    rated = settled.rated(2, LATER, " Too long\n")
    assert (settled.feedback_reason, rated.feedback_reason) == (None, "Too long")
    assert rated.rated(3, LATER).feedback_reason is None
    assert rated.rated(3, LATER, " ").feedback_reason is None
    for wrong in ("x" * 501, "nul\0"):
        with pytest.raises(Invalid) as caught:
            settled.rated(2, LATER, wrong)
        assert caught.value.faults[0].field == "reason"
    with pytest.raises(Invalid):
        replace(settled, feedback_reason="Why not")


def test_only_a_finished_answer_can_be_rated_from_one_to_five() -> None:
    thread = a_thread(UserId(uuid4()))
    answer = an_answer(thread)
    settled = answer.settled(MessageStatus.INTERRUPTED, content="Well", now=LATER)

    assert settled.rated(5, LATER).rated(1, LATER).feedback_rating == 1
    for rating in (0, 6):
        with pytest.raises(Invalid):
            settled.rated(rating, LATER)
    for message in (answer, a_message(thread, 1)):
        with pytest.raises(Conflict):
            message.rated(3, LATER)


def test_a_message_has_a_problem_exactly_when_it_failed() -> None:
    answer = an_answer(a_thread(UserId(uuid4())))

    with pytest.raises(Invalid):
        answer.settled(MessageStatus.FAILED, content="", now=LATER)
    with pytest.raises(Invalid):
        answer.settled(MessageStatus.COMPLETE, content="", problem="timeout", now=LATER)
    with pytest.raises(Invalid):
        answer.settled(MessageStatus.COMPLETE, content="", confidence=1.5, now=LATER)
