"""Uploaded bytes as files in one directory, under keys of our own making."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from studyteddy.domain.errors import NotFound, Unavailable

_KEY = re.compile(r"[0-9a-f-]+(/[0-9a-f-]+)*")
_INCOMING = ".incoming"
_PIECE = 1 << 20
_FORSAKEN = 3_600.0
"""Seconds after which nobody writes to a half-written file any more."""


class DiskObjects:
    """The ``ObjectStore`` port. A file appears under its key only when all of it is on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @classmethod
    def open_directory(cls, root: Path) -> DiskObjects:
        """Make the directory ready, and remove what a killed process left half written long ago."""
        incoming = root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        for path in incoming.iterdir():
            with suppress(FileNotFoundError):  # another process that shares the directory tidies up too
                if time.time() - path.stat().st_mtime > _FORSAKEN:
                    path.unlink()
        return cls(root)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key of ours: {key!r}")
        return self._root / key

    def put(self, key: str, content: BinaryIO) -> None:
        path = self._path(key)
        with _faults():
            incoming = self._root / _INCOMING
            incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=incoming)
            try:
                with os.fdopen(handle, "wb") as file:
                    shutil.copyfileobj(content, file, _PIECE)
                    file.flush()
                    os.fsync(file.fileno())
                path.parent.mkdir(parents=True, exist_ok=True)
                Path(name).replace(path)
                _sync_directory(path.parent)
            finally:
                with suppress(FileNotFoundError):
                    Path(name).unlink()

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as fault:
            raise NotFound("The bytes of this file are gone.") from fault

    def delete(self, key: str) -> None:
        with _faults():
            self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        root = self._path(prefix.rstrip("/"))
        with _faults():
            found = [path for path in root.rglob("*") if path.is_file()]
        return (path.relative_to(self._root).as_posix() for path in found)

    def check(self) -> None:
        with _faults(), tempfile.TemporaryFile(dir=self._root):
            return


def _sync_directory(directory: Path) -> None:
    """Make the name of a new file as durable as its bytes, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise Unavailable(
            "The file could not be stored: the server's disk is full or out of order. Try again later.",
            code="storage_unavailable",
            retry_after=60,
        ) from fault
