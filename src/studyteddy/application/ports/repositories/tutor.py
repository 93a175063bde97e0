"""Where conversations with the tutor are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from studyteddy.domain.ids import MessageId, ThreadId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tutor.messages import AnswerDelta, Message
from studyteddy.domain.tutor.threads import Thread

THREADS = "-updated_at"
"""The order of ``Threads.page``: what was used last comes first."""

MESSAGES = "position"
"""The order of ``Messages.page``: as things were said."""


class Threads(Protocol):
    """Threads of an owner. Another person's thread is ``NotFound``."""

    def add(self, thread: Thread) -> None:
        """Keep a new thread."""
        ...

    def get(self, owner: UserId, thread_id: ThreadId) -> Thread:
        """The thread, else ``NotFound``."""
        ...

    def save(self, thread: Thread) -> None:
        """Replace the thread whose version is one less, else ``StaleVersion``; ``NotFound`` when it's gone."""
        ...

    def delete(self, owner: UserId, thread_id: ThreadId) -> None:
        """Forget the thread with everything said in it, else ``NotFound``."""
        ...

    def page(self, owner: UserId, request: PageRequest) -> Page[Thread]:
        """Threads in the order ``THREADS``, newest id first among equals."""
        ...


class Messages(Protocol):
    """What was said, by owner, and the pieces of answers while they come."""

    def add(self, message: Message) -> None:
        """Keep a new message.

        ``Conflict`` (``answer_running``) when it is a running answer and its thread has one already; ``Conflict``
        (``already_sent``) when the owner has sent another under the same ``client_id``.
        """
        ...

    def get(self, owner: UserId, message_id: MessageId) -> Message:
        """The message, else ``NotFound``."""
        ...

    def save(self, message: Message) -> None:
        """Replace the message whose version is one less, else ``StaleVersion``; ``NotFound`` when it's gone."""
        ...

    def by_client_id(self, owner: UserId, client_id: str) -> Message | None:
        """The question that was sent under this id."""
        ...

    def at(self, owner: UserId, thread_id: ThreadId, position: int) -> Message:
        """What was said at a position, else ``NotFound``."""
        ...

    def before(self, owner: UserId, thread_id: ThreadId, position: int, *, limit: int) -> Sequence[Message]:
        """The last ``limit`` messages of the thread that stand before ``position``, oldest first."""
        ...

    def page(self, owner: UserId, thread_id: ThreadId, request: PageRequest) -> Page[Message]:
        """What was said in a thread, in the order ``MESSAGES``; nothing for a thread that isn't the owner's."""
        ...

    def running(self, owner: UserId) -> int:
        """How many answers of the owner are queued or streaming."""
        ...

    def append_delta(self, message: Message, delta: AnswerDelta) -> None:
        """Keep the next piece of an answer. Appending a number again keeps the first text."""
        ...

    def deltas(self, owner: UserId, message_id: MessageId, *, after_seq: int = 0) -> Sequence[AnswerDelta]:
        """The pieces with a higher number, in order; none for a message that isn't the owner's."""
        ...
