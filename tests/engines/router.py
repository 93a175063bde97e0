"""What nginx does for the tests, where nginx is missing: one address for the HTTP and the socket processes."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_TO_SOCKETS = re.compile(rb"[A-Z]+ /api/v1/(ws|messages/[^/ ]+/events)[? ]")
_PIECE = 64 * 1024


class Router:
    """``with Router(api="127.0.0.1:8000", sockets="127.0.0.1:8001") as router:``; ``router.address`` is the one origin.

    A connection goes where its first request has to go: whoever wants both opens two.
    """

    def __init__(self, *, api: str, sockets: str) -> None:
        self._api, self._sockets = (_pair(address) for address in (api, sockets))
        self._listener = self._listening(0)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> Self:
        """Begin, or begin again at the same address."""
        if self._listener.fileno() < 0:
            self._listener = self._listening(_pair(self.address)[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @staticmethod
    def _listening(port: int) -> socket.socket:
        return socket.create_server(("127.0.0.1", port), backlog=200)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            first = client.recv(_PIECE)
            with socket.create_connection(self._sockets if _TO_SOCKETS.match(first) else self._api) as server:
                server.sendall(first)
                back = threading.Thread(target=_relay, args=(server, client), daemon=True)
                back.start()
                _relay(client, server)
                back.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _relay(giver: socket.socket, taker: socket.socket) -> None:
    """Pass on until either side ends, then say so to the other."""
    with suppress(OSError):
        while piece := giver.recv(_PIECE):
            taker.sendall(piece)
    with suppress(OSError):
        taker.shutdown(socket.SHUT_WR)


def _pair(address: str) -> tuple[str, int]:
    host, _, port = address.partition(":")
    return host, int(port)
