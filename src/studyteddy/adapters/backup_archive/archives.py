"""Backups as tar files."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from studyteddy.adapters.backup_archive.reading import TarReader
from studyteddy.adapters.backup_archive.writing import TarWriter, part_name, part_of
from studyteddy.domain.errors import NotFound


class TarArchives:
    """The ``Archives`` port: files that only their owner can read. ``<file>.part`` is one that is being written."""

    def writing(self, path: Path) -> AbstractContextManager[TarWriter]:
        return part_of(path)

    def written(self, path: Path) -> TarReader:
        return TarReader(part_name(path))

    def reading(self, path: Path) -> TarReader:
        if not path.is_file():
            raise NotFound(f"There is no backup at {path}.")
        return TarReader(path)
