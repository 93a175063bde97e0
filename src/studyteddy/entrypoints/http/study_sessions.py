"""Study sessions over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application import study_sessions as use_cases
from studyteddy.application.ports.clock import Clock
from studyteddy.domain.ids import StudySessionId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.study_sessions import SessionChanges, SessionStatus, StudySession
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    IdPath,
    Instant,
    PageOut,
    PageQuery,
    Text,
    present_page,
)

ORDER = "-started_at"


class NewSession(Body):
    """What to study and for how long; the subject is that of the task where it's left out."""

    subject: Text | None = Field(None, max_length=100)
    task_id: UUID | None = None
    planned_minutes: int = Field(25, ge=1, le=600)


class FinishBody(Body):
    """A word on the session that ends; an empty body will do."""

    notes: Text = Field(OMITTED, max_length=5_000)
    focus_score: int = Field(OMITTED, ge=0, le=100)


class SessionFields(FinishBody):
    """What may be corrected; what is left out stays as it is."""

    subject: Text | None = Field(None, max_length=100)
    task_id: UUID | None = None


class StudySessionOut(Answer):
    """A study session. ``worked_seconds`` counts what was worked so far, without pauses."""

    id: UUID
    subject: str | None
    task_id: UUID | None
    planned_minutes: int
    status: SessionStatus
    started_at: Instant
    paused_at: Instant | None
    finished_at: Instant | None
    planned_end: Instant
    worked_seconds: int
    focus_score: int | None
    notes: str
    closed_automatically: bool
    version: int


def present(session: StudySession, now: datetime) -> StudySessionOut:
    return StudySessionOut(
        id=session.id,
        subject=session.subject,
        task_id=session.task_id,
        planned_minutes=session.planned_minutes,
        status=session.status,
        started_at=session.started_at,
        paused_at=session.paused_at,
        finished_at=session.finished_at,
        planned_end=session.planned_end,
        worked_seconds=session.worked_seconds(now),
        focus_score=session.focus_score,
        notes=session.notes,
        closed_automatically=session.closed_automatically,
        version=session.version,
    )


def _which(path: IdPath) -> dict[str, Any]:
    return {"owner": owner(), "session_id": StudySessionId(path.id), "version": expected_version()}


def study_sessions_blueprint(
    *,
    protect: Protect,
    clock: Clock,
    start: use_cases.StartSession,
    change: use_cases.ChangeSession,
    get: use_cases.GetSession,
    listing: use_cases.ListSessions,
) -> APIBlueprint:
    """The routes under ``/study-sessions``."""
    api = blueprint("study_sessions", tag="study sessions", protect=protect, needs=Capability.STUDY)

    def answer(session: StudySession, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
        return present(session, clock()).json_ready(), status, {"ETag": f'"{session.version}"'}

    @api.post("/study-sessions", summary="Start a study session", responses={201: StudySessionOut})
    def start_study_session(body: NewSession) -> Any:
        return answer(start(owner=owner(), **cast(Any, body.given())), 201)

    @api.get("/study-sessions", summary="List study sessions", responses={200: PageOut[StudySessionOut]})
    def list_study_sessions(query: PageQuery) -> Any:
        page, now = listing(owner=owner(), request=query.request(ORDER)), clock()
        return present_page(page, lambda session: present(session, now))

    @api.get("/study-sessions/<uuid:id>", summary="Get a study session", responses={200: StudySessionOut})
    def get_study_session(path: IdPath) -> Any:
        return answer(get(owner=owner(), session_id=StudySessionId(path.id)))

    @api.patch("/study-sessions/<uuid:id>", summary="Correct a study session", responses={200: StudySessionOut})
    def edit_study_session(path: IdPath, body: SessionFields) -> Any:
        return answer(change.edit(**_which(path), **cast(SessionChanges, body.given())))

    @api.post("/study-sessions/<uuid:id>/pause", summary="Pause a study session", responses={200: StudySessionOut})
    def pause_study_session(path: IdPath) -> Any:
        return answer(change.pause(**_which(path)))

    @api.post("/study-sessions/<uuid:id>/resume", summary="Resume a study session", responses={200: StudySessionOut})
    def resume_study_session(path: IdPath) -> Any:
        return answer(change.resume(**_which(path)))

    @api.post("/study-sessions/<uuid:id>/finish", summary="Finish a study session", responses={200: StudySessionOut})
    def finish_study_session(path: IdPath, body: FinishBody) -> Any:
        return answer(change.finish(**_which(path), **cast(SessionChanges, body.given())))

    return api
