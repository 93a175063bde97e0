"""A relay in front of PostgreSQL that strikes at the one moment that matters: around a commit."""

from __future__ import annotations

import contextlib
import select
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

_SOCKET = ".s.PGSQL.5432"


class CommitRelay:
    """Passes connections on to a server's socket until it is armed.

    Armed with a word and an act, it waits for the first transaction whose statements hold the word. When that is to be
    committed the act is done instead of passing the COMMIT on, or after it has taken effect and before its
    acknowledgement gets through.
    """

    def __init__(self, server: Path) -> None:
        self._server = str(server / _SOCKET)
        self._word = b""
        self._strike: Callable[[], None] | None = None
        self._committed = False

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://studyteddy@/postgres?host={self._folder}"

    def arm(self, word: str, strike: Callable[[], None], *, committed: bool) -> None:
        self._word, self._committed, self._strike = word.encode(), committed, strike

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            line = threading.Thread(target=self._relay, args=(client,))
            line.start()
            self._threads.append(line)

    def _relay(self, client: socket.socket) -> None:
        meant = False
        server = socket.socket(socket.AF_UNIX)
        with client, server, contextlib.suppress(OSError):
            server.connect(self._server)
            while True:
                ready, _, _ = select.select([client, server], [], [])
                data = ready[0].recv(1 << 16)
                if not data:
                    return
                if ready[0] is server:
                    client.sendall(data)
                    continue
                meant = meant or (self._strike is not None and self._word in data)
                if meant and b"COMMIT" in data:
                    self._strike_at(server, data)
                    return
                server.sendall(data)

    def _strike_at(self, server: socket.socket, commit: bytes) -> None:
        strike, self._strike = self._strike, None
        if self._committed:
            server.sendall(commit)
            assert b"COMMIT" in server.recv(1 << 16)
        if strike is not None:
            strike()

    def __enter__(self) -> Self:
        self._folder = tempfile.mkdtemp(prefix="st-relay-")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{self._folder}/{_SOCKET}")
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        shutil.rmtree(self._folder)
