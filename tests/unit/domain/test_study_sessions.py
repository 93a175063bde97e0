from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.study_sessions import SessionStatus, Span, StudySession, total_minutes

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def a_session(**fields: Any) -> StudySession:
    return StudySession.start(id=StudySessionId(UUID(int=1)), owner=UserId(UUID(int=2)), **{"now": START, **fields})


def test_a_new_session_runs_and_plans_25_minutes() -> None:
    session = a_session(subject=" Biology ", task_id=TaskId(UUID(int=3)))
    assert (session.status, session.planned_minutes, session.subject) == (SessionStatus.RUNNING, 25, "Biology")
    assert session.planned_end == at(25)
    assert session.worked_seconds(at(10)) == 600


def test_pauses_do_not_count_as_work_and_move_the_planned_end() -> None:
    session = a_session().pause(at(5))
    assert session.status is SessionStatus.PAUSED
    assert session.worked_seconds(at(9)) == 300
    session = session.resume(at(15))
    assert session.planned_end == at(35)
    finished = session.finish(at(35))
    assert finished.worked_seconds(at(99)) == 25 * 60
    assert finished.worked_spans(at(99)) == (Span(start=START, end=at(5)), Span(start=at(15), end=at(35)))
    assert (finished.status, finished.finished_at, finished.version) == (SessionStatus.FINISHED, at(35), 4)


def test_a_session_can_be_finished_while_it_is_paused() -> None:
    finished = a_session().pause(at(5)).finish(at(10))
    assert (finished.worked_seconds(at(10)), finished.paused_at) == (300, None)
    assert finished.pauses == (Span(start=at(5), end=at(10)),)


@pytest.mark.parametrize(
    ("pause", "resume", "focus"), [(5, 5, 100), (5, 10, 80), (5, 6.125, 96), (5, 30, 0), (5, 55, 0)]
)
def test_focus_is_the_share_of_the_planned_time_that_was_not_paused(pause: float, resume: float, focus: int) -> None:
    assert a_session().pause(at(pause)).resume(at(resume)).finish(at(resume + 1)).focus_score == focus


def test_the_student_may_correct_the_score_once_the_session_is_over() -> None:
    with pytest.raises(Invalid):
        a_session().edited(focus_score=50)
    assert a_session().finish(at(25)).edited(focus_score=50, notes="tired").focus_score == 50


@pytest.mark.parametrize(
    ("session", "act", "code"),
    [
        (a_session().pause(at(1)), lambda s: s.pause(at(2)), "already_paused"),
        (a_session(), lambda s: s.resume(at(2)), "not_paused"),
        (a_session().finish(at(1)), lambda s: s.pause(at(2)), "already_finished"),
        (a_session().finish(at(1)), lambda s: s.resume(at(2)), "already_finished"),
        (a_session().finish(at(1)), lambda s: s.finish(at(2)), "already_finished"),
    ],
)
def test_a_step_in_the_wrong_state_is_a_conflict(
    session: StudySession, act: Callable[[StudySession], StudySession], code: str
) -> None:
    with pytest.raises(Conflict) as caught:
        act(session)
    assert caught.value.code == code


def test_overtime_counts() -> None:
    finished = a_session().finish(at(50))
    assert (finished.worked_seconds(at(50)), finished.closed_automatically) == (50 * 60, False)


def test_a_session_left_running_is_closed_at_its_planned_end_and_marked() -> None:
    session = a_session().pause(at(5)).resume(at(15))
    assert session.close_if_left(at(64)) is session
    closed = session.close_if_left(at(65))
    assert (closed.finished_at, closed.closed_automatically) == (at(35), True)
    assert closed.worked_seconds(at(500)) == 25 * 60
    assert closed.close_if_left(at(500)) is closed


def test_finishing_a_forgotten_session_the_next_day_does_not_count_the_night() -> None:
    finished = a_session().finish(at(24 * 60))
    assert (finished.finished_at, finished.closed_automatically) == (at(25), True)


def test_a_session_left_paused_is_closed_where_the_pause_began() -> None:
    session = a_session().pause(at(5))
    assert session.close_if_left(at(244)) is session
    closed = session.close_if_left(at(245))
    assert (closed.finished_at, closed.closed_automatically, closed.focus_score) == (at(5), True, 100)
    assert closed.worked_seconds(at(500)) == 300


def test_a_long_first_pause_does_not_close_a_session_that_runs_again_late() -> None:
    session = a_session().pause(at(24)).resume(at(200))
    assert session.close_if_left(at(201)) is session


@given(st.lists(st.tuples(st.sampled_from(["pause", "resume", "finish", "close_if_left"]), st.integers(-300, 300))))
def test_times_never_run_backwards_or_below_zero_even_if_the_clock_does(steps: list[tuple[str, int]]) -> None:
    session, now = a_session(), START
    for name, minutes in steps:
        now += timedelta(minutes=minutes)
        try:
            session = getattr(session, name)(now)
        except Conflict:
            continue
        spans = session.worked_spans(now)
        assert session.worked_seconds(now) >= 0
        assert all(first.end <= second.start for first, second in pairwise(spans))
        assert session.focus_score is None or 0 <= session.focus_score <= 100


def test_the_number_of_pauses_is_limited() -> None:
    session = a_session()
    for minute in range(500):
        session = session.pause(at(minute)).resume(at(minute + 0.5))
    with pytest.raises(Conflict) as caught:
        session.pause(at(600))
    assert caught.value.code == "too_many_pauses"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"planned_minutes": 0}, "planned_minutes"),
        ({"planned_minutes": 601}, "planned_minutes"),
        ({"subject": "x" * 101}, "subject"),
        ({"now": datetime(2026, 1, 1)}, "started_at"),  # noqa: DTZ001
    ],
)
def test_an_invalid_session_cannot_be_started(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        a_session(**fields)
    assert caught.value.faults[0].field == field


@pytest.mark.parametrize("score", [-1, 101])
def test_a_focus_score_runs_from_0_to_100(score: int) -> None:
    with pytest.raises(Invalid):
        a_session().finish(at(25)).edited(focus_score=score)


def test_notes_and_subject_can_be_changed() -> None:
    edited = a_session(subject="Biology").edited(subject=" ", notes="Chapter 3")
    assert (edited.subject, edited.notes, edited.version) == (None, "Chapter 3", 2)
    with pytest.raises(Invalid):
        edited.edited(notes="x" * 5_001)


def test_times_that_contradict_each_other_cannot_be_built() -> None:
    identity = {"id": StudySessionId(UUID(int=1)), "owner": UserId(UUID(int=2)), "started_at": START}
    with pytest.raises(Invalid):
        StudySession(**identity, finished_at=at(-1))
    with pytest.raises(Invalid):
        StudySession(**identity, finished_at=at(9), paused_at=at(5))
    with pytest.raises(Invalid):
        Span(start=at(1), end=at(0))


def test_the_minutes_of_a_task_are_those_of_its_finished_sessions_rounded_once() -> None:
    sessions = [a_session().finish(at(10.4)), a_session().finish(at(10.4)), a_session()]
    assert total_minutes(sessions) == 21
