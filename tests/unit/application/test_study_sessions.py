from __future__ import annotations

import functools
from typing import Any
from uuid import uuid4

import pytest

from builders import NOW, TickingClock
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application import study_sessions as use_cases
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict, Invalid, NotFound, StaleVersion
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.study_sessions import SessionStatus, StudySession
from studyteddy.domain.tasks.task import Task
from studyteddy.testing.accounts import add_user, at_once
from studyteddy.testing.tasks import a_task, add_task


class Desk:
    """The use cases of study sessions, for one person."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: TickingClock) -> None:
        self.owner: UserId = add_user(unit_of_work)
        self.clock, self.unit_of_work = clock, unit_of_work
        made: dict[str, Any] = {"unit_of_work": unit_of_work, "clock": clock}
        self._start = use_cases.StartSession(**made, new_id=uuid4)
        self.change = use_cases.ChangeSession(**made)
        self._get = use_cases.GetSession(**made)
        self._list = use_cases.ListSessions(**made)

    def start(self, **fields: Any) -> StudySession:
        return self._start(owner=self.owner, **fields)

    def finish(self, session: StudySession, **fields: Any) -> StudySession:
        return self.change.finish(owner=self.owner, session_id=session.id, **fields)

    def edit(self, session: StudySession, **fields: Any) -> StudySession:
        return self.change.edit(owner=self.owner, session_id=session.id, **fields)

    def study(self, minutes: float, **fields: Any) -> StudySession:
        session = self.start(**fields)
        self.clock.advance(minutes=minutes)
        return self.finish(session)

    def get(self, session_id: StudySessionId) -> StudySession:
        return self._get(owner=self.owner, session_id=session_id)

    def listed(self) -> list[StudySession]:
        return list(self._list(owner=self.owner, request=PageRequest()).items)

    def task(self, **fields: Any) -> Task:
        return add_task(self.unit_of_work, a_task(self.owner, **fields))

    def minutes_of(self, task: Task) -> int:
        with self.unit_of_work() as uow:
            return uow.tasks.get(self.owner, task.id).actual_minutes


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def desk(clock: TickingClock) -> Desk:
    return Desk(functools.partial(InMemoryUnitOfWork, Store()), clock)


def test_a_session_runs_pauses_and_ends_by_the_servers_clock(desk: Desk, clock: TickingClock) -> None:
    session = desk.start(subject="Latin")
    clock.advance(minutes=10)
    desk.change.pause(owner=desk.owner, session_id=session.id)
    clock.advance(minutes=5)
    desk.change.resume(owner=desk.owner, session_id=session.id)
    clock.advance(minutes=15)
    finished = desk.finish(session, notes="Ablatives")
    assert (finished.worked_seconds(clock()), finished.focus_score, finished.notes) == (1_500, 80, "Ablatives")
    assert finished.status is SessionStatus.FINISHED
    assert desk.get(session.id) == finished


def test_only_one_session_runs_at_a_time(desk: Desk) -> None:
    outcomes = at_once(8, lambda _: desk.start())
    assert sum(isinstance(outcome, StudySession) for outcome in outcomes) == 1
    with pytest.raises(Conflict) as refused:
        desk.start()
    assert refused.value.code == "already_running"


def test_a_task_counts_the_minutes_of_all_its_finished_sessions(desk: Desk, clock: TickingClock) -> None:
    task = desk.task(subject="Latin")
    assert desk.study(10.5, task_id=task.id).subject == "Latin"
    assert desk.minutes_of(task) == 11
    desk.study(10, task_id=task.id, subject="Greek")
    assert desk.minutes_of(task) == 21
    desk.start(task_id=task.id)
    clock.advance(minutes=5)
    assert desk.minutes_of(task) == 21


def test_moving_a_session_to_another_task_moves_its_minutes(desk: Desk) -> None:
    one, other = desk.task(), desk.task()
    session = desk.study(20, task_id=one.id)
    desk.edit(session, task_id=other.id)
    assert (desk.minutes_of(one), desk.minutes_of(other)) == (0, 20)
    desk.edit(session, task_id=None)
    assert (desk.minutes_of(one), desk.minutes_of(other)) == (0, 0)


def test_a_session_outlives_its_task(desk: Desk) -> None:
    task = desk.task()
    session = desk.start(task_id=task.id)
    with desk.unit_of_work() as uow:
        uow.tasks.delete(desk.owner, task.id)
        uow.commit()
    desk.clock.advance(minutes=20)
    assert desk.finish(session).task_id == task.id
    with pytest.raises(NotFound):
        desk.start(task_id=task.id)


def test_a_session_needs_a_task_of_ones_own(desk: Desk) -> None:
    theirs = add_task(desk.unit_of_work, a_task(add_user(desk.unit_of_work)))
    for task_id in (theirs.id, TaskId(uuid4())):
        with pytest.raises(NotFound):
            desk.start(task_id=task_id)
    session = desk.start()
    with pytest.raises(NotFound):
        desk.edit(session, task_id=theirs.id)
    assert desk.get(session.id) == session


def test_a_forgotten_session_is_closed_at_its_planned_end_and_counted(desk: Desk, clock: TickingClock) -> None:
    task = desk.task()
    left = desk.start(task_id=task.id, planned_minutes=25)
    clock.advance(hours=9)
    (closed,) = desk.listed()
    assert (closed.id, closed.closed_automatically, closed.worked_seconds(clock())) == (left.id, True, 1_500)
    assert desk.minutes_of(task) == 25
    assert desk.start().status is SessionStatus.RUNNING


def test_finishing_a_forgotten_session_ends_it_at_its_planned_end(desk: Desk, clock: TickingClock) -> None:
    left = desk.start(planned_minutes=25)
    clock.advance(hours=9)
    finished = desk.finish(left, notes="Fell asleep.", focus_score=10)
    assert (finished.closed_automatically, finished.notes, finished.focus_score) == (True, "Fell asleep.", 10)
    assert desk.get(left.id) == finished


def test_many_who_look_at_a_forgotten_session_close_it_once(desk: Desk, clock: TickingClock) -> None:
    left = desk.start()
    clock.advance(hours=9)
    seen = at_once(16, lambda _: desk.get(left.id))
    assert {session.version for session in seen if isinstance(session, StudySession)} == {left.version + 1}
    assert len(seen) == 16


def test_a_change_that_lost_a_race_is_decided_again(desk: Desk) -> None:
    session = desk.start()
    outcomes = at_once(8, lambda number: desk.edit(session, notes=f"note {number}"))
    assert all(isinstance(outcome, StudySession) for outcome in outcomes)
    assert desk.get(session.id).version == session.version + 8


def test_a_change_heeds_the_version_that_was_seen(desk: Desk) -> None:
    session = desk.start()
    desk.edit(session, version=1, notes="first")
    with pytest.raises(StaleVersion):
        desk.edit(session, version=1, notes="second")
    with pytest.raises(StaleVersion):
        desk.finish(session, version=1)
    assert desk.get(session.id).notes == "first"


def test_a_refused_finish_leaves_the_session_running(desk: Desk) -> None:
    session = desk.start()
    with pytest.raises(Invalid):
        desk.finish(session, focus_score=101)
    assert desk.get(session.id) == session


def test_sessions_are_listed_last_started_first(desk: Desk) -> None:
    made = [desk.study(1).id for _ in range(3)]
    assert [session.id for session in desk.listed()] == made[::-1]
    assert desk.listed()[-1].started_at == NOW
