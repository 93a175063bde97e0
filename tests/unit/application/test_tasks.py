from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from builders import NOW, TickingClock
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application import tasks as use_cases
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Invalid, NotFound, StaleVersion
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.tasks.recurrence import parse
from studyteddy.domain.tasks.task import Task, TaskFilter, TaskOrder, TaskStatus
from studyteddy.testing.accounts import add_user, at_once


class Tasks:
    """The use cases of tasks, for one person."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, owner: UserId, clock: TickingClock) -> None:
        self.owner, self.clock, self.unit_of_work = owner, clock, unit_of_work
        made: dict[str, Any] = {"unit_of_work": unit_of_work, "clock": clock}
        self._add = use_cases.AddTask(**made, new_id=uuid4)
        self.get = use_cases.GetTask(unit_of_work=unit_of_work)
        self.edit = use_cases.EditTask(**made)
        self.complete = use_cases.CompleteTask(**made, new_id=uuid4)
        self.reopen = use_cases.ReopenTask(**made)
        self.delete = use_cases.DeleteTask(unit_of_work=unit_of_work)
        self.parse = use_cases.ParseTask(**made)
        self._list = use_cases.ListTasks(unit_of_work=unit_of_work)

    def add(self, title: str = "Read", **fields: Any) -> Task:
        return self._add(owner=self.owner, title=title, **fields)

    def done(self, task: Task) -> Task:
        return self.complete(owner=self.owner, task_id=task.id)

    def listed(self, **wanted: Any) -> list[Task]:
        page = self._list(
            owner=self.owner, wanted=TaskFilter(**wanted), order=TaskOrder.DUE_AT, request=PageRequest(limit=100)
        )
        return list(page.items)

    @property
    def open(self) -> list[Task]:
        return self.listed(status=TaskStatus.OPEN)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def unit_of_work() -> UnitOfWorkFactory:
    return functools.partial(InMemoryUnitOfWork, Store())


@pytest.fixture
def tasks(unit_of_work: UnitOfWorkFactory, clock: TickingClock) -> Tasks:
    return Tasks(unit_of_work, add_user(unit_of_work, time_zone="Europe/Berlin"), clock)


def test_a_task_is_kept_changed_and_removed(tasks: Tasks, clock: TickingClock) -> None:
    task = tasks.add(" Read ", subject="  ")
    assert (task.title, task.subject, task.version) == ("Read", None, 1)
    clock.advance(minutes=5)
    changed = tasks.edit(owner=tasks.owner, task_id=task.id, subject="Latin")
    assert (changed.title, changed.subject, changed.version, changed.updated_at) == ("Read", "Latin", 2, clock.now)
    assert tasks.get(owner=tasks.owner, task_id=task.id) == changed
    tasks.delete(owner=tasks.owner, task_id=task.id)
    with pytest.raises(NotFound):
        tasks.get(owner=tasks.owner, task_id=task.id)


def test_every_change_heeds_the_version_that_was_seen(tasks: Tasks) -> None:
    task = tasks.add()
    tasks.edit(owner=tasks.owner, task_id=task.id, title="Write")
    for change in (tasks.edit, tasks.complete, tasks.reopen, tasks.delete):
        with pytest.raises(StaleVersion):
            change(owner=tasks.owner, task_id=task.id, version=1)
    assert tasks.open[0].title == "Write"


def test_nobody_touches_another_persons_task(tasks: Tasks, unit_of_work: UnitOfWorkFactory) -> None:
    task, stranger = tasks.add(), add_user(unit_of_work)
    for change in (tasks.get, tasks.edit, tasks.complete, tasks.reopen, tasks.delete):
        with pytest.raises(NotFound):
            change(owner=stranger, task_id=task.id)
    assert tasks.open == [task]


def test_a_refused_change_changes_nothing(tasks: Tasks) -> None:
    task = tasks.add()
    with pytest.raises(Invalid):
        tasks.edit(owner=tasks.owner, task_id=task.id, title="", subject="Latin")
    with pytest.raises(Invalid):
        tasks.edit(owner=tasks.owner, task_id=task.id, recurrence=parse("FREQ=DAILY"))
    assert tasks.open == [task]


def test_completing_twice_and_reopening_twice_changes_nothing(tasks: Tasks, clock: TickingClock) -> None:
    task = tasks.add()
    done = tasks.done(task)
    assert (done.status, done.completed_at) == (TaskStatus.COMPLETED, NOW)
    clock.advance(minutes=1)
    assert tasks.done(task) == done
    reopened = tasks.reopen(owner=tasks.owner, task_id=task.id)
    assert (reopened.status, reopened.completed_at) == (TaskStatus.OPEN, None)
    assert tasks.reopen(owner=tasks.owner, task_id=task.id) == reopened


def test_four_missed_days_give_one_open_task(tasks: Tasks, clock: TickingClock) -> None:
    task = tasks.add(due_at=NOW, recurrence=parse("FREQ=DAILY"))
    clock.advance(days=4, hours=1)
    done = tasks.done(task)
    (following,) = tasks.open
    assert done.continued_by == following.id
    assert following.due_at == NOW + timedelta(days=5)
    assert (following.title, following.recurrence) == (task.title, task.recurrence)


def test_a_task_that_was_continued_is_not_continued_again(tasks: Tasks) -> None:
    task = tasks.add(due_at=NOW, recurrence=parse("FREQ=DAILY"))
    for _ in range(3):
        tasks.done(task)
        tasks.reopen(owner=tasks.owner, task_id=task.id)
    tasks.done(task)
    assert len(tasks.open) == 1
    assert len(tasks.listed()) == 2


def test_a_recurring_task_comes_back_at_the_same_hour_by_the_wall_clock(tasks: Tasks, clock: TickingClock) -> None:
    clock.now = NOW.replace(month=3, day=28, hour=9)
    task = tasks.add(due_at=clock.now, recurrence=parse("FREQ=DAILY"))
    tasks.done(task)
    assert tasks.open[0].due_at == NOW.replace(month=3, day=29, hour=8)


def test_a_rule_that_has_ended_leaves_no_open_task(tasks: Tasks) -> None:
    tasks.done(tasks.add(due_at=NOW, recurrence=parse("FREQ=DAILY;COUNT=2")))
    tasks.done(tasks.open[0])
    assert tasks.open == []


def test_of_many_completions_at_once_one_continues_the_task(tasks: Tasks) -> None:
    task = tasks.add(due_at=NOW, recurrence=parse("FREQ=DAILY"))
    at_once(20, lambda _: tasks.done(task))
    assert len(tasks.open) == 1
    assert len(tasks.listed()) == 2


def test_a_line_is_read_in_the_students_own_zone_and_not_kept(tasks: Tasks) -> None:
    draft = tasks.parse(owner=tasks.owner, text="Read ch 3 tomorrow 45m !high #biology")
    assert (draft.title, draft.subject, draft.estimated_minutes) == ("Read ch 3", "biology", 45)
    assert draft.due_at is not None
    assert (draft.due_at + timedelta(hours=1)).date() == NOW.date() + timedelta(days=1)
    assert tasks.listed() == []
