"""Many people at a time: gunicorn's master, and processes that each build a container of their own after the fork."""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from dependency_injector import providers
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from studyteddy.adapters.prometheus_metrics.directory import CountsDirectory
from studyteddy.adapters.prometheus_metrics.metrics import DIRECTORY_VARIABLE, forget_process
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.faults import PortInUse
from studyteddy.entrypoints.gunicorn_logging import JsonLog
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.web_app import build_app

log = logging.getLogger(__name__)

GRACE_SECONDS = 10
"""How long requests under way may take to finish once the server was told to stop."""
STUCK_SECONDS = 30
"""A process that shows no sign of life for so long is replaced. Threads that wait for something don't count."""
KEEP_ALIVE_SECONDS = 75
"""Longer than nginx keeps its connections, so that it never sends a request into one that is being closed."""
SPARE_CONNECTIONS = 200
"""Of a process for sockets: for tickets, health and those who are told that there is no place."""
SPARE_FILES = 200
BACKLOG = 2_048
_MOST_KEPT_ALIVE = 1_000
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its file there unreadable for others


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a server is for, and by how many processes."""

    sockets: bool
    processes: int

    @property
    def name(self) -> str:
        return "studyteddy-sockets" if self.sockets else "studyteddy-web"

    def options(self, settings: Settings) -> dict[str, Any]:
        """The part of gunicorn's configuration in which the two kinds differ."""
        if self.sockets:
            # An idle connection holds a greenlet, and a stop would wait for it: behind a proxy they aren't worth it.
            return {
                "worker_class": "studyteddy.entrypoints.gevent_worker.SocketWorker",
                "worker_connections": settings.sockets + SPARE_CONNECTIONS,
                "keepalive": 2,
            }
        return {
            "worker_class": "studyteddy.entrypoints.thread_worker.HttpWorker",
            "threads": settings.web_threads,
            "worker_connections": _MOST_KEPT_ALIVE + settings.web_threads,
            "keepalive": KEEP_ALIVE_SECONDS,
        }

    def most_connections(self, settings: Settings) -> int:
        """Places for sockets, streams and those who wait for an answer. In a process for HTTP each holds a thread."""
        return settings.sockets if self.sockets else max(1, settings.web_threads // 4)


class GunicornServer(BaseApplication):  # type: ignore[misc]
    """A bound port, served by processes that are replaced when they die. The master opens nothing but the port."""

    def __init__(
        self,
        settings: Settings,
        service: Service,
        listener: socket.socket,
        counts: CountsDirectory,
        ready: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._service = service
        self._listener = listener.detach()  # gunicorn closes it
        self._counts = counts
        self._ready = ready
        self._container: Container | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in (_COMMON | self._service.options(self._settings)).items():
            self.cfg.set(name, value)
        self.cfg.set("bind", f"fd://{self._listener}")
        self.cfg.set("workers", self._service.processes)
        self.cfg.set("worker_tmp_dir", str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None)
        self.cfg.set("when_ready", lambda _master: self._ready())
        self.cfg.set("worker_exit", lambda _master, worker: self._close(worker.pid))

    def load(self) -> Flask:
        """In a process of its own: open the container, begin to send jobs, and give the application."""
        container = Container(settings=self._settings)
        container.most_connections.override(providers.Object(self._service.most_connections(self._settings)))
        self._container = container
        container.init_resources()
        web = build_app(container)
        container.runner().start()
        _collect_seldom()
        return web

    def leave(self) -> None:
        """In a process that was told to stop: send sockets and streams elsewhere."""
        if self._container is not None:
            self._container.closing().begin()

    def _close(self, pid: int) -> None:
        if self._container is not None and pid == os.getpid():
            self._container.runner().stop(timeout=2.0)
            self._container.shutdown_resources()

    def run(self) -> None:
        """Serve until a signal; ends the program by ``SystemExit``."""
        _allow_open_files(self.cfg.worker_connections + SPARE_FILES)
        self.cfg.set("on_exit", lambda _master: self._counts.remove())
        self.cfg.set("child_exit", lambda _master, worker: forget_process(worker.pid))
        _Master(self).run()


def share_counts(service: Service) -> CountsDirectory:
    """Let all processes count together. Comes before anything counts: prometheus-client chooses when it is loaded."""
    counts = CountsDirectory(Path(os.environ.get(DIRECTORY_VARIABLE) or tempfile.gettempdir()), service.name)
    os.environ[DIRECTORY_VARIABLE] = str(counts.path)
    return counts


def _collect_seldom() -> None:
    """Leave out of the search for garbage what stays as long as the process, and search less often: a request leaves
    hardly any cycles, and looking for them took a seventh of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def _allow_open_files(wanted: int) -> None:
    """As many as are wanted, as far as this user may have them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
        if granted < wanted:
            log.warning("This user may open %d files, but %d connections are to be served (ulimit -n)", hard, wanted)


class _Master(Arbiter):  # type: ignore[misc]
    """gunicorn's master. The first request to stop is patient, the second isn't."""

    _stopping = False

    def signal(self, sig: int, frame: FrameType | None) -> None:
        if sig in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            sig = signal.SIGQUIT if self._stopping else sig
            self._stopping = True
        super().signal(sig, frame)


_COMMON: dict[str, Any] = {
    "timeout": STUCK_SECONDS,
    "graceful_timeout": GRACE_SECONDS,
    "limit_request_line": 8_190,
    "limit_request_fields": 100,
    "limit_request_field_size": 8_190,
    # Whose X-Forwarded-* counts is decided in one place: the application, by STUDYTEDDY_TRUSTED_PROXIES.
    "forwarded_allow_ips": "",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "logger_class": JsonLog,
    "errorlog": None,
    "accesslog": None,
    "control_socket_disable": True,
    "proc_name": "studyteddy",
}


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. Port 0 takes a free one. Raises ``PortInUse``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"Port {port} on {host} is in use or not allowed. Choose another, for example PORT={port + 1}."
        raise PortInUse(message) from error
