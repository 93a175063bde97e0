"""Tasks in memory."""

from __future__ import annotations

from studyteddy.adapters.in_memory.repository import OwnedRows, page
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tasks.task import Task, TaskFilter, TaskOrder


class InMemoryTasks(OwnedRows[Task]):
    """The ``Tasks`` port over a store."""

    table = "tasks"
    noun = "task"

    def add(self, task: Task) -> None:
        self._add(task)

    def get(self, owner: UserId, task_id: TaskId) -> Task:
        return self._get(owner, task_id)

    def save(self, task: Task) -> None:
        self._save(task)

    def delete(self, owner: UserId, task_id: TaskId) -> None:
        self._delete(owner, task_id)

    def page(self, owner: UserId, wanted: TaskFilter, order: TaskOrder, request: PageRequest) -> Page[Task]:
        return page(
            (task for task in self._of(owner) if wanted.matches(task)),
            request,
            order=order.value,
            key=order.value_of,
            as_text=str,
            from_text=order.value_from,
            descending=order.descending,
        )
