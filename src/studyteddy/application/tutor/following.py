"""Following an answer: what was said already, then what comes, until it's at its end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from time import monotonic

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.events import Event, Events
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import MessageId, UserId
from studyteddy.domain.tutor.messages import AnswerDelta, Message, MessageStatus

DELTA = "chat-delta"
SETTLED = "chat-settled"
LOOK_AGAIN = 1.0
"""Seconds without news after which the row is read: an event can get lost, an answer can't."""

Heard = AnswerDelta | Message | None
"""A piece, the finished answer (last), or nothing new for a while."""


def channel_of(message_id: MessageId) -> str:
    """Where the news of an answer is published."""
    return f"message:{message_id}"


def publish_settled(events: Events, message: Message) -> None:
    """Tell followers that an answer is at its end; what it says stands in its row."""
    data = {"message_id": str(message.id), "status": message.status.value}
    events.publish(message.owner, channel_of(message.id), SETTLED, data)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowAnswer:
    """The pieces of an answer after ``after_seq``, each once and in order, then the answer itself.

    None is given about once a second while nothing comes, so that the caller can do something else, or stop.
    ``NotFound`` at once, not when the first piece is asked for.
    """

    unit_of_work: UnitOfWorkFactory
    events: Events

    def __call__(self, *, owner: UserId, message_id: MessageId, after_seq: int = 0) -> Generator[Heard, None, None]:
        with self.unit_of_work() as uow:
            uow.messages.get(owner, message_id)
        return _heard(self.unit_of_work, self.events, owner, message_id, after_seq)


def _heard(
    unit_of_work: UnitOfWorkFactory, events: Events, owner: UserId, message_id: MessageId, last: int
) -> Generator[Heard, None, None]:
    news = events.subscribe(owner, channel_of(message_id))
    try:
        while True:
            with unit_of_work() as uow:  # the answer first: once it's settled, all its pieces are there
                message = uow.messages.get(owner, message_id)
                kept = uow.messages.deltas(owner, message_id, after_seq=last)
            for delta in kept:
                last = delta.seq
                yield delta
            if not message.status.running:
                yield message
                return
            while (event := news.next(LOOK_AGAIN)) is not None and event.kind == DELTA:
                delta = _delta(event)
                if delta.seq > last + 1:
                    break  # one got lost: read it from the row
                if delta.seq == last + 1:
                    last = delta.seq
                    yield delta
            if event is None:
                yield None
    finally:
        news.close()


def _delta(event: Event) -> AnswerDelta:
    return AnswerDelta(seq=int(str(event.data["seq"])), text=str(event.data["text"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForAnswer:
    """Wait until an answer is at its end; after ``seconds``, or once ``leaving``, give it as far as it is."""

    unit_of_work: UnitOfWorkFactory
    events: Events
    ticks: Callable[[], float] = monotonic
    leaving: Callable[[], bool] = bool

    def __call__(self, *, owner: UserId, message_id: MessageId, seconds: float) -> Message:
        until = self.ticks() + seconds
        for heard in _heard(self.unit_of_work, self.events, owner, message_id, 0):
            if isinstance(heard, Message):
                return heard
            if self.ticks() >= until or self.leaving():
                break
        with self.unit_of_work() as uow:
            return uow.messages.get(owner, message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswer:
    """Stop an answer. One that nobody works on yet is settled at once, else its worker does so within a second.

    Cancelling an answer that is at its end changes nothing.
    """

    unit_of_work: UnitOfWorkFactory
    events: Events
    clock: Clock

    def __call__(self, *, owner: UserId, message_id: MessageId) -> Message:
        now = self.clock()
        with self.unit_of_work() as uow:
            message = uow.messages.get(owner, message_id)
            if not message.status.running:
                return message
            jobs = [
                uow.jobs.request_cancel(owner, job.id, now=now)
                for job in uow.jobs.of_subject(owner, message.id)
                if job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
            ]
            worked_on = any(job.status is JobStatus.RUNNING for job in jobs)
            if not worked_on:
                said = "".join(delta.text for delta in uow.messages.deltas(owner, message.id))
                message = message.settled(MessageStatus.CANCELLED, content=said, now=now)
                uow.messages.save(message)
            uow.commit()
        if not worked_on:
            publish_settled(self.events, message)
        return message
