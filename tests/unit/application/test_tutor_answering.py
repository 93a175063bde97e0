from __future__ import annotations

from datetime import timedelta

from studyteddy.application.tutor.answering import NOTHING_CITED
from studyteddy.domain.tutor.messages import MessageStatus
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import ScriptedModel, saying


def test_a_question_is_answered_with_checked_citations() -> None:
    desk = Desk(saying(f"{GOOD} Loops repeat [2, 99]."))

    answer = desk.answer("What does chlorophyll absorb, and what does a loop repeat?")

    assert answer.status is MessageStatus.COMPLETE
    assert answer.content == f"{GOOD} Loops repeat [2]."
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert answer.citations[0].quote == "The green pigment chlorophyll absorbs red and blue light."
    assert (answer.model, answer.prompt_tokens, answer.confidence) == ("scripted", 100, 0.8)
    assert answer.latency is not None
    assert answer.latency > timedelta(0)


def test_what_was_streamed_is_kept_piece_by_piece_and_published() -> None:
    desk = Desk(saying(GOOD * 20))
    asked = desk.ask(owner=desk.owner, question=QUESTION)
    news = desk.events.subscribe(desk.owner, f"message:{asked.answer.id}")

    desk.run_next()

    deltas = desk.deltas(asked.answer.id)
    published = []
    while (event := news.next(0)) is not None:
        published.append((event.kind, event.data.get("seq"), event.data.get("text")))
    assert [delta.seq for delta in deltas] == list(range(1, len(deltas) + 1))
    assert "".join(delta.text for delta in deltas) == GOOD * 20
    assert published[:-1] == [("chat-delta", delta.seq, delta.text) for delta in deltas]
    assert published[-1][0] == "chat-settled"
    assert max(len(delta.text) for delta in deltas) < 250


def test_without_passages_no_model_is_asked() -> None:
    model = saying("I know it all.")
    desk = Desk(model)

    answer = desk.answer("Who walked on the moon?")

    assert answer.content == NOT_IN_DOCUMENTS
    assert (answer.confidence, answer.prompt_tokens, answer.citations) == (0.0, 0, ())
    assert model.prompts == []


def test_an_answer_that_cites_nothing_says_so_and_counts_for_nothing() -> None:
    answer = Desk(saying("It is surely magic [99].")).answer()

    assert answer.content == f"It is surely magic.\n\n{NOTHING_CITED}"
    assert answer.confidence == 0.0


def test_a_model_that_says_the_documents_do_not_say_is_left_alone() -> None:
    assert Desk(saying(NOT_IN_DOCUMENTS)).answer().content == NOT_IN_DOCUMENTS


def test_a_false_quotation_is_shown_as_not_verified() -> None:
    answer = Desk(saying('It says "chlorophyll drinks the moonlight at night" [1].')).answer()

    [citation] = answer.citations
    assert not citation.verified
    assert answer.confidence == 0.0


def test_a_short_follow_up_is_searched_together_with_the_question_before() -> None:
    desk = Desk(saying(GOOD))
    first = desk.answer()

    follow_up = desk.answer("And why is that?", thread_id=first.thread_id)

    assert desk.search.queries[-1][0] == f"And why is that? {QUESTION}"
    assert follow_up.confidence == 0.8


def test_a_question_that_stands_alone_is_not_helped_by_the_one_before() -> None:
    desk = Desk(saying(GOOD))
    first = desk.answer()

    other = desk.answer("Who walked on the moon in 1969?", thread_id=first.thread_id)

    assert other.content == NOT_IN_DOCUMENTS


def test_earlier_turns_are_put_before_the_question() -> None:
    model = saying(GOOD)
    desk = Desk(model)
    first = desk.answer()
    desk.answer("And does chlorophyll reflect?", thread_id=first.thread_id)

    assert [turn.text for turn in model.prompts[-1].turns] == [QUESTION, GOOD]
    assert model.prompts[-1].question == "And does chlorophyll reflect?"


def test_an_endless_answer_is_cut_at_its_greatest_length() -> None:
    answer = Desk(ScriptedModel(lambda _: "Red and blue light [1]. " * 5_000, size=5_000)).answer()

    assert answer.status is MessageStatus.COMPLETE
    assert 49_900 <= len(answer.content) <= 50_000
