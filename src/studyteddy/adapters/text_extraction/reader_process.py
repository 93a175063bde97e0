"""The parent's side of a reading child: start it, take its frames, bound it, end it."""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from studyteddy.adapters.text_extraction.frames import FAILED, HEADER, READY
from studyteddy.adapters.text_extraction.limits import Limits
from studyteddy.application.ports.text_extractor import ExtractionFailed
from studyteddy.domain.documents import FailureReason

_START = """\
import sys
count = int(sys.argv[1])
sys.path[:] = sys.argv[2 : 2 + count]
from studyteddy.adapters.text_extraction.child import main
main(sys.argv[2 + count :])
"""
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Nothing else crosses over: the parent's environment holds keys and passwords."""
_ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": "268435456", "MALLOC_TOP_PAD_": "4194304", "MALLOC_MMAP_THRESHOLD_": "33554432"}
"""glibc would give memory back to the kernel after each page and ask for it again: a fifth of the time of a book."""
_COPIED_AT_ONCE = 1 << 20
_READ_AT_ONCE = 1 << 18
_LONGEST_LABEL = 4096
_KEPT_ERRORS = 4096


class ReaderBroken(RuntimeError):
    """The reading process could not even start. The installation is at fault, never the document."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the child."""

    kind: bytes
    number: int
    first: str
    second: str


class ReaderProcess:
    """A child that reads one document. ``close`` may be called at any time and more than once."""

    _closed = True  # until there is something to close

    def __init__(self, module: str, content: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        self._patience = limits.wall_seconds
        self._buffer = bytearray()
        paths = [str(Path(path).absolute()) for path in sys.path]
        bounds = [limits.memory, limits.cpu_seconds, limits.unpacked, limits.entries, limits.sections]
        arguments = [str(len(paths)), *paths, module, *map(str, bounds)]
        self._pipe, output = os.pipe()
        self._errors, errors = os.pipe()
        os.set_blocking(self._errors, False)
        try:
            with _copied(content, limits.document) as source:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _START, *arguments],
                    stdin=source,
                    stdout=output,
                    stderr=errors,
                    start_new_session=True,
                    cwd="/",
                    env=_ALLOCATOR | {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                )
        except BaseException:
            os.close(self._pipe)
            os.close(self._errors)
            raise
        finally:
            os.close(output)
            os.close(errors)
        self._closed = False

    def start(self) -> None:
        """Wait until the reader is loaded. Raises ``ReaderBroken``."""
        try:
            frame = self.next_frame()
        except ExtractionFailed as fault:
            raise ReaderBroken(f"The reading process did not start: {fault.detail}") from fault
        if frame.kind != READY:
            raise ReaderBroken("The reading process does not speak the protocol of this version.")

    def next_frame(self) -> Frame:
        """The next message. Raises ``ExtractionFailed`` for a failure of any kind; the child is gone then."""
        try:
            frame = self._read_frame()
        except BaseException:
            self.close()
            raise
        if frame.kind == FAILED:
            self.close()
            raise ExtractionFailed(_reason(frame.first), frame.second[:500])
        return frame

    def _read_frame(self) -> Frame:
        self._fill(HEADER.size)
        kind, number, first, second = HEADER.unpack_from(self._buffer)
        if first > _LONGEST_LABEL or second > self._limits.section:
            raise ExtractionFailed(FailureReason.EXPANDS_TOO_MUCH, f"a section of {second} bytes")
        end = HEADER.size + first + second
        self._fill(end)
        with memoryview(self._buffer) as view:
            label = str(view[HEADER.size : HEADER.size + first], "utf-8", "replace")
            text = str(view[HEADER.size + first : end], "utf-8", "replace")
        del self._buffer[:end]
        return Frame(kind, number, label, text)

    def _fill(self, size: int) -> None:
        """Have at least ``size`` bytes in the buffer; only the time of waiting counts against the limit."""
        while len(self._buffer) < size:
            began = time.monotonic()
            ready, _, _ = select.select([self._pipe], [], [], max(0.0, self._patience))
            self._patience -= time.monotonic() - began
            if not ready:
                raise ExtractionFailed(FailureReason.TIMEOUT, f"no answer within {self._limits.wall_seconds:g} s")
            data = os.read(self._pipe, _READ_AT_ONCE)
            if not data:
                raise self._death()
            self._buffer += data

    def _death(self) -> ExtractionFailed:
        """Why the child's output ended early, as far as its exit tells."""
        status, used = self._reap()
        code = os.waitstatus_to_exitcode(status)
        errors = self._last_errors()
        detail = f"the reader ended with {code}: {errors}" if errors else f"the reader ended with {code}"
        if code == -signal.SIGXCPU:
            return ExtractionFailed(FailureReason.TIMEOUT, detail)
        if code == -signal.SIGKILL or used > self._limits.memory // 4:
            return ExtractionFailed(FailureReason.EXPANDS_TOO_MUCH, detail)
        return ExtractionFailed(FailureReason.CORRUPT, detail)

    def _reap(self) -> tuple[int, int]:
        """Exit status and peak memory in bytes, 0 where that is unknown. ``Popen.wait`` can't tell the memory."""
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        except ChildProcessError:  # a program that hosts us collects all ended children itself
            self._process.returncode = 0
            return 0, 0
        self._process.returncode = os.waitstatus_to_exitcode(status)
        # Linux carries our own peak over into a child that we start; what doesn't exceed it says nothing of the child.
        inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = usage.ru_maxrss if usage.ru_maxrss > inherited else 0
        return status, peak * (1 if sys.platform == "darwin" else 1024)

    def _last_errors(self) -> str:
        try:
            return os.read(self._errors, 1 << 16)[-_KEPT_ERRORS:].decode("utf-8", "replace").strip()
        except BlockingIOError:
            return ""

    def close(self) -> None:
        """End the child and everything that it may have started, and free what it held."""
        if self._closed:
            return
        self._closed = True
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):  # gone already; macOS answers so for a zombie
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._pipe)
        os.close(self._errors)
        self._buffer.clear()

    def __del__(self) -> None:
        self.close()


def _copied(content: BinaryIO, most: int) -> BinaryIO:
    """The content in an unnamed file: the child can read it, and nothing that it does there reaches the original."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        size = 0
        while data := content.read(_COPIED_AT_ONCE):
            size += len(data)
            if size > most:
                raise ExtractionFailed(FailureReason.TOO_LARGE, f"more than {most} bytes")
            copy.write(data)
        copy.seek(0)
    except BaseException:
        copy.close()
        raise
    return copy


def _reason(code: str) -> FailureReason:
    """A hijacked child may send anything."""
    try:
        return FailureReason(code)
    except ValueError:
        return FailureReason.CORRUPT
