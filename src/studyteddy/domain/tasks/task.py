"""Tasks: what a student means to do, until when, and how it comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from studyteddy.domain.days import require_aware
from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.paging import SortOrder
from studyteddy.domain.tasks.recurrence import Recurrence
from studyteddy.domain.text_rules import require_storable, require_text, stripped_or_none

MAX_TITLE = 255
MAX_DESCRIPTION = 10_000
MAX_SUBJECT = 100
MAX_MINUTES = 100_000


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for low to 3 for urgent: the order that sorting by priority means."""
        return tuple(Priority).index(self)


class TaskStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"


class TaskOrder(SortOrder):
    """How a list is sorted; a minus turns the order round. Tasks without a due date come last either way, and
    the id decides among equals.
    """

    DUE_AT = "due_at"
    DUE_AT_DESCENDING = "-due_at"
    CREATED_AT = "created_at"
    CREATED_AT_DESCENDING = "-created_at"
    PRIORITY = "priority"
    PRIORITY_DESCENDING = "-priority"
    TITLE = "title"
    TITLE_DESCENDING = "-title"

    def value_of(self, task: Task) -> datetime | int | str | None:
        """What tasks are compared by: an instant, the rank of the priority, or the title in lower case."""
        match self.field:
            case "due_at":
                return task.due_at
            case "created_at":
                return task.created_at
            case "priority":
                return task.priority.rank
            case _:
                return task.title.lower()

    def value_from(self, text: str) -> datetime | int | str:
        """The value that ``str`` made this text of."""
        match self.field:
            case "due_at" | "created_at":
                return datetime.fromisoformat(text)
            case "priority":
                return int(text)
            case _:
                return text


