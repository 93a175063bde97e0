"""Asking: the question, the answer to come and the job that gives it are kept in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import Job, JobKind
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.application.tutor.conversations import check_scope
from studyteddy.domain.errors import Conflict, RateLimited
from studyteddy.domain.ids import DocumentId, JobId, MessageId, ThreadId, UserId
from studyteddy.domain.token_budget import NO_LIMIT, TokenBudget
from studyteddy.domain.tutor.messages import Message, MessageStatus
from studyteddy.domain.tutor.prompt import Mode, Speaker
from studyteddy.domain.tutor.threads import Thread, title_from

MAX_RUNNING = 4
"""Answers of one person that may be on their way at a time, in different threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that was taken: its thread, the answer to follow, and the job that works on it."""

    thread: Thread
    question: Message
    answer: Message
    job_id: JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTutor:
    """Take a question.

    ``client_id`` makes asking safe to repeat: the same id gives the same answer, and a different text under it is a
    ``Conflict`` (``id_reused``). ``document_ids`` and ``mode`` hold for the thread from now on; None leaves them as
    they are, an empty set opens all documents. One answer at a time in a thread: ``Conflict`` (``answer_running``).
    ``RateLimited`` (``too_many_answers``, ``token_budget_spent``), exactly so when many questions come at once.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    budget: TokenBudget = NO_LIMIT

    def __call__(
        self,
        *,
        owner: UserId,
        question: str,
        client_id: str | None = None,
        thread_id: ThreadId | None = None,
        document_ids: frozenset[DocumentId] | None = None,
        mode: Mode | None = None,
    ) -> Asked:
        text = question.strip()
        try:
            with self.unit_of_work() as uow:
                if (before := self._before(uow, owner, client_id, text)) is not None:
                    return before
                asked = self._ask(uow, owner, text, client_id, thread_id, document_ids, mode)
                uow.commit()
                return asked
        except Conflict as error:
            if error.code != "already_sent":
                raise
        with self.unit_of_work() as uow:  # somebody sent it in the same moment
            again = self._before(uow, owner, client_id, text)
        if again is None:
            raise Conflict("This message was removed again in the same moment. Send it once more.", code="id_reused")
        return again

    def _before(self, uow: UnitOfWork, owner: UserId, client_id: str | None, text: str) -> Asked | None:
        question = uow.messages.by_client_id(owner, client_id) if client_id is not None else None
        if question is None:
            return None
        if question.content != text:
            raise Conflict("Another message was sent under this id. Use a new id for each message.", code="id_reused")
        answer = uow.messages.at(owner, question.thread_id, question.position + 1)
        jobs = uow.jobs.of_subject(owner, answer.id)
        if not jobs:
            raise Conflict("This message was sent and answered long ago. Use a new id to ask again.", code="id_reused")
        return Asked(
            thread=uow.threads.get(owner, question.thread_id),
            question=question,
            answer=answer,
            job_id=jobs[0].id,
        )

    def _ask(
        self,
        uow: UnitOfWork,
        owner: UserId,
        text: str,
        client_id: str | None,
        thread_id: ThreadId | None,
        document_ids: frozenset[DocumentId] | None,
        mode: Mode | None,
    ) -> Asked:
        now = self.clock()
        check_scope(uow, owner, document_ids)
        if thread_id is None:
            blank = Thread(
                id=ThreadId(self.new_id()), owner=owner, title=title_from(text), created_at=now, updated_at=now
            )
            uow.threads.add(blank)
        else:
            blank = uow.threads.get(owner, thread_id)
        thread = blank.asked(now, question=text, mode=mode, document_ids=document_ids)
        question = self._message(thread, Speaker.USER, text, now, client_id)
        answer = self._message(thread, Speaker.ASSISTANT, "", now)
        uow.messages.add(question)
        uow.messages.add(answer)
        self._check_limits(uow, owner, now)
        uow.threads.save(thread)
        job_id = JobId(self.new_id())
        uow.jobs.add(
            Job(
                id=job_id,
                owner=owner,
                kind=JobKind.ANSWER_QUESTION,
                subject_id=answer.id,
                created_at=now,
                updated_at=now,
            )
        )
        return Asked(thread=thread, question=question, answer=answer, job_id=job_id)

    def _message(
        self, thread: Thread, role: Speaker, content: str, now: datetime, client_id: str | None = None
    ) -> Message:
        asking = role is Speaker.USER
        return Message(
            id=MessageId(self.new_id()),
            owner=thread.owner,
            thread_id=thread.id,
            position=thread.message_count - asking,
            role=role,
            content=content,
            status=MessageStatus.COMPLETE if asking else MessageStatus.QUEUED,
            mode=thread.mode,
            document_ids=thread.document_ids,
            client_id=client_id,
            created_at=now,
            updated_at=now,
        )

    def _check_limits(self, uow: UnitOfWork, owner: UserId, now: datetime) -> None:
        student = uow.users.get(owner)
        spent = uow.token_usage.hold(owner, student.study_day(now))  # questions of one moment are counted one by one
        others = uow.messages.running(owner) - 1
        if others >= MAX_RUNNING:
            raise RateLimited(
                f"{MAX_RUNNING} answers are on their way already. Wait for one of them or cancel it.",
                code="too_many_answers",
                retry_after=5,
            )
        self.budget.check(student, spent, running=others, now=now)
