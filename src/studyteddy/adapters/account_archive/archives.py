"""The ``AccountArchives`` port: zip files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import BinaryIO

from studyteddy.adapters.account_archive.reading import Bounds, ZipReader
from studyteddy.adapters.account_archive.writing import ZipWriter, zip_being_written


class ZipArchives:
    """Archives within ``bounds``."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()

    def writing(self) -> AbstractContextManager[ZipWriter]:
        return zip_being_written()

    @contextmanager
    def reading(self, content: BinaryIO) -> Iterator[ZipReader]:
        reader = ZipReader(content, self._bounds)
        try:
            yield reader
        finally:
            reader.close()
