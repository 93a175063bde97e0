"""What every store of conversations has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from studyteddy.application.ports.repositories.tutor import MESSAGES, THREADS
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion
from studyteddy.domain.ids import ChunkId, DocumentId, MessageId, ThreadId, UserId
from studyteddy.domain.paging import Cursor, PageRequest
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.hints import Ladder, Rung
from studyteddy.domain.tutor.messages import AnswerDelta, Citation, Cost, Message, MessageStatus, Stage
from studyteddy.domain.tutor.prompt import Mode, Speaker
from studyteddy.domain.tutor.quiz import Quiz, QuizQuestion
from studyteddy.domain.tutor.sentences import Span
from studyteddy.domain.tutor.threads import Thread
from studyteddy.testing.documents import add_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_TEXT = "Cells divide by mitosis. Mitosis has four phases."


def a_thread(owner: UserId, *, title: str = "Cells", now: datetime = NOW) -> Thread:
    return Thread(
        id=ThreadId(uuid4()),
        owner=owner,
        title=title,
        mode=Mode.SOCRATIC,
        document_ids=frozenset({DocumentId(uuid4()), DocumentId(uuid4())}),
        created_at=now,
        updated_at=now,
    )


def a_message(
    thread: Thread,
    position: int,
    *,
    role: Speaker = Speaker.USER,
    status: MessageStatus = MessageStatus.COMPLETE,
    client_id: str | None = None,
    now: datetime = NOW,
) -> Message:
    return Message(
        id=MessageId(uuid4()),
        owner=thread.owner,
        thread_id=thread.id,
        position=position,
        role=role,
        content="What is mitosis?" if role is Speaker.USER else "",
        status=status,
        mode=thread.mode,
        document_ids=thread.document_ids,
        client_id=client_id,
        created_at=now,
        updated_at=now,
    )


def an_answer(thread: Thread, position: int = 2, *, now: datetime = NOW) -> Message:
    return a_message(thread, position, role=Speaker.ASSISTANT, status=MessageStatus.QUEUED, now=now)


def a_passage() -> Passage:
    locator = Locator(unit=LocatorUnit.PAGE, number=2, label="Cells", char_start=10, char_end=10 + len(_TEXT))
    return Passage(
        chunk_id=ChunkId(uuid4()),
        document_id=DocumentId(uuid4()),
        filename="cells.pdf",
        title="Cells",
        locator=locator,
        text=_TEXT,
        score=1.25,
    )


def stages() -> list[Stage]:
    """One stage of each kind, with everything that can be in it."""
    question = QuizQuestion(passage=a_passage(), sentence=Span(0, 24), gap=Span(16, 23))
    return [
        Quiz(topic="cells", question=question, asked=(question.fingerprint,), right=1, judged=2),
        Quiz(topic="cells"),
        Ladder(
            question="How do cells divide?",
            passage=a_passage(),
            sentence=Span(0, 24),
            added=("mitosis", "by"),
            held=("mitosis",),
            rung=Rung.GAPS,
        ),
    ]


class TutorContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.fixture
    def other(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.fixture
    def thread(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> Thread:
        thread = a_thread(owner)
        with unit_of_work() as uow:
            uow.threads.add(thread)
            uow.commit()
        return thread

    def keep(self, unit_of_work: UnitOfWorkFactory, *messages: Message) -> None:
        with unit_of_work() as uow:
            for message in messages:
                uow.messages.add(message)
            uow.commit()

    def test_a_thread_comes_back_as_it_was_kept(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread
    ) -> None:
        with unit_of_work() as uow:
            assert uow.threads.get(owner, thread.id) == thread

    def test_another_persons_thread_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, other: UserId, thread: Thread
    ) -> None:
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.threads.get(other, thread.id)
            with pytest.raises(NotFound):
                uow.threads.delete(other, thread.id)
            assert uow.threads.page(other, PageRequest()).items == ()
            assert uow.messages.page(other, thread.id, PageRequest()).items == ()

    def test_a_thread_is_saved_over_the_version_before(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread
    ) -> None:
        changed = thread.edited(NOW + timedelta(hours=1), title="Mitosis", mode=Mode.QUIZ, document_ids=frozenset())
        with unit_of_work() as uow:
            uow.threads.save(changed)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.threads.get(owner, thread.id) == changed
            with pytest.raises(StaleVersion):
                uow.threads.save(changed)
            with pytest.raises(NotFound):
                uow.threads.save(replace(changed, id=ThreadId(uuid4())))

    def test_threads_are_paged_by_their_last_use(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        threads = [a_thread(owner, now=NOW + timedelta(minutes=number // 2)) for number in range(7)]
        with unit_of_work() as uow:
            for thread in threads:
                uow.threads.add(thread)
            uow.commit()
        expected = sorted(threads, key=lambda thread: (thread.updated_at, thread.id), reverse=True)

        seen: list[Thread] = []
        after: Cursor | None = None
        with unit_of_work() as uow:
            while True:
                page = uow.threads.page(owner, PageRequest(limit=3, after=after))
                seen += page.items
                if page.next is None:
                    break
                after = Cursor.decode(page.next.encode(), order=THREADS)
        assert seen == expected

    def test_deleting_a_thread_deletes_all_that_was_said(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread
    ) -> None:
        answer = an_answer(thread)
        self.keep(unit_of_work, a_message(thread, 1, client_id="one"), answer)
        with unit_of_work() as uow:
            uow.messages.append_delta(answer, AnswerDelta(seq=1, text="Cells"))
            uow.threads.delete(owner, thread.id)
            uow.commit()
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.threads.get(owner, thread.id)
            with pytest.raises(NotFound):
                uow.messages.get(owner, answer.id)
            assert uow.messages.by_client_id(owner, "one") is None
            assert uow.messages.deltas(owner, answer.id) == []
            uow.messages.append_delta(answer, AnswerDelta(seq=2, text="too late"))
            uow.commit()

    @pytest.mark.parametrize("stage", stages(), ids=lambda stage: type(stage).__name__)
    def test_an_answer_comes_back_with_everything_that_belongs_to_it(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread, stage: Stage
    ) -> None:
        answer = an_answer(thread)
        self.keep(unit_of_work, a_message(thread, 1), answer)
        source = a_passage()
        citation = Citation(
            number=1,
            chunk_id=source.chunk_id,
            document_id=source.document_id,
            filename=source.filename,
            locator=source.locator,
            quote="Cells divide",
            verified=True,
        )
        settled = answer.settled(
            MessageStatus.COMPLETE,
            content="By mitosis [1].",
            citations=(citation,),
            confidence=0.123456789,
            cost=Cost(model="extractive", prompt_tokens=7, completion_tokens=5, latency=timedelta(milliseconds=1234)),
            stage=stage,
            now=NOW + timedelta(seconds=2),
        ).rated(4, NOW + timedelta(seconds=3), "Short and right – danke 🧸")
        with unit_of_work() as uow:
            uow.messages.save(replace(settled, version=2))
            uow.commit()
        with unit_of_work() as uow:
            assert uow.messages.get(owner, answer.id) == replace(settled, version=2)

    def test_a_failed_answer_keeps_its_problem(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread
    ) -> None:
        answer = an_answer(thread)
        self.keep(unit_of_work, answer)
        failed = answer.settled(MessageStatus.FAILED, content="", problem="provider_unavailable", now=NOW)
        with unit_of_work() as uow:
            uow.messages.save(failed)
            with pytest.raises(StaleVersion):
                uow.messages.save(failed)
            uow.commit()
        with unit_of_work() as uow:
            assert uow.messages.get(owner, answer.id) == failed

    def test_a_thread_has_one_running_answer(self, unit_of_work: UnitOfWorkFactory, thread: Thread) -> None:
        first = an_answer(thread)
        self.keep(unit_of_work, first)
        with pytest.raises(Conflict) as refused:
            self.keep(unit_of_work, an_answer(thread, 4))
        assert refused.value.code == "answer_running"

        with unit_of_work() as uow:
            uow.messages.save(first.settled(MessageStatus.CANCELLED, content="", now=NOW))
            uow.messages.add(an_answer(thread, 4))
            uow.commit()

    def test_a_client_id_is_used_once_by_each_owner(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, other: UserId, thread: Thread
    ) -> None:
        theirs = a_thread(other)
        question = a_message(thread, 1, client_id="abc")
        self.keep(unit_of_work, question)
        with pytest.raises(Conflict) as refused:
            self.keep(unit_of_work, a_message(thread, 3, client_id="abc"))
        assert refused.value.code == "already_sent"

        with unit_of_work() as uow:
            uow.threads.add(theirs)
            uow.messages.add(a_message(theirs, 1, client_id="abc"))
            uow.commit()
        with unit_of_work() as uow:
            assert uow.messages.by_client_id(owner, "abc") == question
            assert uow.messages.by_client_id(owner, "other") is None

    def test_messages_are_read_by_their_position(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, other: UserId, thread: Thread
    ) -> None:
        messages = [a_message(thread, position) for position in range(1, 8)]
        self.keep(unit_of_work, *reversed(messages))
        with unit_of_work() as uow:
            assert uow.messages.at(owner, thread.id, 3) == messages[2]
            with pytest.raises(NotFound):
                uow.messages.at(owner, thread.id, 99)
            with pytest.raises(NotFound):
                uow.messages.at(other, thread.id, 3)
            assert list(uow.messages.before(owner, thread.id, 6, limit=3)) == messages[2:5]
            assert list(uow.messages.before(other, thread.id, 6, limit=3)) == []
            first = uow.messages.page(owner, thread.id, PageRequest(limit=4))
            assert first.next is not None
            after = Cursor.decode(first.next.encode(), order=MESSAGES)
            second = uow.messages.page(owner, thread.id, PageRequest(limit=4, after=after))
        assert [*first.items, *second.items] == messages
        assert second.next is None

    def test_another_persons_message_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, other: UserId, thread: Thread
    ) -> None:
        answer = an_answer(thread)
        self.keep(unit_of_work, answer)
        with unit_of_work() as uow:
            uow.messages.append_delta(answer, AnswerDelta(seq=1, text="Cells"))
            uow.commit()
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.messages.get(other, answer.id)
            assert uow.messages.deltas(other, answer.id) == []
            assert uow.messages.running(other) == 0

    def test_running_answers_are_counted(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, other: UserId, thread: Thread
    ) -> None:
        settled = an_answer(thread, 2).settled(MessageStatus.CANCELLED, content="", now=NOW)
        self.keep(unit_of_work, replace(settled, version=1), an_answer(thread, 4))
        with unit_of_work() as uow:
            assert uow.messages.running(owner) == 1
            assert uow.messages.running(other) == 0

    def test_the_pieces_of_an_answer_are_kept_in_order_and_once(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, thread: Thread
    ) -> None:
        answer = an_answer(thread)
        self.keep(unit_of_work, answer)
        with unit_of_work() as uow:
            for seq, text in [(2, " divide"), (1, "Cells"), (3, " \u00e9\U0001f600"), (2, "said again")]:
                uow.messages.append_delta(answer, AnswerDelta(seq=seq, text=text))
            uow.commit()
        with unit_of_work() as uow:
            pieces = uow.messages.deltas(owner, answer.id)
            assert [(piece.seq, piece.text) for piece in pieces] == [
                (1, "Cells"),
                (2, " divide"),
                (3, " \u00e9\U0001f600"),
            ]
            assert list(uow.messages.deltas(owner, answer.id, after_seq=2)) == list(pieces[2:])
            assert list(uow.messages.deltas(owner, answer.id, after_seq=2**31 - 1)) == []
