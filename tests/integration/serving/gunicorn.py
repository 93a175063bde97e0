"""The production profile's own web server as a subprocess, alone or beside others on the same engines."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from e2e.server import Answered, Server, eventually

SECRET = "pQ7vW2xK9zR4tB6nM1cL8yH3dF5gJ0sA"


def production(database_url: str, redis_url: str, **settings: str) -> dict[str, str]:
    """The environment of a production server that keeps its files on the disk."""
    own = {"STUDYTEDDY_PROFILE": "production", "JWT_SECRET": SECRET, "STUDYTEDDY_OBJECTS": "disk"}
    return {**own, "DATABASE_URL": database_url, "REDIS_URL": redis_url, **settings}


@dataclass
class Gunicorn(Server):
    """``studyteddy serve`` in the production profile; with ``--sockets`` among the arguments the other kind."""

    def workers(self) -> list[psutil.Process]:
        """The processes that serve, without those that read documents."""
        return psutil.Process(self.process.pid).children()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def ended(self, *, within: float = 30) -> int:
        """The exit code, once all of its processes have ended."""
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            pytest.fail(f"the server did not stop: {self.log()[-3000:]}")
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def plain(self, path: str, headers: Mapping[str, str] | None = None) -> Answered:
        """A request without a log-in to a path as it stands."""
        return got(self.address, path, headers)

    def metric(self, name: str, **labels: str) -> float:
        """The sum of what ``/metrics`` says under a name, with these labels."""
        return metric_at(self.address, name, **labels)

    def listens(self) -> bool:
        host, _, port = self.address.partition(":")
        with closing(socket.socket()) as probe:
            return probe.connect_ex((host, int(port))) == 0

    def told(self, sent: bytes) -> bytes:
        """All that is answered to these bytes, until the server closes."""
        host, _, port = self.address.partition(":")
        with closing(socket.create_connection((host, int(port)), timeout=30)) as line:
            line.sendall(sent)
            return b"".join(iter(lambda: line.recv(65_536), b""))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        workers = self.workers() if self.process.poll() is None else []
        super().__exit__(kind, error, trace)
        psutil.wait_procs(workers, timeout=10)
        assert not [worker for worker in workers if worker.is_running()]


def got(address: str, path: str, headers: Mapping[str, str] | None = None) -> Answered:
    host, _, port = address.partition(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=30)) as connection:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answered(answer.status, dict(answer.headers.items()), answer.read())


def metric_at(address: str, name: str, **labels: str) -> float:
    """The sum of what ``/metrics`` says there under a name, with these labels."""
    families = text_string_to_metric_families(got(address, "/metrics").body.decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def refusal(home: Path, environment: Mapping[str, str], *arguments: str) -> tuple[int, list[str]]:
    """Exit code and last words of a server that does not start."""
    server = Gunicorn(home, environment, arguments)
    with pytest.raises(AssertionError, match="did not start"):
        server.start()
    return server.process.returncode, server.log().splitlines()


@contextmanager
def held_up(database_url: str, table: str) -> Iterator[Waiting]:
    """Nobody else can write to the table meanwhile."""
    with psycopg.connect(database_url.replace("+psycopg", "", 1)) as connection:
        connection.execute(f"lock table {table} in exclusive mode")  # type: ignore[call-overload]
        yield Waiting(database_url)


@dataclass(frozen=True)
class Waiting:
    """Those who wait for a lock."""

    database_url: str

    def somebody(self) -> None:
        """Returns once somebody does."""
        with psycopg.connect(self.database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
            query = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
            eventually(lambda: connection.execute(query).fetchone(), seconds=20)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
