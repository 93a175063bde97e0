"""Several workers and beat under one process: a dead one is started again, a stop is passed on to all."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
HEALTHY_SECONDS = 60.0
"""Who lived so long is started again without delay when it dies."""

GRACE_SECONDS = 60.0
"""What is under way at a stop may take so long; what is killed then is resumed by another worker."""

KILLED = 1
"""The exit code where a part had to be killed; 0 where all ended by themselves."""

_LOOK_EVERY = 0.1
_PR_SET_PDEATHSIG = 1


def supervise(roles: Sequence[str]) -> int:
    """Run ``studyteddy worker ROLE`` for each role until SIGTERM or Ctrl-C, and tell the exit code."""
    program = [sys.executable, "-m", "studyteddy", "worker"]
    commands = {role: [*program, role, "--parent", str(os.getpid())] for role in roles}
    return Supervisor(commands).run()


def end_with(parent: int) -> None:
    """Have this process told to stop when its supervisor dies, also when that is killed. Only Linux can do that."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died a moment ago
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class _Part:
    """One program and its present process."""

    name: str
    command: Sequence[str]
    first_pause: float
    pause: float = 0.0
    start_at: float = 0.0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def look(self) -> None:
        """Start it if it is to run now; note it if it died."""
        if self.process is None:
            if monotonic() >= self.start_at:
                self._start()
        elif (code := self.process.poll()) is not None:
            self._died(code)

    def _start(self) -> None:
        # A group of its own: Ctrl-C in a terminal goes to the supervisor alone, which passes it on.
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)
        self.started_at = monotonic()

    def _died(self, code: int) -> None:
        self.process = None
        lived = monotonic() - self.started_at
        self.pause = (
            self.first_pause if lived >= HEALTHY_SECONDS else min(max(self.first_pause, 2 * self.pause), LONGEST_PAUSE)
        )
        self.start_at = monotonic() + self.pause
        log.warning("%s ended with code %d and is started again in %.0f s", self.name, code, self.pause)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End it with all its processes."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps programs running, by name. ``grace`` seconds after a stop, what is left is killed."""

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        grace: float = GRACE_SECONDS,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._parts = [_Part(name, command, first_pause) for name, command in commands.items()]
        self._grace = grace
        self._stopping = threading.Event()

    def run(self) -> int:
        """Until SIGTERM or SIGINT; a second one kills at once. Returns 0, or ``KILLED``."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        while not self._stopping.is_set():
            for part in self._parts:
                part.look()
            self._stopping.wait(_LOOK_EVERY)
        return self._stop()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            self._grace = 0.0
        self._stopping.set()

    def _stop(self) -> int:
        log.info("stopping, within %.0f s", self._grace)
        for part in self._parts:
            part.stop()
        begun = monotonic()
        while any(part.alive for part in self._parts) and monotonic() - begun < self._grace:
            threading.Event().wait(_LOOK_EVERY)
        left = [part for part in self._parts if part.alive]
        for part in left:
            log.warning("%s did not end in time and is killed", part.name)
            part.kill()
        return KILLED if left else 0
