"""Tasks in PostgreSQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.tasks import tasks
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tasks.recurrence import parse as parse_recurrence
from studyteddy.domain.tasks.task import Priority, Task, TaskFilter, TaskOrder, TaskStatus

_PRIORITIES = tuple(Priority)
_KEYS: dict[str, sa.ColumnElement[Any]] = {
    "due_at": tasks.c.due_at,
    "created_at": tasks.c.created_at,
    "priority": tasks.c.priority,
    "title": tasks.c.title_key,
}


class PostgresTasks(OwnedRows[Task]):
    """The ``Tasks`` port."""

    table = tasks
    noun = "task"

    @staticmethod
    def to_row(task: Task) -> Values:
        return {
            "id": task.id,
            "owner": task.owner,
            "title": task.title,
            "title_key": task.title.lower(),
            "description": task.description,
            "description_key": task.description.lower(),
            "subject": task.subject,
            "due_at": task.due_at,
            "priority": task.priority.rank,
            "estimated_minutes": task.estimated_minutes,
            "actual_minutes": task.actual_minutes,
            "status": task.status.value,
            "completed_at": task.completed_at,
            "recurrence": str(task.recurrence) if task.recurrence else None,
            "continued_by": task.continued_by,
            "version": task.version,
            "created_at": task.created_at,
            "updated_at": task.updated_at,
        }

    @staticmethod
    def from_row(row: Any) -> Task:
        return Task(
            id=TaskId(row.id),
            owner=UserId(row.owner),
            title=row.title,
            description=row.description,
            subject=row.subject,
            due_at=row.due_at,
            priority=_PRIORITIES[row.priority],
            estimated_minutes=row.estimated_minutes,
            actual_minutes=row.actual_minutes,
            status=TaskStatus(row.status),
            completed_at=row.completed_at,
            recurrence=parse_recurrence(row.recurrence) if row.recurrence else None,
            continued_by=TaskId(row.continued_by) if row.continued_by else None,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def add(self, task: Task) -> None:
        self._add(task)

    def get(self, owner: UserId, task_id: TaskId) -> Task:
        return self._get(owner, task_id)

    def save(self, task: Task) -> None:
        self._save(task)

    def delete(self, owner: UserId, task_id: TaskId) -> None:
        self._delete(owner, task_id)

    def page(self, owner: UserId, wanted: TaskFilter, order: TaskOrder, request: PageRequest) -> Page[Task]:
        query = sa.select(tasks).where(tasks.c.owner == owner, *_conditions(wanted))
        return page(
            self._connection,
            query,
            {},
            request,
            order=order.value,
            key=_KEYS[order.field],
            row_id=tasks.c.id,
            as_text=str,
            from_text=order.value_from,
            from_row=self.from_row,
            descending=order.descending,
        )


def _conditions(wanted: TaskFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(tasks.c.status == wanted.status.value)
    if wanted.subject is not None:
        conditions.append(tasks.c.subject == wanted.subject)
    if wanted.priority is not None:
        conditions.append(tasks.c.priority == wanted.priority.rank)
    if wanted.due_from is not None:
        conditions.append(tasks.c.due_at >= wanted.due_from)
    if wanted.due_to is not None:
        conditions.append(tasks.c.due_at < wanted.due_to)
    if wanted.text:
        text = wanted.text.lower()
        conditions.append(
            sa.or_(sa.func.strpos(tasks.c.title_key, text) > 0, sa.func.strpos(tasks.c.description_key, text) > 0)
        )
    return conditions
