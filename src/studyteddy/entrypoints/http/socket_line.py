"""The sending side of a socket, shared by threads: whole frames, and a client that may have stopped reading."""

from __future__ import annotations

import threading
from contextlib import suppress
from socket import SHUT_RD
from typing import Any

from pydantic import BaseModel
from simple_websocket import ConnectionClosed

from studyteddy.entrypoints.http import socket_frames as frames

SEND_SECONDS = 20.0
"""A client that reads nothing for so long is gone."""

_SPARSE = (frames.DocumentProgress, frames.Notification, frames.ErrorFrame)


class Line:
    """Sends frames. A line that broke swallows what is sent: the client is gone."""

    def __init__(self, websocket: Any) -> None:
        websocket.sock = _WholeFrames(websocket.sock)
        self._websocket = websocket
        self._lock = threading.Lock()
        self.open = True

    def send(self, frame: BaseModel) -> None:
        with self._lock:
            if not self.open:
                return
            try:
                self._websocket.send(frame.model_dump_json(exclude_none=isinstance(frame, _SPARSE)))
            except (ConnectionClosed, OSError):
                self._hang_up()

    def close(self, code: int, reason: str) -> None:
        """Say why, and end the socket, which wakes up whoever waits for its next frame."""
        with self._lock:
            if not self.open:
                return
            with suppress(ConnectionClosed, OSError):
                self._websocket.close(code, reason)
            self._hang_up()

    def _hang_up(self) -> None:
        self.open = False
        with suppress(OSError):
            self._websocket.sock.shutdown(SHUT_RD)


class _WholeFrames:
    """A network socket whose ``send`` sends all, one frame after the other, or fails in time.

    simple-websocket takes a frame for sent that a plain ``send`` took only a part of, and it sends its pings from a
    thread of its own, in the middle of ours.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._lock = threading.Lock()
        sock.settimeout(SEND_SECONDS)

    def send(self, frame: bytes) -> int:
        with self._lock:
            self._sock.sendall(frame)
        return len(frame)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)
