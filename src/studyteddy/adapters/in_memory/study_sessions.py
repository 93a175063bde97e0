"""Study sessions in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from studyteddy.adapters.in_memory.repository import OwnedRows, page
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.study_sessions import StudySession


class InMemoryStudySessions(OwnedRows[StudySession]):
    """The ``StudySessions`` port over a store."""

    table = "study_sessions"
    noun = "study session"

    def add(self, session: StudySession) -> None:
        if session.finished_at is None and self.unfinished(session.owner) is not None:
            raise Conflict("A study session is running already. Finish it first.", code="already_running")
        self._add(session)

    def get(self, owner: UserId, session_id: StudySessionId) -> StudySession:
        return self._get(owner, session_id)

    def save(self, session: StudySession) -> None:
        self._save(session)

    def unfinished(self, owner: UserId) -> StudySession | None:
        return next((session for session in self._of(owner) if session.finished_at is None), None)

    def page(self, owner: UserId, request: PageRequest) -> Page[StudySession]:
        return page(
            self._of(owner),
            request,
            order="-started_at",
            key=lambda session: session.started_at,
            as_text=str,
            from_text=datetime.fromisoformat,
            descending=True,
        )

    def of_task(self, owner: UserId, task_id: TaskId) -> Sequence[StudySession]:
        mine = (session for session in self._of(owner) if session.task_id == task_id)
        return _in_order(session for session in mine if session.finished_at is not None)

    def finished(self, owner: UserId, start: datetime, end: datetime) -> Sequence[StudySession]:
        return _in_order(
            session
            for session in self._of(owner)
            if session.finished_at is not None and session.started_at < end and session.finished_at > start
        )


def _in_order(sessions: Iterable[StudySession]) -> list[StudySession]:
    return sorted(sessions, key=lambda session: (session.started_at, session.id))
