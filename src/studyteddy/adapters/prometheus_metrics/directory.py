"""Where the processes of one server keep their counts together."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_LOCK = "in-use"


class CountsDirectory:
    """An empty directory of its own under ``base``, for the processes that this one starts.

    What servers of the same name left there when they were killed is cleared away. A lock tells who lives, rather than
    a process's number: two containers may share a directory and not see each other's processes.
    """

    def __init__(self, base: Path, name: str) -> None:
        base.mkdir(parents=True, exist_ok=True)
        for left in base.glob(f"{name}-*"):
            if _is_abandoned(left):
                shutil.rmtree(left, ignore_errors=True)
        self.path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=base))
        self._lock = _locked(self.path)

    def remove(self) -> None:
        os.close(self._lock)
        shutil.rmtree(self.path, ignore_errors=True)


def _locked(directory: Path) -> int:
    """The lock appears when it is held already, so that nobody finds it free in between."""
    import fcntl

    descriptor = os.open(directory / "new", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    (directory / "new").rename(directory / _LOCK)
    return descriptor


def _is_abandoned(directory: Path) -> bool:
    import fcntl

    try:
        descriptor = os.open(directory / _LOCK, os.O_RDWR)
    except OSError:  # somebody else's, or just being made
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
