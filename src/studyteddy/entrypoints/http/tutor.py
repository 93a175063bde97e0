"""The tutor over HTTP: ask, threads, messages, and answers as they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore
from typing import Any
from uuid import UUID

from flask import Response, request
from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.ports.repositories.tutor import MESSAGES, THREADS
from studyteddy.application.tutor import asking, conversations, following
from studyteddy.domain.ids import DocumentId, MessageId, ThreadId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.tutor.messages import MAX_QUESTION, MAX_REASON, MessageStatus
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.domain.tutor.threads import MAX_SCOPE, Thread
from studyteddy.entrypoints.http.answer_stream import AnswerStream
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.messages import MessageOut, failure, present_message
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    IdPath,
    Instant,
    PageOut,
    PageQuery,
    Query,
    Text,
    present_page,
)

WAIT_SECONDS = 120.0
CANCEL_SECONDS = 2.0
_SCOPE = "documents to answer from; empty for all"


class Question(Body):
    """A question. Without ``thread_id`` it begins a thread; what is left out stays as the thread has it."""

    question: Text = Field(min_length=1, max_length=MAX_QUESTION)
    thread_id: UUID | None = None
    document_ids: list[UUID] | None = Field(None, max_length=MAX_SCOPE, description=_SCOPE)
    mode: Mode | None = None


class ThreadBody(Body):
    """The settings of a thread; in a PATCH, what is left out stays as it is."""

    title: Text = Field(OMITTED, min_length=1, max_length=255)
    mode: Mode = OMITTED
    document_ids: list[UUID] = Field(OMITTED, max_length=MAX_SCOPE, description=_SCOPE)

    def settings(self) -> dict[str, Any]:
        given = self.given()
        if "document_ids" in given:
            given["document_ids"] = _scope(given["document_ids"])
        return given


class AnswerRating(Body):
    """How good an answer was: 1 (useless) to 5 (just right), and why. Without a reason none is kept any more."""

    rating: int = Field(ge=1, le=5)
    reason: Text = Field(OMITTED, max_length=MAX_REASON)


class AfterQuery(Query):
    """Where a stream goes on."""

    after_seq: int = Field(0, ge=0, le=1_000_000, description="number of the last piece that was received")


class ThreadOut(Answer):
    """A conversation."""

    id: UUID
    title: str
    mode: Mode
    document_ids: list[UUID]
    message_count: int
    version: int
    created_at: Instant
    updated_at: Instant


class AskedOut(Answer):
    """The whole answer; with status 202 as far as it was when the time was up."""

    thread_id: UUID
    message: MessageOut


def _scope(ids: list[UUID] | None) -> frozenset[DocumentId] | None:
    return None if ids is None else frozenset(map(DocumentId, ids))


def _present(thread: Thread) -> ThreadOut:
    return ThreadOut(
        id=thread.id,
        title=thread.title,
        mode=thread.mode,
        document_ids=sorted(thread.document_ids),
        message_count=thread.message_count,
        version=thread.version,
        created_at=thread.created_at,
        updated_at=thread.updated_at,
    )


def _answer(thread: Thread, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    return _present(thread).json_ready(), status, {"ETag": f'"{thread.version}"'}


def threads_blueprint(
    *,
    protect: Protect,
    add: conversations.AddThread,
    get: conversations.GetThread,
    listing: conversations.ListThreads,
    edit: conversations.EditThread,
    delete: conversations.DeleteThread,
    messages: conversations.ListMessages,
) -> APIBlueprint:
    """The routes under ``/threads``."""
    api = blueprint("threads", tag="tutor", protect=protect, needs=Capability.STUDY)

    @api.post("/threads", summary="Begin a thread", responses={201: ThreadOut})
    def add_thread(body: ThreadBody) -> Any:
        return _answer(add(owner=owner(), **body.settings()), 201)

    @api.get("/threads", summary="List threads, the one used last first", responses={200: PageOut[ThreadOut]})
    def list_threads(query: PageQuery) -> Any:
        return present_page(listing(owner=owner(), request=query.request(THREADS)), _present)

    @api.get("/threads/<uuid:id>", summary="Get a thread", responses={200: ThreadOut})
    def get_thread(path: IdPath) -> Any:
        return _answer(get(owner=owner(), thread_id=ThreadId(path.id)))

    @api.patch("/threads/<uuid:id>", summary="Change a thread", responses={200: ThreadOut})
    def edit_thread(path: IdPath, body: ThreadBody) -> Any:
        settings = body.settings()
        return _answer(edit(owner=owner(), thread_id=ThreadId(path.id), version=expected_version(), **settings))

    @api.delete("/threads/<uuid:id>", summary="Delete a thread with its messages", responses={204: None})
    def delete_thread(path: IdPath) -> Any:
        delete(owner=owner(), thread_id=ThreadId(path.id), version=expected_version())
        return "", 204

    @api.get("/threads/<uuid:id>/messages", summary="List what was said", responses={200: PageOut[MessageOut]})
    def list_messages(path: IdPath, query: PageQuery) -> Any:
        page = messages(owner=owner(), thread_id=ThreadId(path.id), request=query.request(MESSAGES))
        return present_page(page, present_message)

    return api


def tutor_blueprint(
    *,
    protect: Protect,
    ask: asking.AskTutor,
    wait: following.WaitForAnswer,
    cancel: following.CancelAnswer,
    stream: AnswerStream,
    rate: conversations.RateAnswer,
    places: Semaphore,
    wait_seconds: float = WAIT_SECONDS,
) -> APIBlueprint:
    """``/ask`` and the routes under ``/messages``. Who waits takes one of the ``places``; without one nobody waits."""
    api = blueprint("tutor", tag="tutor", protect=protect, needs=Capability.STUDY)

    @api.post("/ask", summary="Ask and wait for the answer", responses={200: AskedOut, 202: AskedOut})
    def ask_tutor(body: Question) -> Any:
        asked = ask(
            owner=owner(),
            question=body.question,
            thread_id=ThreadId(body.thread_id) if body.thread_id else None,
            document_ids=_scope(body.document_ids),
            mode=body.mode,
        )
        with _place(places) as free:
            message = wait(owner=owner(), message_id=asked.answer.id, seconds=wait_seconds if free else 0.0)
        if message.status is MessageStatus.FAILED:
            raise failure(message)
        out = AskedOut(thread_id=asked.thread.id, message=present_message(message))
        return out.json_ready(), 202 if message.status.running else 200

    @api.post("/messages/<uuid:id>/feedback", summary="Rate an answer", responses={200: MessageOut})
    def rate_answer(path: IdPath, body: AnswerRating) -> Any:
        rated = rate(owner=owner(), message_id=MessageId(path.id), rating=body.rating, reason=body.reason)
        return present_message(rated).json_ready()

    @api.post("/messages/<uuid:id>/cancel", summary="Stop an answer", responses={200: MessageOut})
    def cancel_answer(path: IdPath) -> Any:
        message = cancel(owner=owner(), message_id=MessageId(path.id))
        if message.status.running:
            message = wait(owner=owner(), message_id=message.id, seconds=CANCEL_SECONDS)
        return present_message(message).json_ready()

    @api.get(
        "/messages/<uuid:id>/events",
        summary="Follow an answer as server-sent events",
        responses={200: {"description": "Events", "content": {"text/event-stream": {}}}},
    )
    def follow_answer(path: IdPath, query: AfterQuery) -> Response:
        return stream(MessageId(path.id), max(query.after_seq, _last_event_id()))

    return api


@contextmanager
def _place(places: Semaphore) -> Iterator[bool]:
    free = places.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            places.release()


def _last_event_id() -> int:
    """Where a browser goes on by itself after a broken connection."""
    stated = request.headers.get("Last-Event-ID", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 8 else 0
