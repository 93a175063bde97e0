"""Saying an answer piece by piece: kept first, then published, so that nobody sees what could get lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from studyteddy.application.ports.chat_model import AnsweredBy
from studyteddy.application.ports.events import Events
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.application.tutor.following import DELTA, channel_of
from studyteddy.domain.errors import NotFound
from studyteddy.domain.tutor.messages import MAX_ANSWER, AnswerDelta, Message
from studyteddy.domain.tutor.output import OutputFilter

BATCH_SECONDS = 0.2
BATCH_CHARS = 200


class NobodyListens(Exception):
    """The answer was settled by somebody else, or its thread was deleted: there is nothing more to say."""


@dataclass(slots=True)
class Voice:
    """Says one answer in batches of a fifth of a second or 200 characters; the first piece leaves at once.

    ``by`` is who speaks. What is said goes through the filter. ``NobodyListens`` when the answer runs no longer.
    """

    message: Message
    by: AnsweredBy
    unit_of_work: UnitOfWorkFactory
    events: Events
    ticks: Callable[[], float]
    filter: OutputFilter
    said: str = ""
    _seq: int = 0
    _waiting: str = ""
    _last: float = field(default=float("-inf"))

    @property
    def full(self) -> bool:
        """Whether the answer has reached its greatest length."""
        return len(self.said) + len(self._waiting) >= MAX_ANSWER

    def say(self, piece: str) -> None:
        self._waiting += self.filter.push(piece)
        if len(self._waiting) >= BATCH_CHARS or self.ticks() - self._last >= BATCH_SECONDS:
            self.flush()

    def finish(self, closing: str = "") -> str:
        """Say what the filter still held back, then ``closing`` as it is, and return all that was said."""
        self._waiting += self.filter.finish()
        if closing:
            separator = "\n\n" if (self.said + self._waiting).strip() else ""
            self._waiting += separator + closing
        self.flush()
        return self.said

    def flush(self) -> None:
        """Say what waits."""
        text = self._waiting[: MAX_ANSWER - len(self.said)]
        if not text:
            return
        delta = AnswerDelta(seq=self._seq + 1, text=text)
        try:
            with self.unit_of_work() as uow:
                if not uow.messages.get(self.message.owner, self.message.id).status.running:
                    raise NobodyListens
                uow.messages.append_delta(self.message, delta)
                uow.commit()
        except NotFound:
            raise NobodyListens from None
        self._seq, self._waiting, self._last = delta.seq, "", self.ticks()
        self.said += text
        data = {"message_id": str(self.message.id), "seq": delta.seq, "text": text}
        self.events.publish(self.message.owner, channel_of(self.message.id), DELTA, data)
