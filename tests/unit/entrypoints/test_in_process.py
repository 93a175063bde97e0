from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from studyteddy.application.ports.chat_model import Delta, Usage
from studyteddy.domain.accounts import User
from studyteddy.domain.documents import DocumentStatus
from studyteddy.domain.errors import NotFound, Unavailable, UnsupportedType
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.scheduling import Rating
from studyteddy.domain.tutor.messages import MessageStatus
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS, TutorPrompt
from studyteddy.entrypoints.in_process import StudyTeddy

NOTES = (
    b"# Osmosis\n\nOsmosis is the movement of water through a membrane towards the higher solute concentration.\n\n"
    b"# Diffusion\n\nDiffusion is the movement of particles from a higher concentration to a lower one."
)


class Parrot:
    """A model that says one sentence and cites the first passage."""

    name = "parrot"

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        yield Delta(f"You asked: {prompt.question} [1]")
        yield Usage(prompt_tokens=3, completion_tokens=4)


class Absent:
    """A model whose server is down."""

    name = "absent"

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        raise Unavailable("The language model does not answer.", code="provider_unavailable")
        yield


def person(teddy: StudyTeddy, email: str = "ada@example.org") -> User:
    return teddy.register(email=email, password="seven green kites", display_name="Ada").user


def read_notes(teddy: StudyTeddy, student: User) -> None:
    teddy.add_document(owner=student.id, filename="biology.md", content=io.BytesIO(NOTES))
    assert teddy.run_jobs() == 1


def test_a_document_is_read_searched_and_quoted() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    added = teddy.add_document(owner=ada.id, filename="biology.md", content=io.BytesIO(NOTES))
    assert teddy.get_document(owner=ada.id, document_id=added.document.id).status is DocumentStatus.QUEUED
    teddy.run_jobs()
    document = teddy.get_document(owner=ada.id, document_id=added.document.id)
    assert (document.status, document.page_count) == (DocumentStatus.READY, 2)
    assert teddy.search(owner=ada.id, query="movement of particles").passages[0].locator.label == "Diffusion"
    answer = teddy.ask(owner=ada.id, question="What is diffusion?")
    assert answer.status is MessageStatus.COMPLETE
    assert "from a higher concentration to a lower one" in answer.content
    assert [(one.locator.number, one.verified) for one in answer.citations] == [(2, True)]


def test_what_no_document_says_is_not_made_up() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    read_notes(teddy, ada)
    answer = teddy.ask(owner=ada.id, question="Who won the battle of Hastings?")
    assert NOT_IN_DOCUMENTS in answer.content


def test_a_question_can_follow_another_in_its_thread() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    read_notes(teddy, ada)
    first = teddy.ask(owner=ada.id, question="What is osmosis?")
    second = teddy.ask(owner=ada.id, question="What is diffusion?", thread_id=first.thread_id)
    assert second.thread_id == first.thread_id
    assert second.position == first.position + 2


def test_nobody_sees_what_belongs_to_somebody_else() -> None:
    teddy = StudyTeddy()
    ada, bob = person(teddy), person(teddy, "bob@example.org")
    read_notes(teddy, ada)
    assert not teddy.search(owner=bob.id, query="osmosis").passages
    task = teddy.add_task(owner=ada.id, title="Read chapter 3")
    with pytest.raises(NotFound):
        teddy.get_task(owner=bob.id, task_id=task.id)


def test_two_objects_share_nothing() -> None:
    first, second = StudyTeddy(), StudyTeddy()
    assert person(first).email == person(second).email


def test_time_is_that_of_the_given_clock() -> None:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    teddy = StudyTeddy(clock=lambda: now)
    ada = person(teddy)
    deck = teddy.add_deck(owner=ada.id, name="Biology").deck
    (card,) = teddy.add_cards(owner=ada.id, deck_id=deck.id, cards=[{"front": "What moves?", "back": "Water"}])
    assert [item.card.id for item in teddy.get_queue(student=ada).items] == [card.id]
    reviewed = teddy.review_card(student=ada, card_id=card.id, rating=Rating.GOOD).card
    assert reviewed.schedule.due_on == now.date() + timedelta(days=1)
    assert not teddy.get_queue(student=ada).items
    now += timedelta(days=1)
    assert [item.card.id for item in teddy.get_queue(student=ada).items] == [card.id]


def test_cards_are_made_from_a_document_and_reviewed() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    added = teddy.add_document(owner=ada.id, filename="biology.md", content=io.BytesIO(NOTES))
    teddy.run_jobs()
    deck = teddy.add_deck(owner=ada.id, name="Biology").deck
    teddy.request_cards(owner=ada.id, document_id=added.document.id, deck_id=deck.id, count=5)
    assert teddy.run_jobs() == 1
    proposed = teddy.list_proposals(owner=ada.id, deck_id=deck.id, request=PageRequest()).items
    assert proposed
    accepted = teddy.accept_proposals(owner=ada.id, ids=[proposal.id for proposal in proposed])
    queue = teddy.get_queue(student=ada).items
    assert {item.card.id for item in queue} == {card.id for card in accepted}


def test_the_same_file_again_names_the_job_that_read_it_and_no_other() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    first = teddy.add_document(owner=ada.id, filename="biology.md", content=io.BytesIO(NOTES))
    teddy.run_jobs()
    deck = teddy.add_deck(owner=ada.id, name="Biology").deck
    teddy.request_cards(owner=ada.id, document_id=first.document.id, deck_id=deck.id, count=5)
    again = teddy.add_document(owner=ada.id, filename="copy.md", content=io.BytesIO(NOTES))
    assert again.existing
    assert again.job_id == first.job_id


def test_another_chat_model_answers() -> None:
    teddy = StudyTeddy(chat_model=Parrot())
    ada = person(teddy)
    read_notes(teddy, ada)
    answer = teddy.ask(owner=ada.id, question="What is osmosis?")
    assert answer.content.startswith("You asked: What is osmosis?")
    assert answer.model == "parrot"


def test_a_model_that_does_not_answer_is_told_and_leaves_no_open_answer() -> None:
    teddy = StudyTeddy(chat_model=Absent())
    ada = person(teddy)
    read_notes(teddy, ada)
    with pytest.raises(Unavailable):
        teddy.ask(owner=ada.id, question="What is osmosis?")
    with teddy.unit_of_work() as uow:
        assert uow.messages.running(ada.id) == 0


def test_a_pdf_asks_for_the_package_that_reads_it() -> None:
    teddy = StudyTeddy()
    with pytest.raises(UnsupportedType, match=r"studyteddy\[server\]"):
        teddy.add_document(owner=person(teddy).id, filename="slides.pdf", content=io.BytesIO(b"%PDF-1.7"))


def test_threads_may_ask_at_the_same_time() -> None:
    teddy = StudyTeddy()
    ada = person(teddy)
    read_notes(teddy, ada)
    answers: list[str] = []

    def ask() -> None:
        answers.append(teddy.ask(owner=ada.id, question="What is osmosis?").content)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
