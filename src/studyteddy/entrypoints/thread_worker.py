"""The process that answers HTTP: a thread for each request, a waiting connection costs none."""

from __future__ import annotations

import socket
import struct
import threading
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from studyteddy.entrypoints.gunicorn_refusals import ProblemRefusals

PATIENCE_SECONDS = 30
"""How long a thread waits for a client that has begun to send or to read and then fell silent."""


class HttpWorker(ProblemRefusals, ThreadWorker):  # type: ignore[misc]
    """gunicorn's gthread, with clients that can't hold a thread for ever, and an end that is told to what waits."""

    def init_process(self) -> None:
        # Accepted connections inherit it. gunicorn reads and writes without any time limit of its own.
        for listener in self.sockets:
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", PATIENCE_SECONDS, 0))
        super().init_process()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        threading.Thread(target=self.app.leave, name="leaving", daemon=True).start()

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive:  # or the kernel goes on taking connections that nobody will serve
            for listener in self.sockets:
                listener.close()

    def handle(self, conn: Any) -> Any:
        """As gunicorn does it; a client that fell silent is dropped without a word."""
        try:
            return super().handle(conn)
        except BlockingIOError:
            return False
