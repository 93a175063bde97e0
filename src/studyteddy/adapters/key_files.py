"""Secrets that were made here, as files of the data directory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path


class KeyFiles:
    """The ``KeyMaterial`` port over those files of ``home`` that are ``names``."""

    def __init__(self, home: Path, names: Collection[str]) -> None:
        self._home = home
        self._names = names

    def read(self) -> Mapping[str, bytes]:
        paths = {name: self._home / name for name in self._names}
        return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}

    def write(self, keys: Mapping[str, bytes]) -> None:
        for name in self._names:
            if name in keys:
                self._replace(self._home / name, keys[name])

    def _replace(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._home, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
