"""Where tasks are kept."""

from __future__ import annotations

from typing import Protocol

from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tasks.task import Task, TaskFilter, TaskOrder


class Tasks(Protocol):
    """Tasks of an owner. Another person's task is ``NotFound``."""

    def add(self, task: Task) -> None:
        """Keep a new task."""
        ...

    def get(self, owner: UserId, task_id: TaskId) -> Task:
        """The task, else ``NotFound``."""
        ...

    def save(self, task: Task) -> None:
        """Replace the task whose version is one less, else ``StaleVersion``; ``NotFound`` when it's gone."""
        ...

    def delete(self, owner: UserId, task_id: TaskId) -> None:
        """Forget the task, else ``NotFound``."""
        ...

    def page(self, owner: UserId, wanted: TaskFilter, order: TaskOrder, request: PageRequest) -> Page[Task]:
        """Tasks that match, in the order, ties by id; rows without the sort key come last in either direction.

        ``TaskFilter.matches`` and ``TaskOrder.value_of`` say what belongs and what comes first.
        """
        ...
