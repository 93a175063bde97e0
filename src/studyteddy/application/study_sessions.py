"""Start, pause, resume and finish study sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.errors import NotFound, StaleVersion
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.study_sessions import SessionChanges, StudySession, total_minutes
from studyteddy.domain.text_rules import stripped_or_none
from studyteddy.domain.versions import check_version


def _close_forgotten(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    """End a session that was left running, so that it stands in nobody's way.

    Whoever looks next does it, and two may look at once: a lost race is run again on what is kept by then.
    """
    while True:
        try:
            with unit_of_work() as uow:
                open_session = uow.study_sessions.unfinished(owner)
                closed = open_session.close_if_left(now) if open_session is not None else None
                if closed is not None and closed is not open_session:
                    uow.study_sessions.save(closed)
                    _count_minutes(uow, owner, closed.task_id, now)
                    uow.commit()
                return
        except StaleVersion:
            continue


def _count_minutes(uow: UnitOfWork, owner: UserId, task_id: TaskId | None, now: datetime) -> None:
    """Keep a task's actual minutes the sum of its finished sessions; a task that was deleted needs none."""
    if task_id is None:
        return
    try:
        task = uow.tasks.get(owner, task_id)
    except NotFound:
        return
    minutes = total_minutes(uow.study_sessions.of_task(owner, task_id))
    if minutes != task.actual_minutes:
        uow.tasks.save(task.worked(minutes, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSession:
    """Begin to study, on a subject of its own or that of the task. ``Conflict`` (``already_running``) while another
    session is unfinished.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(
        self, *, owner: UserId, subject: str | None = None, task_id: TaskId | None = None, planned_minutes: int = 25
    ) -> StudySession:
        now = self.clock()
        _close_forgotten(self.unit_of_work, owner, now)
        with self.unit_of_work() as uow:
            if task_id is not None:
                subject = stripped_or_none(subject) or uow.tasks.get(owner, task_id).subject
            session = StudySession.start(
                id=StudySessionId(self.new_id()),
                owner=owner,
                now=now,
                subject=subject,
                task_id=task_id,
                planned_minutes=planned_minutes,
            )
            uow.study_sessions.add(session)
            uow.commit()
        return session


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSession:
    """Pause, resume, finish or edit a session; ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def pause(self, *, owner: UserId, session_id: StudySessionId, version: int | None = None) -> StudySession:
        """Stop the clock."""
        return self._change(owner, session_id, version, lambda session, now: session.pause(now))

    def resume(self, *, owner: UserId, session_id: StudySessionId, version: int | None = None) -> StudySession:
        """Let the clock run again."""
        return self._change(owner, session_id, version, lambda session, now: session.resume(now))

    def finish(
        self,
        *,
        owner: UserId,
        session_id: StudySessionId,
        version: int | None = None,
        **changes: Unpack[SessionChanges],
    ) -> StudySession:
        """End the session, with a note or a focus score of the student's own where given."""
        return self._change(owner, session_id, version, lambda session, now: session.finish(now, **changes))

    def edit(
        self,
        *,
        owner: UserId,
        session_id: StudySessionId,
        version: int | None = None,
        **changes: Unpack[SessionChanges],
    ) -> StudySession:
        """Correct subject, task, notes or focus score."""
        return self._change(owner, session_id, version, lambda session, _: session.edited(**changes))

    def _change(
        self,
        owner: UserId,
        session_id: StudySessionId,
        version: int | None,
        decide: Callable[[StudySession, datetime], StudySession],
    ) -> StudySession:
        now = self.clock()
        while True:
            try:
                with self.unit_of_work() as uow:
                    before = uow.study_sessions.get(owner, session_id)
                    check_version(before.version, version)
                    after = decide(before, now)
                    self._save(uow, before, after, now)
                    uow.commit()
                return after
            except StaleVersion:  # the session or its task was changed meanwhile: decide again
                if version is not None:
                    raise

    @staticmethod
    def _save(uow: UnitOfWork, before: StudySession, after: StudySession, now: datetime) -> None:
        if after.task_id != before.task_id and after.task_id is not None:
            uow.tasks.get(after.owner, after.task_id)
        uow.study_sessions.save(after)
        if after.finished_at is not None:
            # In one order everywhere, so that two changes never wait for each other.
            for task_id in sorted({task_id for task_id in (before.task_id, after.task_id) if task_id is not None}):
                _count_minutes(uow, after.owner, task_id, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetSession:
    """One session; if it was forgotten, it is closed first."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, session_id: StudySessionId) -> StudySession:
        _close_forgotten(self.unit_of_work, owner, self.clock())
        with self.unit_of_work() as uow:
            return uow.study_sessions.get(owner, session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """A page of sessions, last started first; a forgotten one is closed first."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, request: PageRequest) -> Page[StudySession]:
        _close_forgotten(self.unit_of_work, owner, self.clock())
        with self.unit_of_work() as uow:
            return uow.study_sessions.page(owner, request)
