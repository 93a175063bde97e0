"""Threads and what was said in them: make, read, change, remove, rate."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.ids import DocumentId, MessageId, ThreadId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tutor.messages import Message
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.domain.tutor.threads import UNTITLED, Thread
from studyteddy.domain.versions import check_version


def check_scope(uow: UnitOfWork, owner: UserId, document_ids: frozenset[DocumentId] | None) -> None:
    """``NotFound`` when one of the documents isn't the owner's."""
    for document_id in sorted(document_ids or ()):
        uow.documents.get(owner, document_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddThread:
    """Begin an empty thread."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        title: str | None = None,
        mode: Mode = Mode.EXPLAIN,
        document_ids: frozenset[DocumentId] = frozenset(),
    ) -> Thread:
        now = self.clock()
        thread = Thread(
            id=ThreadId(self.new_id()),
            owner=owner,
            title=(title or "").strip() or UNTITLED,
            mode=mode,
            document_ids=document_ids,
            created_at=now,
            updated_at=now,
        )
        with self.unit_of_work() as uow:
            check_scope(uow, owner, document_ids)
            uow.threads.add(thread)
            uow.commit()
        return thread


@dataclass(frozen=True, slots=True, kw_only=True)
class GetThread:
    """One thread of its owner."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, thread_id: ThreadId) -> Thread:
        with self.unit_of_work() as uow:
            return uow.threads.get(owner, thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListThreads:
    """A page of threads, the one used last first."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, request: PageRequest) -> Page[Thread]:
        with self.unit_of_work() as uow:
            return uow.threads.page(owner, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditThread:
    """Rename a thread, or change its mode or scope; ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        thread_id: ThreadId,
        version: int | None = None,
        title: str | None = None,
        mode: Mode | None = None,
        document_ids: frozenset[DocumentId] | None = None,
    ) -> Thread:
        with self.unit_of_work() as uow:
            thread = uow.threads.get(owner, thread_id)
            check_version(thread.version, version)
            check_scope(uow, owner, document_ids)
            thread = thread.edited(self.clock(), title=title, mode=mode, document_ids=document_ids)
            uow.threads.save(thread)
            uow.commit()
        return thread


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteThread:
    """Remove a thread with everything said in it; an answer that is still coming stops."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, thread_id: ThreadId, version: int | None = None) -> None:
        with self.unit_of_work() as uow:
            check_version(uow.threads.get(owner, thread_id).version, version)
            uow.threads.delete(owner, thread_id)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMessages:
    """A page of what was said in a thread, in order."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, thread_id: ThreadId, request: PageRequest) -> Page[Message]:
        with self.unit_of_work() as uow:
            uow.threads.get(owner, thread_id)
            return uow.messages.page(owner, thread_id, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """Say how good an answer was, 1..5, and why, if one likes."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, message_id: MessageId, rating: int, reason: str | None = None) -> Message:
        with self.unit_of_work() as uow:
            message = uow.messages.get(owner, message_id).rated(rating, self.clock(), reason)
            uow.messages.save(message)
            uow.commit()
        return message
