"""Add, find, change, complete and remove tasks."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.days import time_zone
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tasks.task import Task, TaskChanges, TaskFilter, TaskOrder, complete
from studyteddy.domain.versions import check_version

if TYPE_CHECKING:
    from studyteddy.domain.tasks.draft import DraftPart, TaskDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """Keep a new open task."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, **fields: Unpack[TaskChanges]) -> Task:
        task = Task.create(id=TaskId(self.new_id()), owner=owner, now=self.clock(), **fields)
        with self.unit_of_work() as uow:
            uow.tasks.add(task)
            uow.commit()
        return task


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTask:
    """One task of its owner."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, task_id: TaskId) -> Task:
        with self.unit_of_work() as uow:
            return uow.tasks.get(owner, task_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTasks:
    """A page of tasks that match a filter."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, wanted: TaskFilter, order: TaskOrder, request: PageRequest) -> Page[Task]:
        with self.unit_of_work() as uow:
            return uow.tasks.page(owner, wanted, order, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTask:
    """Change some fields; ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self, *, owner: UserId, task_id: TaskId, version: int | None = None, **changes: Unpack[TaskChanges]
    ) -> Task:
        with self.unit_of_work() as uow:
            task = uow.tasks.get(owner, task_id)
            check_version(task.version, version)
            task = task.edited(self.clock(), **changes)
            uow.tasks.save(task)
            uow.commit()
        return task


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """Mark a task done. A recurring one is continued by one open task, however many days were missed."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, task_id: TaskId, version: int | None = None) -> Task:
        with self.unit_of_work() as uow:
            task = uow.tasks.get(owner, task_id)
            check_version(task.version, version)
            zone = time_zone(uow.users.get(owner).time_zone)
            done, following = complete(task, new_id=TaskId(self.new_id()), now=self.clock(), zone=zone)
            if done is not task:
                uow.tasks.save(done)
            if following is not None:
                uow.tasks.add(following)
            uow.commit()
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """Take a completion back."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, task_id: TaskId, version: int | None = None) -> Task:
        with self.unit_of_work() as uow:
            task = uow.tasks.get(owner, task_id)
            check_version(task.version, version)
            reopened = task.reopened(self.clock())
            if reopened is not task:
                uow.tasks.save(reopened)
            uow.commit()
        return reopened


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask:
    """Remove a task for good."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, task_id: TaskId, version: int | None = None) -> None:
        with self.unit_of_work() as uow:
            check_version(uow.tasks.get(owner, task_id).version, version)
            uow.tasks.delete(owner, task_id)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseTask:
    """Read a task out of one line of text, in the student's own time zone; nothing is kept. The words of the parts
    in ``unread`` stay in the title.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, text: str, unread: AbstractSet[DraftPart] = frozenset()) -> TaskDraft:
        from studyteddy.domain.tasks.draft import parse_task  # loads slowly, and few programs need it

        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
        zone = time_zone(user.time_zone)
        return parse_task(text, self.clock(), zone, user.day_starts_at, unread=unread)