class TaskChanges(TypedDict, total=False):
    """The fields of a task that its owner may change; what is left out stays as it is."""

    title: str
    description: str
    subject: str | None
    due_at: datetime | None
    priority: Priority
    estimated_minutes: int | None
    recurrence: Recurrence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do. ``completed_at`` is set exactly when the status is completed; ``actual_minutes`` is
    the sum of its finished sessions.

    A recurring task is a chain: completing one makes the next, and ``continued_by`` names it. A task that has
    been continued is never continued again, so that reopening and completing it once more makes no second
    copy.
    """

    id: TaskId
    owner: UserId
    title: str
    description: str = ""
    subject: str | None = None
    due_at: datetime | None = None
    priority: Priority = Priority.MEDIUM
    estimated_minutes: int | None = None
    actual_minutes: int = 0
    status: TaskStatus = TaskStatus.OPEN
    completed_at: datetime | None = None
    recurrence: Recurrence | None = None
    continued_by: TaskId | None = None
    version: int = 1
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        require_text("title", self.title, limit=MAX_TITLE)
        require_storable("description", self.description, limit=MAX_DESCRIPTION)
        if self.subject is not None:
            require_text("subject", self.subject, limit=MAX_SUBJECT)
        if self.estimated_minutes is not None and not 1 <= self.estimated_minutes <= MAX_MINUTES:
            raise Invalid.field("estimated_minutes", f"An estimate runs from 1 to {MAX_MINUTES:,} minutes.")
        if self.actual_minutes < 0:
            raise Invalid.field("actual_minutes", "The minutes worked can't be negative.")
        if self.due_at is not None:
            require_aware(self.due_at, "due_at")
        if self.recurrence is not None and self.due_at is None:
            raise Invalid.field("due_at", "A task that recurs needs a due date to start from.")
        if (self.status is TaskStatus.COMPLETED) != (self.completed_at is not None):
            raise Invalid("A task has a completion time exactly when it is completed.")

    @classmethod
    def create(cls, *, id: TaskId, owner: UserId, now: datetime, **fields: Unpack[TaskChanges]) -> Task:
        """A new open task; blanks around title and subject are dropped and the due date is kept in UTC."""
        if "title" not in fields:
            raise Invalid.field("title", "Give the task a title.")
        return cls(id=id, owner=owner, created_at=now, updated_at=now, **_tidy(fields))

    def _changed(self, now: datetime, **changes: object) -> Task:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    def edited(self, now: datetime, **changes: Unpack[TaskChanges]) -> Task:
        """The task with some fields changed; ``edited(now, subject=None)`` removes the subject."""
        return self._changed(now, **_tidy(changes))

    def worked(self, total_minutes: int, now: datetime) -> Task:
        """With the minutes of all its finished study sessions together."""
        return self._changed(now, actual_minutes=total_minutes)

    def completed(self, now: datetime, continued_by: TaskId | None = None) -> Task:
        """Done. Completing a task twice changes nothing but may name the task that continues it."""
        following = self.continued_by or continued_by
        if self.status is TaskStatus.COMPLETED and following == self.continued_by:
            return self
        return self._changed(
            now, status=TaskStatus.COMPLETED, completed_at=self.completed_at or now, continued_by=following
        )

    def reopened(self, now: datetime) -> Task:
        """Open again. The task that continues it, if there is one, stays."""
        if self.status is TaskStatus.OPEN:
            return self
        return self._changed(now, status=TaskStatus.OPEN, completed_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks to list; None leaves a question open.

    ``due_from`` is inclusive and ``due_to`` exclusive; a task without a due date never lies in a range.
    ``text`` is sought in title and description, whatever the case.
    """

    status: TaskStatus | None = None
    subject: str | None = None
    priority: Priority | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.due_from is not None:
            require_aware(self.due_from, "due_from")
        if self.due_to is not None:
            require_aware(self.due_to, "due_to")
        if self.text is not None:
            require_storable("q", self.text, limit=MAX_TITLE)
        if self.subject is not None:
            require_storable("subject", self.subject, limit=MAX_SUBJECT)

    def matches(self, task: Task) -> bool:
        """Whether a task belongs into the list."""
        if self.due_from is not None and (task.due_at is None or task.due_at < self.due_from):
            return False
        if self.due_to is not None and (task.due_at is None or task.due_at >= self.due_to):
            return False
        wanted = (self.text or "").lower()
        return (
            self.status in (None, task.status)
            and self.subject in (None, task.subject)
            and self.priority in (None, task.priority)
            and (wanted in task.title.lower() or wanted in task.description.lower())
        )


def next_instance(task: Task, *, new_id: TaskId, now: datetime, zone: ZoneInfo) -> Task | None:
    """The open task that follows a recurring one, due after both its due date and ``now``, so that missed
    days do not pile up.

    None when the task does not recur, when its rule has ended, or when it has been continued before.
    """
    if task.recurrence is None or task.due_at is None or task.continued_by is not None:
        return None
    following = task.recurrence.following(task.due_at, now, zone)
    if following is None:
        return None
    return Task(
        id=new_id,
        owner=task.owner,
        title=task.title,
        description=task.description,
        subject=task.subject,
        due_at=following.due_at,
        priority=task.priority,
        estimated_minutes=task.estimated_minutes,
        recurrence=following.recurrence,
        created_at=now,
        updated_at=now,
    )


def complete(task: Task, *, new_id: TaskId, now: datetime, zone: ZoneInfo) -> tuple[Task, Task | None]:
    """The task completed and, when it recurs, the one that follows (to be saved together)."""
    following = next_instance(task, new_id=new_id, now=now, zone=zone)
    return task.completed(now, following.id if following else None), following


def _tidy(changes: TaskChanges) -> TaskChanges:
    tidy = changes.copy()
    if "title" in tidy:
        tidy["title"] = tidy["title"].strip()
    if "subject" in tidy:
        tidy["subject"] = stripped_or_none(tidy["subject"])
    if (due_at := tidy.get("due_at")) is not None:
        tidy["due_at"] = require_aware(due_at, "due_at")
    return tidy
