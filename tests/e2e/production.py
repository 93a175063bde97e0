"""The production profile on one machine: every kind of process that we ship, on real engines, behind one address."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import pytest
import redis
import sqlalchemy as sa

from e2e.server import Server, eventually, is_reader
from engines.databases import in_server
from engines.nginx import Nginx
from engines.pgbouncer import PgBouncer
from engines.redis_server import RedisServer
from engines.router import Router
from engines.s3_server import S3Bucket, S3Server
from studyteddy.adapters.embedded_postgres.server import EmbeddedPostgres
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.migrate import migrate
from studyteddy.adapters.postgres.session_defaults import keep_session_defaults

SECRET = "pQ7vW2xK9zR4tB6nM1cL8yH3dF5gJ0sA"
COMMANDS = {
    "web": ("serve", "--port", "{web}"),
    "sockets": ("serve", "--sockets", "--port", "{sockets}"),
    "ingest": ("worker", "ingest"),
    "tutor": ("worker", "tutor"),
    "default": ("worker", "default"),
    "beat": ("worker", "beat"),
}
"""What runs, by name: the two kinds of web server, a worker for each queue, and the clock."""

WORKERS = ("ingest", "tutor", "default")
_REDIS_DATABASES = 16
_START_SECONDS = 90
_STOP_SECONDS = 40


class Engines:
    """PostgreSQL behind pgBouncer, Redis and an S3 store, shared by the production servers of one test process.

    ``postgres`` are settings of PostgreSQL, ``pooler`` those of pgBouncer, and ``at_connect`` is what it says first on
    each connection.
    """

    def __init__(
        self,
        *,
        postgres: Mapping[str, str] | None = None,
        pooler: Mapping[str, str] | None = None,
        at_connect: str | None = None,
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="st-engines-"))
        self.postgres = EmbeddedPostgres(self.directory / "pg", settings={"max_connections": "100", **(postgres or {})})
        self._pooler_options, self._at_connect = pooler, at_connect
        self.redis = RedisServer()
        self.store = S3Server()
        self._opened = ExitStack()
        self._places = 0

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.callback(shutil.rmtree, self.directory, ignore_errors=True)
            self.direct_url = opened.enter_context(self.postgres)
            opened.enter_context(self.redis)
            opened.enter_context(self.store)
            self.pooler = self._pooler(opened)
            self._make_template()
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def place(self) -> Place:
        """A fresh database, bucket and pair of Redis databases."""
        name = f"place_{uuid.uuid4().hex}"
        self._at_server(f"create database {name} template shipped")
        with self._opened_once(name) as engine:
            keep_session_defaults(engine)
        first = 2 * (self._places % (_REDIS_DATABASES // 2))
        self._places += 1
        queue, cache = (f"redis://127.0.0.1:{self.redis.port}/{number}" for number in (first, first + 1))
        for url in (queue, cache):
            with redis.Redis.from_url(url) as client:
                client.flushdb()
        return Place(self, in_server(self.direct_url, name), queue, cache, S3Bucket(self.store, self.store.bucket()))

    def postgres_processes(self) -> list[psutil.Process]:
        """The postmaster first, then its children."""
        pid = int((self.directory / "pg" / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _pooler(self, opened: ExitStack) -> PgBouncer | None:
        """None where pgBouncer is not installed: the rest is worth testing without it."""
        try:
            return opened.enter_context(PgBouncer(self.direct_url, self._pooler_options, at_connect=self._at_connect))
        except pytest.skip.Exception:
            return None

    def _make_template(self) -> None:
        self._at_server("create database shipped")
        with self._opened_once("shipped") as engine:
            migrate(engine)

    @contextmanager
    def _opened_once(self, database: str) -> Iterator[sa.Engine]:
        engine = open_engine(in_server(self.direct_url, database), pool_size=1)
        yield engine
        engine.dispose()

    def _at_server(self, statement: str) -> None:
        server = sa.create_engine(self.direct_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with server.connect() as connection:
            connection.execute(sa.text(statement))


@dataclass(frozen=True)
class Place:
    """What one production server keeps its data in."""

    engines: Engines
    direct_url: str
    queue_url: str
    cache_url: str
    bucket: S3Bucket

    @property
    def settings(self) -> dict[str, str]:
        """The environment of its processes."""
        pooler = self.engines.pooler
        way = {"DATABASE_URL": self.direct_url}
        if pooler is not None:
            way = {"DATABASE_URL": pooler.through(self.direct_url), "DATABASE_POOLER": "transaction"}
        return {
            "STUDYTEDDY_PROFILE": "production",
            **way,
            "DATABASE_DIRECT_URL": self.direct_url,
            "REDIS_URL": self.queue_url,
            "REDIS_CACHE_URL": self.cache_url,
            **self.bucket.settings,
            "JWT_SECRET": SECRET,
            "STUDYTEDDY_JOB_LEASE": "3s",
        }

    def close(self) -> None:
        self.engines._at_server(f"drop database {sa.make_url(self.direct_url).database} with (force)")


@dataclass(repr=False)
class ProductionServer(Server):
    """Two processes for HTTP, one for sockets, a worker for each queue and beat, behind nginx at ``address``."""

    engines: Engines = field(kw_only=True)
    place: Place = field(init=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(init=False, default_factory=dict)
    _ports: dict[str, int] = field(init=False, default_factory=dict)
    _live: set[int] = field(init=False, default_factory=set)
    _front: Nginx | Router | None = field(init=False, default=None)

    def start(self) -> Self:
        """Begin to serve; returns once every process does its part."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self._front is None:
            self._open()
        else:
            self._front.start()
        already = len(self.log()) if self._log().exists() else 0
        self._live = set()
        # Who reads documents comes last: what waits to be read is still unread when the others answer.
        for names in (set(COMMANDS) - {"ingest"}, {"ingest"}):
            for name in names:
                self.again(name)
            eventually(lambda: self._serves(already), seconds=_START_SECONDS)
        return self

    def stop(self) -> int:
        """SIGTERM to each, as a container gets it; the worst exit code."""
        self._take_off_the_net()
        for process in self.processes.values():
            process.terminate()
        return self._all_ended()

    def kill(self, *, database: bool = False) -> None:
        """End our processes as a power cut would; with ``database`` PostgreSQL too, which comes back by itself."""
        self._take_off_the_net()
        postgres = self.postgres() if database else []
        family = self.family()
        for process in [*family, *postgres]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._all_ended()
        psutil.wait_procs([*family, *postgres], timeout=10)
        eventually(self._database_answers)

    def again(self, name: str) -> None:
        """Start a part anew that has ended, as whoever looks after it would."""
        self.processes[name] = self._started([word.format_map(self._ports) for word in COMMANDS[name]])

    def postgres(self) -> list[psutil.Process]:
        return self.engines.postgres_processes()

    def database_url(self) -> str:
        return self.place.direct_url

    @property
    def proxied(self) -> bool:
        return isinstance(self._front, Nginx)

    def signing_secret(self) -> bytes:
        return SECRET.encode()

    def family(self) -> list[psutil.Process]:
        """All our processes, readers included."""
        found = []
        for process in self.processes.values():
            with suppress(psutil.NoSuchProcess):
                ours = psutil.Process(process.pid)
                found += [ours, *ours.children(recursive=True)]
        return found

    def readers(self) -> list[psutil.Process]:
        return [process for process in self.family() if is_reader(process)]

    def memory(self) -> int:
        """Resident bytes of the largest of our processes."""
        sizes = [0]
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                if not is_reader(process):
                    sizes.append(int(process.memory_info().rss))
        return max(sizes)

    def _open(self) -> None:
        self.place = self.engines.place()
        self._ports = dict(zip(("web", "sockets"), free_ports(2), strict=True))
        upstreams = {"api": f"127.0.0.1:{self._ports['web']}", "sockets": f"127.0.0.1:{self._ports['sockets']}"}
        try:
            # The tests are one client, and a busier one than a school.
            self._front = Nginx(**upstreams, changes={"rate=100r/s": "rate=9000r/s"}).start()
        except pytest.skip.Exception:
            self._front = Router(**upstreams).start()
        self.address = self._front.address

    def _take_off_the_net(self) -> None:
        if self._front is not None:
            self._front.stop()

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self._log().open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "studyteddy", *command],
                env=self._environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        behind = {"STUDYTEDDY_TRUSTED_PROXIES": "1"} if self.proxied else {}
        return super()._environment() | self.place.settings | behind | dict(self.settings)

    def _serves(self, already: int) -> bool:
        ended = {name: process.poll() for name, process in self.processes.items() if process.poll() is not None}
        assert not ended, f"{ended} of {sorted(COMMANDS)}: {self.log()[-4000:]}"
        if self.log()[already:].count("ready.") < len(self.processes.keys() & set(WORKERS)):
            return False
        self._live |= {port for port in self._ports.values() if port not in self._live and _is_live(port)}
        return len(self._live) == len(self._ports)

    def _database_answers(self) -> bool:
        engine = sa.create_engine(self.place.direct_url, poolclass=sa.NullPool)
        try:
            with engine.connect():
                return True
        except sa.exc.OperationalError:
            return False

    def _all_ended(self) -> int:
        codes = {}
        for name, process in self.processes.items():
            try:
                codes[name] = process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._end_everything()
                raise AssertionError(f"{name} did not stop: {self.log()[-4000:]}") from None
        self.processes = {}
        return max(codes.values(), default=0, key=abs)

    def _end_everything(self) -> None:
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for child in self.processes.values():
            child.wait()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_everything()
        if self._front is not None:
            self._front.__exit__(kind, error, trace)
            self.place.close()


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _is_live(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
