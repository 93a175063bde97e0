"""The socket: frames in, use cases, frames out. It relays; nothing is decided here, and nothing is lost with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from flask import Blueprint
from flask_sock import Sock
from pydantic import BaseModel

from studyteddy.application.ports.events import USER_CHANNEL, Events
from studyteddy.application.ports.passage_search import EVERYTHING, PassageSearch
from studyteddy.application.tickets import Access, CheckAccess
from studyteddy.application.tutor.asking import AskTutor
from studyteddy.application.tutor.following import CancelAnswer, FollowAnswer
from studyteddy.domain.errors import Conflict, NotAuthenticated, NotFound, RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.ids import DocumentId, MessageId, ThreadId
from studyteddy.domain.tutor.messages import AnswerDelta, Message, MessageStatus
from studyteddy.entrypoints.http import socket_frames as frames
from studyteddy.entrypoints.http.closing import Closing
from studyteddy.entrypoints.http.errors import Problem, problem_of
from studyteddy.entrypoints.http.locators import present_passage
from studyteddy.entrypoints.http.messages import failure, present_message
from studyteddy.entrypoints.http.socket_door import SUBPROTOCOL, SocketDoor, access_of_socket
from studyteddy.entrypoints.http.socket_line import Line
from studyteddy.entrypoints.http.socket_news import NewsRelay

log = structlog.get_logger(__name__)

ACCESS_ENDED = 4401
TOO_BIG = 1009
RESTARTING = 1012
CHECK_SECONDS = 30.0
"""How late a socket learns at worst that its access has ended, where the news of it got lost."""
PING_SECONDS = 25
FOLLOWED = 6
"""Answers that one socket follows at a time, each in a thread."""

FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 60.0
_SHORTEST_WAIT = 0.05
_ONLY_THE_END = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketService:
    """What all sockets share: the use cases behind the frames, and how often a log-in is looked at again."""

    ask: AskTutor
    follow: FollowAnswer
    cancel: CancelAnswer
    search: PassageSearch
    check_access: CheckAccess
    events: Events
    closing: Closing = field(default_factory=Closing)
    check_seconds: float = CHECK_SECONDS
    ticks: Callable[[], float] = monotonic


class Conversation:
    """One socket of one person."""

    def __init__(self, websocket: Any, access: Access, service: SocketService) -> None:
        self._websocket = websocket
        self._access = access
        self._owner = access.user_id
        self._service = service
        self._line = Line(websocket)
        self._following: dict[MessageId, threading.Event] = {}
        self._allowance = FRAMES_AT_ONCE
        self._counted = service.ticks()
        self._check_at = self._counted

    def run(self) -> None:
        """Serve until the client leaves, its access ends, or this process does."""
        news = self._service.events.subscribe(self._owner, USER_CHANNEL)
        self._line.send(frames.Ready(user_id=self._owner))
        NewsRelay(news, self._line, access_changed=self._check)
        self._service.closing.tell(self, self._leave)
        try:
            while self._line.open and self._still_allowed():
                raw = self._websocket.receive(timeout=self._until_check())
                if raw is not None and not self._take(raw):
                    return
        finally:
            self._service.closing.forget(self)
            self._line.open = False
            news.close()
            for stop in list(self._following.values()):
                stop.set()

    def _leave(self) -> None:
        self._line.close(RESTARTING, "this server is being restarted; connect again")

    def _until_check(self) -> float:
        """Nothing has to be looked at before: whatever ends a socket wakes it up."""
        return max(_SHORTEST_WAIT, self._check_at - self._service.ticks())

    def _still_allowed(self) -> bool:
        """Looked at in the beginning, since the ticket may be older than what ended its log-in, and now and then."""
        return self._service.ticks() < self._check_at or self._check()

    def _check(self) -> bool:
        """Close the socket if its access has ended; also called by whoever brings the news that it may have."""
        self._check_at = self._service.ticks() + self._service.check_seconds
        try:
            good_for = self._service.check_access(access=self._access)
        except NotAuthenticated:
            self._line.close(ACCESS_ENDED, "access ended")
            return False
        except Unavailable:
            return True  # the database is away; the next look decides
        self._check_at = min(self._check_at, self._service.ticks() + good_for)
        return True

    def _take(self, raw: str | bytes) -> bool:
        """Carry a frame out; False when the socket had to be closed."""
        size = len(raw.encode(errors="replace")) if isinstance(raw, str) else len(raw)
        if size > frames.MAX_FRAME:
            self._line.close(TOO_BIG, "frame too big")
            return False
        frame = None
        try:
            self._spend()
            frame = frames.read_frame(raw)
            self._carry_out(frame)
        except StudyTeddyError as error:
            self._refuse(frame, error)
        except Exception:
            # A fault of ours must end this frame and not the socket; the log has it in full.
            log.exception("socket.crashed")
            fault = StudyTeddyError("Something went wrong on our side. Try again.", code="internal_error")
            self._refuse(frame, fault)
        return True

    def _spend(self) -> None:
        now = self._service.ticks()
        self._allowance = min(FRAMES_AT_ONCE, self._allowance + (now - self._counted) * FRAMES_PER_SECOND)
        self._counted = now
        if self._allowance < 1:
            raise RateLimited("Too many frames. Send fewer of them.", code="too_many_frames", retry_after=1)
        self._allowance -= 1

    def _refuse(self, frame: BaseModel | None, error: StudyTeddyError) -> None:
        problem = Problem.model_validate(problem_of(error, instance="/ws"))
        stated = getattr(frame, "id", None)
        if isinstance(frame, frames.Chat):
            self._line.send(frames.ChatError(id=stated, message_id=None, problem=problem))
        else:
            self._line.send(frames.ErrorFrame(id=stated, problem=problem))

    def _carry_out(self, frame: frames.Chat | frames.Resume | frames.Cancel | frames.RagSearch | frames.Ping) -> None:
        match frame:
            case frames.Chat():
                self._chat(frame)
            case frames.Resume():
                self._follow(MessageId(frame.message_id), frame.after_seq, None)
            case frames.Cancel():
                self._cancel(MessageId(frame.message_id))
            case frames.RagSearch():
                self._search(frame)
            case frames.Ping():
                self._line.send(frames.Pong())

    def _chat(self, frame: frames.Chat) -> None:
        if len(self._following) >= FOLLOWED:
            raise Conflict("This socket follows too many answers. Wait for one of them.", code="too_many_answers")
        asked = self._service.ask(
            owner=self._owner,
            question=frame.message,
            client_id=frame.id,
            thread_id=ThreadId(frame.thread_id) if frame.thread_id else None,
            document_ids=None if frame.document_ids is None else frozenset(map(DocumentId, frame.document_ids)),
            mode=frame.mode,
        )
        message_id = asked.answer.id
        self._line.send(
            frames.ChatProcessing(id=frame.id, job_id=asked.job_id, thread_id=asked.thread.id, message_id=message_id)
        )
        self._follow(message_id, 0, frame.id)

    def _cancel(self, message_id: MessageId) -> None:
        message = self._service.cancel(owner=self._owner, message_id=message_id)
        if message_id not in self._following:
            self._follow(message.id, _ONLY_THE_END, None)

    def _search(self, frame: frames.RagSearch) -> None:
        filters = frame.filters.wanted() if frame.filters else EVERYTHING
        found = self._service.search(owner=self._owner, query=frame.query, filters=filters, limit=frame.limit)
        self._line.send(frames.RagResults(id=frame.id, results=[present_passage(one) for one in found.passages]))

    def _follow(self, message_id: MessageId, after_seq: int, chat_id: str | None) -> None:
        """Relay an answer in a thread of its own; following one anew ends the older relay of it."""
        if len(self._following) >= FOLLOWED and message_id not in self._following:
            raise Conflict("This socket follows too many answers. Wait for one of them.", code="too_many_answers")
        heard = self._service.follow(owner=self._owner, message_id=message_id, after_seq=after_seq)
        older = self._following.pop(message_id, None)
        if older is not None:
            older.set()
        stop = self._following[message_id] = threading.Event()

        def relay() -> None:
            try:
                with closing(heard):
                    for news in heard:
                        if stop.is_set():
                            return
                        if news is not None:
                            self._tell(message_id, news, chat_id)
            except NotFound as error:  # the thread was deleted meanwhile
                problem = Problem.model_validate(problem_of(error, instance="/ws"))
                self._line.send(frames.ChatError(id=chat_id, message_id=message_id, problem=problem))
            except Unavailable as error:
                problem = Problem.model_validate(problem_of(error, instance="/ws"))
                self._line.send(frames.ErrorFrame(id=chat_id, problem=problem))
            finally:
                if self._following.get(message_id) is stop:
                    del self._following[message_id]

        threading.Thread(target=relay, name="socket-answer", daemon=True).start()

    def _tell(self, message_id: MessageId, news: AnswerDelta | Message, chat_id: str | None) -> None:
        if isinstance(news, AnswerDelta):
            self._line.send(frames.ChatDelta(message_id=message_id, seq=news.seq, text=news.text))
        elif news.status is MessageStatus.FAILED:
            problem = Problem.model_validate(problem_of(failure(news), instance=f"/messages/{news.id}"))
            self._line.send(frames.ChatError(id=chat_id, message_id=news.id, problem=problem))
        else:
            self._line.send(frames.ChatResponse(message=present_message(news)))


def socket_blueprint(*, prefix: str, door: SocketDoor, service: SocketService) -> Blueprint:
    """The route ``/ws`` under the prefix."""
    sockets = Blueprint("sockets", __name__, url_prefix=f"/{prefix.strip('/')}")
    door.guard(sockets)

    @sockets.record_once
    def set_limits(state: Any) -> None:
        state.app.config["SOCK_SERVER_OPTIONS"] = {
            "subprotocols": [SUBPROTOCOL],
            "ping_interval": PING_SECONDS,
            "max_message_size": frames.MAX_FRAME,
        }

    @Sock().route("/ws", bp=sockets)  # type: ignore[untyped-decorator]
    def socket(websocket: Any) -> None:
        Conversation(websocket, access_of_socket(), service).run()

    return sockets
