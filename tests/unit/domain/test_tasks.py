# ruff: noqa: DTZ001 (naive datetimes are wall times or wrong input here)
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.tasks.recurrence import parse
from studyteddy.domain.tasks.task import (
    Priority,
    Task,
    TaskFilter,
    TaskOrder,
    TaskStatus,
    complete,
    next_instance,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ZONE = ZoneInfo("Europe/Berlin")
OWNER = UserId(UUID(int=1))


def task_id(number: int) -> TaskId:
    return TaskId(UUID(int=number))


def a_task(**fields: Any) -> Task:
    return Task.create(id=task_id(1), owner=OWNER, now=NOW, **{"title": "Read chapter 3", **fields})


def a_daily_task(**fields: Any) -> Task:
    return a_task(due_at=NOW - timedelta(hours=3), recurrence=parse("FREQ=DAILY"), **fields)


def test_a_new_task_is_open_of_medium_priority_and_tidy() -> None:
    task = a_task(title="  Read  ", subject=" ", due_at=datetime(2026, 5, 2, 9, tzinfo=ZONE))
    assert (task.title, task.subject, task.status, task.priority) == ("Read", None, TaskStatus.OPEN, Priority.MEDIUM)
    assert task.due_at is not None
    assert (task.due_at.tzinfo, task.due_at.hour) == (UTC, 7)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "broken \ud83d emoji"}, "title"),
        ({"description": "x" * 10_001}, "description"),
        ({"subject": "x" * 101}, "subject"),
        ({"estimated_minutes": 0}, "estimated_minutes"),
        ({"estimated_minutes": 2**63}, "estimated_minutes"),
        ({"due_at": datetime(2026, 1, 1)}, "due_at"),
        ({"due_at": datetime(1, 1, 1, tzinfo=UTC)}, "due_at"),
        ({"due_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "due_at"),
        ({"recurrence": parse("FREQ=DAILY")}, "due_at"),
    ],
)
def test_an_invalid_task_cannot_be_built(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        a_task(**fields)
    assert caught.value.faults[0].field == field


def test_a_task_without_title_is_refused() -> None:
    with pytest.raises(Invalid):
        Task.create(id=task_id(1), owner=OWNER, now=NOW)


def test_editing_changes_only_what_is_named_and_counts_a_version() -> None:
    task = a_task(subject="biology", estimated_minutes=30)
    edited = task.edited(LATER, title=" Read more ", subject=None)
    assert edited == replace(task, title="Read more", subject=None, version=2, updated_at=LATER)


def test_a_task_that_recurs_cannot_lose_its_due_date() -> None:
    with pytest.raises(Invalid):
        a_daily_task().edited(LATER, due_at=None)


def test_completing_twice_changes_nothing() -> None:
    done = a_task().completed(NOW)
    assert (done.status, done.completed_at) == (TaskStatus.COMPLETED, NOW)
    assert done.completed(LATER) is done


def test_reopening_takes_the_completion_back() -> None:
    task = a_task().completed(NOW).reopened(LATER)
    assert (task.status, task.completed_at, task.version) == (TaskStatus.OPEN, None, 3)
    assert task.reopened(LATER) is task


def test_a_single_task_is_not_continued() -> None:
    done, following = complete(a_task(), new_id=task_id(2), now=NOW, zone=ZONE)
    assert following is None
    assert done.continued_by is None


def test_four_missed_days_give_one_open_task_that_is_still_to_come() -> None:
    task = a_daily_task(subject="biology", estimated_minutes=20, priority=Priority.HIGH, description="pages 3-9")
    now = NOW + timedelta(days=4)
    done, following = complete(task, new_id=task_id(2), now=now, zone=ZONE)
    assert done.continued_by == task_id(2)
    assert following is not None
    assert following.due_at == NOW + timedelta(days=4, hours=21)
    assert (following.status, following.actual_minutes, following.version) == (TaskStatus.OPEN, 0, 1)
    assert (following.subject, following.estimated_minutes, following.priority, following.description) == (
        "biology",
        20,
        Priority.HIGH,
        "pages 3-9",
    )


def test_completing_a_reopened_task_again_makes_no_second_copy() -> None:
    done, _ = complete(a_daily_task(), new_id=task_id(2), now=NOW, zone=ZONE)
    again, second = complete(done.reopened(LATER), new_id=task_id(3), now=LATER, zone=ZONE)
    assert second is None
    assert again.continued_by == task_id(2)
    assert complete(again, new_id=task_id(4), now=LATER, zone=ZONE) == (again, None)


def test_the_last_of_a_count_is_not_continued() -> None:
    task = a_task(due_at=NOW, recurrence=parse("FREQ=DAILY;COUNT=2"))
    following = next_instance(task, new_id=task_id(2), now=NOW, zone=ZONE)
    assert following is not None
    assert next_instance(following, new_id=task_id(3), now=NOW, zone=ZONE) is None


def test_the_minutes_worked_are_set_and_never_negative() -> None:
    assert a_task().worked(95, LATER).actual_minutes == 95
    with pytest.raises(Invalid):
        a_task().worked(-1, LATER)


@pytest.mark.parametrize(
    ("wanted", "matches"),
    [
        (TaskFilter(), True),
        (TaskFilter(status=TaskStatus.COMPLETED), False),
        (TaskFilter(subject="biology", priority=Priority.MEDIUM, status=TaskStatus.OPEN), True),
        (TaskFilter(subject="Biology"), False),
        (TaskFilter(text="CHAPTER"), True),
        (TaskFilter(text="mitosis"), True),
        (TaskFilter(text="meiosis"), False),
        (TaskFilter(due_from=NOW), True),
        (TaskFilter(due_to=NOW), False),
        (TaskFilter(due_from=NOW + timedelta(seconds=1)), False),
    ],
)
def test_a_filter_lets_through_what_meets_all_of_it(wanted: TaskFilter, matches: bool) -> None:
    task = a_task(subject="biology", description="About Mitosis", due_at=NOW)
    assert wanted.matches(task) is matches


def test_a_task_without_due_date_lies_in_no_range() -> None:
    assert not TaskFilter(due_from=NOW).matches(a_task())
    assert not TaskFilter(due_to=NOW).matches(a_task())


def test_a_filter_with_a_naive_date_is_refused() -> None:
    with pytest.raises(Invalid):
        TaskFilter(due_from=datetime(2026, 1, 1))


def test_an_order_names_its_field_its_direction_and_what_it_compares() -> None:
    order = TaskOrder("-priority")
    assert (order.field, order.descending) == ("priority", True)
    ranks = [order.value_of(a_task(priority=priority)) for priority in Priority]
    assert ranks == [0, 1, 2, 3]
    assert TaskOrder.TITLE.value_of(a_task(title="ÄPFEL")) == "äpfel"
    assert TaskOrder.DUE_AT.value_of(a_task()) is None
    assert TaskOrder.CREATED_AT.value_of(a_task()) == NOW
