"""Study sessions: when somebody worked, on what, and how undisturbed. All times are the server's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict, Unpack

from studyteddy.domain.days import require_aware
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.text_rules import require_storable, require_text, stripped_or_none

MAX_PLANNED_MINUTES = 600
MAX_SUBJECT = 100
MAX_NOTES = 5_000
MAX_PAUSES = 500
LEFT_AFTER = timedelta(minutes=30)
"""A session still running this long after its planned end was forgotten; until then it counts as overtime."""
LEFT_PAUSED_AFTER = timedelta(hours=4)
"""A pause this long was never meant to end."""


class SessionStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time: ``end`` is no longer part of it."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Invalid("A stretch of time can't end before it starts.")

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class SessionChanges(TypedDict, total=False):
    """What a student may change, during a session or after it; what is left out stays as it is."""

    subject: str | None
    task_id: TaskId | None
    notes: str
    focus_score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySession:
    """One sitting. It runs from ``started_at`` until ``finished_at``, less its ``pauses`` (in order, apart
    from each other).

    ``paused_at`` is the start of the pause that is still open. ``focus_score`` 0..100 is None until the end;
    it is then ``100 * (1 - paused / planned)``, at least 0 and rounded half up, until the student sets
    another. A session that was forgotten is ``closed_automatically`` where ``close_if_left`` says.
    """

    id: StudySessionId
    owner: UserId
    subject: str | None = None
    task_id: TaskId | None = None
    planned_minutes: int = 25
    started_at: datetime
    pauses: tuple[Span, ...] = ()
    paused_at: datetime | None = None
    finished_at: datetime | None = None
    focus_score: int | None = None
    notes: str = ""
    closed_automatically: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        require_aware(self.started_at, "started_at")
        if not 1 <= self.planned_minutes <= MAX_PLANNED_MINUTES:
            raise Invalid.field("planned_minutes", f"Plan 1 to {MAX_PLANNED_MINUTES} minutes.")
        if self.subject is not None:
            require_text("subject", self.subject, limit=MAX_SUBJECT)
        require_storable("notes", self.notes, limit=MAX_NOTES)
        if self.focus_score is not None and not 0 <= self.focus_score <= 100:
            raise Invalid.field("focus_score", "The focus score runs from 0 to 100.")
        if self.finished_at is None and (self.focus_score is not None or self.closed_automatically):
            raise Invalid.field("focus_score", "Finish the session before you score it.")
        times = [self.started_at, *(time for span in self.pauses for time in (span.start, span.end))]
        times += [time for time in (self.paused_at, self.finished_at) if time is not None]
        if times != sorted(times) or (self.paused_at and self.finished_at):
            raise Invalid("The times of a study session must run forward.")

    @classmethod
    def start(
        cls,
        *,
        id: StudySessionId,
        owner: UserId,
        now: datetime,
        subject: str | None = None,
        task_id: TaskId | None = None,
        planned_minutes: int = 25,
    ) -> StudySession:
        """A session that runs from now on."""
        return cls(
            id=id,
            owner=owner,
            subject=stripped_or_none(subject),
            task_id=task_id,
            planned_minutes=planned_minutes,
            started_at=now,
        )

    @property
    def status(self) -> SessionStatus:
        if self.finished_at is not None:
            return SessionStatus.FINISHED
        return SessionStatus.RUNNING if self.paused_at is None else SessionStatus.PAUSED

    @property
    def planned_end(self) -> datetime:
        """When the planned time will have been worked: every finished pause moves it back by its length."""
        return self.started_at + timedelta(minutes=self.planned_minutes) + self._paused()

    def worked_spans(self, now: datetime) -> tuple[Span, ...]:
        """The stretches in which work was done so far, without the pauses and without empty ones."""
        end = self.finished_at or self.paused_at or self._not_before_last(now)
        starts = [self.started_at, *(pause.end for pause in self.pauses)]
        ends = [*(pause.start for pause in self.pauses), end]
        return tuple(Span(start=start, end=end) for start, end in zip(starts, ends, strict=True) if end > start)

    def worked_seconds(self, now: datetime) -> int:
        """Whole seconds of work so far, never negative."""
        return int(sum((span.length for span in self.worked_spans(now)), timedelta()).total_seconds())

    def pause(self, now: datetime) -> StudySession:
        """Stop the clock; ``Conflict`` unless the session is running."""
        self._require_unfinished()
        if self.paused_at is not None:
            raise Conflict("This session is paused already. Resume or finish it.", code="already_paused")
        if len(self.pauses) >= MAX_PAUSES:
            raise Conflict("This session has too many pauses. Finish it and start another.", code="too_many_pauses")
        return self._changed(paused_at=self._not_before_last(now))

    def resume(self, now: datetime) -> StudySession:
        """Let the clock run again; ``Conflict`` unless the session is paused."""
        self._require_unfinished()
        if self.paused_at is None:
            raise Conflict("This session is running already. Pause or finish it.", code="not_paused")
        return self._changed(paused_at=None, pauses=self._pauses_until(self._not_before_last(now)))

    def finish(self, now: datetime, **changes: Unpack[SessionChanges]) -> StudySession:
        """End the session now, or where ``close_if_left`` ends it when it was forgotten, with what the student says
        about it; ``Conflict`` the second time.
        """
        self._require_unfinished()
        closed = self.close_if_left(now)
        finished = closed if closed is not self else self._finished(self._not_before_last(now))
        return replace(finished, **_tidy(changes))

    def close_if_left(self, now: datetime) -> StudySession:
        """The session closed and marked if it was forgotten; the very same otherwise.

        One that still runs 30 minutes after its planned end is closed at its planned end. One that has been
        paused for four hours is closed where the pause began.
        """
        if self.finished_at is not None:
            return self
        if self.paused_at is not None:
            if now - self.paused_at < LEFT_PAUSED_AFTER:
                return self
            return replace(self._finished(self.paused_at), closed_automatically=True)
        if now - self.planned_end < LEFT_AFTER:
            return self
        return replace(self._finished(self._not_before_last(self.planned_end)), closed_automatically=True)

    def edited(self, **changes: Unpack[SessionChanges]) -> StudySession:
        """With another subject, task, note, or (once it is finished) focus score."""
        return self._changed(**_tidy(changes))

    def _changed(self, **changes: object) -> StudySession:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]

    def _finished(self, at: datetime) -> StudySession:
        pauses = self._pauses_until(at)
        paused = sum((pause.length for pause in pauses), timedelta())
        planned = timedelta(minutes=self.planned_minutes)
        focus = max(0, int(100 * (1 - paused / planned) + 0.5))
        return self._changed(finished_at=at, paused_at=None, pauses=pauses, focus_score=focus)

    def _pauses_until(self, end: datetime) -> tuple[Span, ...]:
        if self.paused_at is None:
            return self.pauses
        return (*self.pauses, Span(start=self.paused_at, end=end))

    def _paused(self) -> timedelta:
        return sum((pause.length for pause in self.pauses), timedelta())

    def _not_before_last(self, now: datetime) -> datetime:
        # A server's clock can step back; a session's times only run forward.
        last = self.paused_at or (self.pauses[-1].end if self.pauses else self.started_at)
        return max(last, now)

    def _require_unfinished(self) -> None:
        if self.finished_at is not None:
            raise Conflict("This session is finished. Start another one.", code="already_finished")


def _tidy(changes: SessionChanges) -> SessionChanges:
    tidy = changes.copy()
    if "subject" in tidy:
        tidy["subject"] = stripped_or_none(tidy["subject"])
    return tidy


def total_minutes(sessions: Iterable[StudySession]) -> int:
    """The minutes worked in all finished sessions together, rounded half up once at the end."""
    finished = [(session, session.finished_at) for session in sessions]
    return (sum(session.worked_seconds(end) for session, end in finished if end is not None) + 30) // 60
