"""News of a person for a socket: what happens to documents, notices."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from pydantic import ValidationError

from studyteddy.application.ports.events import ACCESS_CHANGED, Event, Subscription
from studyteddy.entrypoints.http import socket_frames as frames
from studyteddy.entrypoints.http.socket_line import Line

log = structlog.get_logger(__name__)

TRY_AGAIN = 1013
_RELAYED: dict[str, type[frames.DocumentProgress | frames.Notification]] = {
    "document-progress": frames.DocumentProgress,
    "notification": frames.Notification,
}


class NewsRelay:
    """Passes news on, in a thread that runs only while there are some: most sockets hear nothing for hours.

    ``access_changed`` is called when the person's access may have ended.
    """

    def __init__(self, news: Subscription, line: Line, *, access_changed: Callable[[], object] = lambda: None) -> None:
        self._news = news
        self._line = line
        self._access_changed = access_changed
        self._lock = threading.Lock()
        self._running = self._changed = False
        news.when_changed(self._wake)

    def _wake(self) -> None:
        with self._lock:
            self._changed = True
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name="socket-news", daemon=True).start()

    def _run(self) -> None:
        while self._has_changed():
            while (event := self._news.next(0)) is not None:
                self._pass_on(event)
        if self._news.closed:  # by its publisher, unless the socket has ended anyway
            self._line.close(TRY_AGAIN, "too slow for the news; connect again")

    def _has_changed(self) -> bool:
        with self._lock:
            self._running, self._changed = self._changed, False
            return self._running

    def _pass_on(self, event: Event) -> None:
        if event.kind == ACCESS_CHANGED:
            self._access_changed()
            return
        kind = _RELAYED.get(event.kind)
        if kind is None:
            return
        try:
            self._line.send(kind.model_validate({**event.data, "type": event.kind}))
        except ValidationError:
            log.exception("socket.bad_event", kind=event.kind)
