"""Answers as server-sent events (WHATWG HTML, section 9.2), for networks without WebSocket."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic

from flask import Response

from studyteddy.application.tickets import Access, CheckAccess
from studyteddy.application.tutor.following import FollowAnswer, Heard
from studyteddy.domain.errors import NotAuthenticated, NotFound
from studyteddy.domain.ids import MessageId
from studyteddy.domain.tutor.messages import AnswerDelta, Message, MessageStatus
from studyteddy.entrypoints.http.auth import access
from studyteddy.entrypoints.http.closing import Closing
from studyteddy.entrypoints.http.messages import failure_document, present_message
from studyteddy.entrypoints.http.slots import Slots

HEARTBEAT_SECONDS = 15.0
CHECK_SECONDS = 3.0
"""How late a stream learns that its log-in has ended: it lasts for an answer, so looking often costs little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStream:
    """The pieces of an answer as events ``chat-delta`` (with their number as id), then ``chat-response`` or
    ``chat-error``. A comment every 15 seconds keeps the line open; it closes when the log-in or this process ends.
    """

    follow: FollowAnswer
    check_access: CheckAccess
    slots: Slots
    closing: Closing = field(default_factory=Closing)
    heartbeat: float = HEARTBEAT_SECONDS
    check_seconds: float = CHECK_SECONDS
    ticks: Callable[[], float] = monotonic

    def __call__(self, message_id: MessageId, after_seq: int) -> Response:
        by = access()
        heard = self.follow(owner=by.user_id, message_id=message_id, after_seq=after_seq)
        self.slots.take(by.user_id)
        response = Response(self._events(heard, message_id, by), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store, no-transform"
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(lambda: self.slots.free(by.user_id))
        return response

    def _events(self, heard: Generator[Heard, None, None], message_id: MessageId, by: Access) -> Iterator[str]:
        spoken = checked = self.ticks()
        yield "retry: 2000\n\n"
        with closing(heard):
            try:
                for news in heard:
                    now = self.ticks()
                    if now - checked >= self.check_seconds:
                        self.check_access(access=by)
                        checked = now
                    if news is not None:
                        spoken = now
                        yield _event(news, message_id)
                    elif self.closing.begun():
                        return  # a browser comes again by itself and goes on where it was
                    elif now - spoken >= self.heartbeat:
                        spoken = now
                        yield ": still here\n\n"
            except (NotAuthenticated, NotFound):
                return  # the log-in has ended or the thread was deleted


def _event(news: AnswerDelta | Message, message_id: MessageId) -> str:
    if isinstance(news, AnswerDelta):
        data = {"message_id": str(message_id), "seq": news.seq, "text": news.text}
        return _lines("chat-delta", data, seq=news.seq)
    if news.status is MessageStatus.FAILED:
        return _lines("chat-error", {"message_id": str(news.id), "problem": failure_document(news)})
    return _lines("chat-response", {"message": present_message(news).json_ready()})


def _lines(kind: str, data: Mapping[str, object], *, seq: int | None = None) -> str:
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {kind}\ndata: {json.dumps(data)}\n\n"
