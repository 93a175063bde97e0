"""pgBouncer in transaction mode, in front of a PostgreSQL of the tests."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
import sqlalchemy as sa

from studyteddy.adapters.embedded_postgres.account import Account

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "docker" / "pgbouncer" / "pgbouncer.ini"

_PLACES = ("/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin", str(PROJECT / ".venv/engines/bin"))
_PORT = 6432
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


class PgBouncer:
    """``with PgBouncer(database_url) as pooler:``; ``pooler.url`` leads to the same database, through it.

    It forwards every database of that server, and knows no passwords: only its own account gets at its socket.
    ``options`` are those of pgbouncer.ini, over the shipped ones; ``at_connect`` is what it tells the server first.
    """

    def __init__(
        self, database_url: str, options: Mapping[str, str] | None = None, *, at_connect: str | None = None
    ) -> None:
        self._behind = sa.make_url(database_url)
        self._options = dict(options or {})
        self._at_connect = at_connect
        self._process: subprocess.Popen[bytes] | None = None
        self.directory = Path(tempfile.mkdtemp(prefix="st-pooler-"))

    @property
    def url(self) -> str:
        return self.through(self._behind.render_as_string(hide_password=False))

    def through(self, database_url: str) -> str:
        """The way to a database of the same server, through the pooler."""
        route = {"host": str(self.directory), "port": str(_PORT)}
        url = sa.make_url(database_url).set(host=None, port=None, query=route)
        return url.render_as_string(hide_password=False)

    def start(self) -> Self:
        """Returns once it takes connections. The server behind it need not be there yet."""
        servers = Path(str(self._behind.query["host"]))
        account = Account.owning(servers)
        account.give(self.directory)
        (self.directory / "pgbouncer.ini").write_text(self._configuration(servers))
        call = account.run(_program(), str(self.directory / "pgbouncer.ini"), reaching=servers / "socket")
        with (self.directory / "start.log").open("ab") as log:
            self._process = subprocess.Popen(**call, stdout=log, stderr=log)
        self._wait_until_it_listens()
        return self

    def stop(self) -> None:
        """End it at once; its clients lose their connections."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def log(self) -> str:
        path = self.directory / "pgbouncer.log"
        return path.read_text(errors="replace") if path.exists() else (self.directory / "start.log").read_text()

    def _configuration(self, servers: Path) -> str:
        fixed = {
            "listen_addr": "",
            "listen_port": str(_PORT),
            "unix_socket_dir": str(self.directory),
            "auth_type": "any",
            "logfile": str(self.directory / "pgbouncer.log"),
        }
        lines = [f"{name} = {value}" for name, value in (_shipped() | fixed | self._options).items()]
        behind = f"* = host={servers} port=5432 user={self._behind.username}"
        if self._at_connect:
            behind += f" connect_query='{self._at_connect}'"
        return "\n".join(["[databases]", behind, "[pgbouncer]", *lines, ""])

    def _wait_until_it_listens(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self._listens():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"pgBouncer did not start: {self.log()[-2000:]}")
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.directory / f".s.PGSQL.{_PORT}"))
            except OSError:
                return False
            return True

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def _shipped() -> dict[str, str]:
    """The settings that we ship, without the file of accounts."""
    lines = (line.partition(" = ") for line in SHIPPED.read_text().splitlines() if not line.startswith((";", "%", "[")))
    return {name: value for name, equals, value in lines if equals and name != "auth_file"}


def _program() -> str:
    """The path of pgBouncer; without it the test is skipped."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path=":".join(_PLACES))
    if found is None:
        pytest.skip("pgBouncer is not installed: apt-get install pgbouncer")
    return str(Path(found).absolute())
