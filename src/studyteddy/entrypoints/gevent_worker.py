"""The process of sockets and streams: a greenlet for each, thousands of them in one thread."""

from __future__ import annotations

from types import FrameType

import gevent
from gunicorn.workers.ggevent import GeventWorker

from studyteddy.entrypoints.gunicorn_refusals import ProblemRefusals


class SocketWorker(ProblemRefusals, GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker; its end is told to the sockets, which would hold it up otherwise."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        gevent.spawn(self.app.leave)  # a signal handler must not wait
