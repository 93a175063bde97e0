"""Study sessions in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.study_sessions import study_sessions
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.study_sessions import Span, StudySession

_C = study_sessions.c
_START = (
    insert(study_sessions)
    .on_conflict_do_nothing(index_elements=["owner"], index_where=_C.finished_at.is_(None))
    .returning(_C.id)
)
_MINE = sa.select(study_sessions).where(_C.owner == sa.bindparam("of"))
_UNFINISHED = _MINE.where(_C.finished_at.is_(None))
_OF_TASK = _MINE.where(_C.task_id == sa.bindparam("task"), _C.finished_at.is_not(None)).order_by(_C.started_at, _C.id)
_FINISHED = _MINE.where(_C.started_at < sa.bindparam("until"), _C.finished_at > sa.bindparam("since")).order_by(
    _C.started_at, _C.id
)


class PostgresStudySessions(OwnedRows[StudySession]):
    """The ``StudySessions`` port."""

    table = study_sessions
    noun = "study session"

    @staticmethod
    def to_row(session: StudySession) -> Values:
        return {
            "id": session.id,
            "owner": session.owner,
            "subject": session.subject,
            "task_id": session.task_id,
            "planned_minutes": session.planned_minutes,
            "started_at": session.started_at,
            "pauses": [[span.start.isoformat(), span.end.isoformat()] for span in session.pauses],
            "paused_at": session.paused_at,
            "finished_at": session.finished_at,
            "focus_score": session.focus_score,
            "notes": session.notes,
            "closed_automatically": session.closed_automatically,
            "version": session.version,
        }

    @staticmethod
    def from_row(row: Any) -> StudySession:
        pauses = ((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.pauses)
        return StudySession(
            id=StudySessionId(row.id),
            owner=UserId(row.owner),
            subject=row.subject,
            task_id=TaskId(row.task_id) if row.task_id else None,
            planned_minutes=row.planned_minutes,
            started_at=row.started_at,
            pauses=tuple(Span(start=start, end=end) for start, end in pauses),
            paused_at=row.paused_at,
            finished_at=row.finished_at,
            focus_score=row.focus_score,
            notes=row.notes,
            closed_automatically=row.closed_automatically,
            version=row.version,
        )

    def add(self, session: StudySession) -> None:
        if self._connection.execute(_START, self.to_row(session)).one_or_none() is None:
            raise Conflict("A study session is running already. Finish it first.", code="already_running")

    def get(self, owner: UserId, session_id: StudySessionId) -> StudySession:
        return self._get(owner, session_id)

    def save(self, session: StudySession) -> None:
        self._save(session)

    def unfinished(self, owner: UserId) -> StudySession | None:
        row = self._connection.execute(_UNFINISHED, {"of": owner}).one_or_none()
        return self.from_row(row) if row is not None else None

    def page(self, owner: UserId, request: PageRequest) -> Page[StudySession]:
        return page(
            self._connection,
            _MINE,
            {"of": owner},
            request,
            order="-started_at",
            key=_C.started_at,
            row_id=_C.id,
            as_text=str,
            from_text=datetime.fromisoformat,
            from_row=self.from_row,
            descending=True,
        )

    def of_task(self, owner: UserId, task_id: TaskId) -> Sequence[StudySession]:
        return [self.from_row(row) for row in self._connection.execute(_OF_TASK, {"of": owner, "task": task_id})]

    def finished(self, owner: UserId, start: datetime, end: datetime) -> Sequence[StudySession]:
        values = {"of": owner, "since": start, "until": end}
        return [self.from_row(row) for row in self._connection.execute(_FINISHED, values)]
