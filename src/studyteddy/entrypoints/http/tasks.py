"""Tasks over HTTP."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application import tasks as use_cases
from studyteddy.domain.ids import TaskId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.tasks.draft import DraftPart, TaskDraft
from studyteddy.domain.tasks.recurrence import parse as parse_recurrence
from studyteddy.domain.tasks.task import Priority, Task, TaskChanges, TaskFilter, TaskOrder, TaskStatus
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    IdPath,
    Instant,
    PageOut,
    PageQuery,
    Text,
    present_page,
)


class TaskFields(Body):
    """The fields of a task that its owner sets; in a PATCH, what is left out stays as it is."""

    title: Text = Field(OMITTED, max_length=255)
    description: Text = Field(OMITTED, max_length=10_000)
    subject: Text | None = Field(None, max_length=100)
    due_at: Instant | None = None
    priority: Priority = OMITTED
    estimated_minutes: int | None = Field(None, ge=1, le=100_000)
    recurrence: Text | None = Field(None, max_length=500, description="RFC 5545 rule, such as FREQ=WEEKLY;BYDAY=MO,TH")

    def changes(self) -> TaskChanges:
        """The stated fields in the core's types; ``Invalid`` for a rule that isn't one."""
        given = self.given()
        if given.get("recurrence") is not None:
            given["recurrence"] = parse_recurrence(given["recurrence"])
        return cast(TaskChanges, given)


class NewTask(TaskFields):
    """A new task."""

    title: Text = Field(min_length=1, max_length=255)


class TaskText(Body):
    """One line that says what is to be done."""

    text: Text = Field(min_length=1, max_length=10_000)
    unread: list[DraftPart] = Field(
        default_factory=list,
        max_length=len(DraftPart),
        description="what is not to be read out of the line; its words stay in the title",
    )


class TaskQuery(PageQuery):
    """Which tasks, in which order."""

    status: TaskStatus = OMITTED
    subject: Text = Field(OMITTED, max_length=100)
    priority: Priority = OMITTED
    due_from: Instant = OMITTED
    due_to: Instant = OMITTED
    q: Text = Field(OMITTED, max_length=255, description="part of the title or description")
    sort: TaskOrder = TaskOrder.DUE_AT

    def wanted(self) -> TaskFilter:
        return TaskFilter(
            status=self.status,
            subject=self.subject,
            priority=self.priority,
            due_from=self.due_from,
            due_to=self.due_to,
            text=self.q,
        )


class DraftOut(Answer):
    """What was understood of a line."""

    title: str
    description: str
    subject: str | None
    due_at: Instant | None
    priority: Priority
    estimated_minutes: int | None
    recurrence: str | None


class TaskOut(DraftOut):
    """A task."""

    id: UUID
    actual_minutes: int
    status: TaskStatus
    completed_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant


def _draft(draft: TaskDraft | Task) -> dict[str, Any]:
    return {
        "title": draft.title,
        "description": draft.description,
        "subject": draft.subject,
        "due_at": draft.due_at,
        "priority": draft.priority,
        "estimated_minutes": draft.estimated_minutes,
        "recurrence": str(draft.recurrence) if draft.recurrence else None,
    }


def present(task: Task) -> TaskOut:
    return TaskOut(
        **_draft(task),
        id=task.id,
        actual_minutes=task.actual_minutes,
        status=task.status,
        completed_at=task.completed_at,
        version=task.version,
        created_at=task.created_at,
        updated_at=task.updated_at,
    )


def _answer(task: Task, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    return present(task).json_ready(), status, {"ETag": f'"{task.version}"'}


def tasks_blueprint(
    *,
    protect: Protect,
    add: use_cases.AddTask,
    get: use_cases.GetTask,
    listing: use_cases.ListTasks,
    edit: use_cases.EditTask,
    complete: use_cases.CompleteTask,
    reopen: use_cases.ReopenTask,
    delete: use_cases.DeleteTask,
    parse: use_cases.ParseTask,
) -> APIBlueprint:
    """The routes under ``/tasks``."""
    api = blueprint("tasks", tag="tasks", protect=protect, needs=Capability.STUDY)

    @api.post("/tasks", summary="Add a task", responses={201: TaskOut})
    def add_task(body: NewTask) -> Any:
        return _answer(add(owner=owner(), **body.changes()), 201)

    @api.get("/tasks", summary="List tasks", responses={200: PageOut[TaskOut]})
    def list_tasks(query: TaskQuery) -> Any:
        request = query.request(query.sort.value)
        return present_page(listing(owner=owner(), wanted=query.wanted(), order=query.sort, request=request), present)

    @api.post("/tasks/parse", summary="Read a task out of a line of text", responses={200: DraftOut})
    def parse_task(body: TaskText) -> Any:
        return DraftOut(**_draft(parse(owner=owner(), text=body.text, unread=frozenset(body.unread)))).json_ready()

    @api.get("/tasks/<uuid:id>", summary="Get a task", responses={200: TaskOut})
    def get_task(path: IdPath) -> Any:
        return _answer(get(owner=owner(), task_id=TaskId(path.id)))

    @api.patch("/tasks/<uuid:id>", summary="Change a task", responses={200: TaskOut})
    def edit_task(path: IdPath, body: TaskFields) -> Any:
        changes = body.changes()
        return _answer(edit(owner=owner(), task_id=TaskId(path.id), version=expected_version(), **changes))

    @api.delete("/tasks/<uuid:id>", summary="Delete a task", responses={204: None})
    def delete_task(path: IdPath) -> Any:
        delete(owner=owner(), task_id=TaskId(path.id), version=expected_version())
        return "", 204

    @api.post("/tasks/<uuid:id>/complete", summary="Complete a task", responses={200: TaskOut})
    def complete_task(path: IdPath) -> Any:
        return _answer(complete(owner=owner(), task_id=TaskId(path.id), version=expected_version()))

    @api.post("/tasks/<uuid:id>/reopen", summary="Open a completed task again", responses={200: TaskOut})
    def reopen_task(path: IdPath) -> Any:
        return _answer(reopen(owner=owner(), task_id=TaskId(path.id), version=expected_version()))

    return api
