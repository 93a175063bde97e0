"""Conversations with the tutor in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from studyteddy.adapters.in_memory.repository import OwnedRows, page
from studyteddy.application.ports.repositories.tutor import MESSAGES, THREADS
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import MessageId, ThreadId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tutor.messages import AnswerDelta, Message
from studyteddy.domain.tutor.threads import Thread


class InMemoryThreads(OwnedRows[Thread]):
    """The ``Threads`` port over a store."""

    table = "threads"
    noun = "thread"

    def add(self, thread: Thread) -> None:
        self._add(thread)

    def get(self, owner: UserId, thread_id: ThreadId) -> Thread:
        return self._get(owner, thread_id)

    def save(self, thread: Thread) -> None:
        self._save(thread)

    def delete(self, owner: UserId, thread_id: ThreadId) -> None:
        self._delete(owner, thread_id)
        messages: dict[UUID, Message] = self._store.table("messages")
        gone = {message.id for message in messages.values() if message.thread_id == thread_id}
        for message_id in gone:
            self._journal.remove("messages", message_id)
        for key in [key for key in self._store.table("answer_deltas") if key[0] in gone]:
            self._journal.remove("answer_deltas", key)

    def page(self, owner: UserId, request: PageRequest) -> Page[Thread]:
        return page(
            self._of(owner),
            request,
            order=THREADS,
            key=lambda thread: thread.updated_at,
            as_text=str,
            from_text=datetime.fromisoformat,
            descending=True,
        )


class InMemoryMessages(OwnedRows[Message]):
    """The ``Messages`` port over a store."""

    table = "messages"
    noun = "message"

    def add(self, message: Message) -> None:
        if message.client_id is not None and self.by_client_id(message.owner, message.client_id) is not None:
            raise Conflict("This message was sent before.", code="already_sent")
        if message.status.running and any(other.status.running for other in self._in(message.owner, message.thread_id)):
            raise Conflict(
                "The last question of this thread is still being answered. Wait for it or cancel it.",
                code="answer_running",
            )
        self._add(message)

    def get(self, owner: UserId, message_id: MessageId) -> Message:
        return self._get(owner, message_id)

    def save(self, message: Message) -> None:
        self._save(message)

    def _in(self, owner: UserId, thread_id: ThreadId) -> Iterable[Message]:
        return (message for message in self._of(owner) if message.thread_id == thread_id)

    def by_client_id(self, owner: UserId, client_id: str) -> Message | None:
        return next((message for message in self._of(owner) if message.client_id == client_id), None)

    def at(self, owner: UserId, thread_id: ThreadId, position: int) -> Message:
        for message in self._in(owner, thread_id):
            if message.position == position:
                return message
        raise self._missing()

    def before(self, owner: UserId, thread_id: ThreadId, position: int, *, limit: int) -> Sequence[Message]:
        earlier = [message for message in self._in(owner, thread_id) if message.position < position]
        return sorted(earlier, key=lambda message: message.position)[-limit:]

    def page(self, owner: UserId, thread_id: ThreadId, request: PageRequest) -> Page[Message]:
        return page(
            self._in(owner, thread_id),
            request,
            order=MESSAGES,
            key=lambda message: message.position,
            as_text=str,
            from_text=int,
        )

    def running(self, owner: UserId) -> int:
        return sum(message.status.running for message in self._of(owner))

    def append_delta(self, message: Message, delta: AnswerDelta) -> None:
        key = (message.id, delta.seq)
        if message.id in self._rows and key not in self._store.table("answer_deltas"):
            self._journal.put("answer_deltas", key, delta)

    def deltas(self, owner: UserId, message_id: MessageId, *, after_seq: int = 0) -> Sequence[AnswerDelta]:
        message = self._rows.get(message_id)
        if message is None or message.owner != owner:
            return []
        rows: dict[tuple[UUID, int], AnswerDelta] = self._store.table("answer_deltas")
        found = [delta for (of, seq), delta in rows.items() if of == message_id and seq > after_seq]
        return sorted(found, key=lambda delta: delta.seq)
