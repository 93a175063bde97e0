"""Where study sessions are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.study_sessions import StudySession


class StudySessions(Protocol):
    """Study sessions of an owner, of which at most one is unfinished. Another person's session is ``NotFound``."""

    def add(self, session: StudySession) -> None:
        """Keep a new session. Raises ``Conflict`` (``already_running``) while the owner has an unfinished one."""
        ...

    def get(self, owner: UserId, session_id: StudySessionId) -> StudySession:
        """The session, else ``NotFound``."""
        ...

    def save(self, session: StudySession) -> None:
        """Replace the session whose version is one less, else ``StaleVersion``."""
        ...

    def unfinished(self, owner: UserId) -> StudySession | None:
        """The session that runs or pauses now."""
        ...

    def page(self, owner: UserId, request: PageRequest) -> Page[StudySession]:
        """All sessions, last started first."""
        ...

    def of_task(self, owner: UserId, task_id: TaskId) -> Sequence[StudySession]:
        """The finished sessions spent on a task, in the order in which they started."""
        ...

    def finished(self, owner: UserId, start: datetime, end: datetime) -> Sequence[StudySession]:
        """Finished sessions of which some part lies in ``start <= t < end``, in the order in which they started."""
        ...
