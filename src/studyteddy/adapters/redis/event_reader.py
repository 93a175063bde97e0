"""The one connection of a process on which events arrive."""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import uniform
from time import monotonic
from typing import Any

from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from studyteddy.adapters.event_queue import EventQueue
from studyteddy.adapters.redis.connections import TIMEOUT
from studyteddy.adapters.redis.event_followers import Follower, Followers

log = logging.getLogger(__name__)

QUIET = 5.0
"""Seconds of silence after which Redis is asked whether it is still there."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between attempts to connect; they double, and vary so that processes don't come back all at once."""
_NAMES_AT_ONCE = 500


class EventReader:
    """Listens to the streams that somebody in this process follows.

    One thread does it all, one thing after the other, which is what keeps replay and live events in order. It starts
    with the first follower, and wakes up for what Redis says and for who comes or goes. A connection that breaks or
    falls silent is replaced, and the followers are given what they missed.
    """

    def __init__(self, client: Redis) -> None:
        self._pool = client.connection_pool
        # Past the circuit breaker: this thread has time, and is held up by its own timeouts only.
        self._followers = Followers(Redis(connection_pool=self._pool))
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._away = False
        self._bell: socket.socket | None = None

    def join(self, key: str, follower: Follower) -> None:
        """Follow a stream. Returns once nothing can be missed any more, or Redis does not answer."""
        self._followers.add(key, follower)
        self._start()
        if not self._away:
            self._wake()
            follower.joined.wait(TIMEOUT)

    def leave(self, key: str, queue: EventQueue) -> None:
        self._followers.remove(key, queue)
        self._wake()

    def close(self) -> None:
        self._ended.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(5 * TIMEOUT)
        for follower in self._followers.everybody():
            follower.queue.close()
        if self._bell is not None:
            self._bell.close()
            self._ear.close()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._ended.is_set():
                self._bell, self._ear = socket.socketpair()
                self._bell.setblocking(False)
                self._ear.setblocking(False)
                self._thread = threading.Thread(target=self._run, name="redis-events", daemon=True)
                self._thread.start()

    def _wake(self) -> None:
        if self._bell is None:  # nobody listens yet
            return
        with suppress(OSError):  # full, so it rings already; or closed
            self._bell.send(b".")

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._ended.is_set():
            began = monotonic()
            try:
                with self._connected() as line:
                    self._serve(line)
            except Exception as fault:  # noqa: BLE001 - whatever it was, the followers need a reader
                self._lost(fault)
            if monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            self._ended.wait(pause * uniform(0.5, 1.5))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    def _lost(self, fault: Exception) -> None:
        if not self._away:
            log.warning("events.not_followed", exc_info=fault)
        self._away = True
        for follower in self._followers.everybody():
            follower.joined.set()  # there is nothing to wait for

    @contextmanager
    def _connected(self) -> Iterator[_Line]:
        connection = self._pool.connection_class(**self._pool.connection_kwargs)
        connection.connect()
        try:
            yield _Line(connection, self._ear)
        finally:
            connection.disconnect()

    def _serve(self, line: _Line) -> None:
        self._followers.all_changed()
        while not self._ended.is_set():
            self._listen_to_what_is_followed(line)
            for answer in line.answers():
                self._take(line, answer)
                self._away = False

    def _listen_to_what_is_followed(self, line: _Line) -> None:
        wanted, unwanted = [], []
        for key in self._followers.changes():
            followed = bool(self._followers.of(key))
            if followed and key in line.heard:
                self._followers.catch_up(key)
            elif followed and key not in line.asked:
                wanted.append(key)
            elif not followed and key in line.asked:
                unwanted.append(key)
        line.listen(wanted)
        line.stop_listening(unwanted)

    def _take(self, line: _Line, answer: Any) -> None:
        if not isinstance(answer, list):
            return  # PONG, while nothing is followed
        match answer:
            case ["message", key, text]:
                self._followers.deliver(key, text)
            case ["subscribe", key, _] if key in line.asked:
                line.heard.add(key)
                self._followers.catch_up(key)


class _Line:
    """A connection that listens: the streams that it asked for, and those that Redis confirmed."""

    def __init__(self, connection: Any, ear: socket.socket) -> None:
        self.asked: set[str] = set()
        self.heard: set[str] = set()
        self._connection = connection
        self._ear = ear
        self._waiting_since: float | None = None
        self._silent_since = monotonic()
        self._poll = select.poll()
        self._poll.register(ear, select.POLLIN)
        self._poll.register(connection._sock, select.POLLIN)  # redis-py has no public name for it

    def listen(self, keys: list[str]) -> None:
        self.asked.update(keys)
        self._send("SUBSCRIBE", keys)

    def stop_listening(self, keys: list[str]) -> None:
        self.asked.difference_update(keys)
        self.heard.difference_update(keys)
        self._send("UNSUBSCRIBE", keys)

    def answers(self) -> Iterator[Any]:
        """What Redis says, once it says something or the bell rings. Raises when it is silent for too long."""
        self._wait()
        with suppress(BlockingIOError):
            self._ear.recv(4096)
        while self._connection.can_read(timeout=0):
            self._waiting_since, self._silent_since = None, monotonic()
            yield self._connection.read_response(disconnect_on_error=True)

    def _wait(self) -> None:
        until = self._silent_since + QUIET if self._waiting_since is None else self._waiting_since + TIMEOUT
        if self._poll.poll(max(0.0, until - monotonic()) * 1000) or monotonic() < until:
            return
        if self._waiting_since is not None:
            raise RedisTimeoutError("Redis has fallen silent")
        self._send("PING", [""])

    def _send(self, command: str, names: list[str]) -> None:
        for start in range(0, len(names), _NAMES_AT_ONCE):
            self._connection.send_command(command, *names[start : start + _NAMES_AT_ONCE], check_health=False)
            self._waiting_since = self._waiting_since or monotonic()
