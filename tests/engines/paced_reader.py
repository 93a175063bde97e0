"""A reader of documents that tests can hold up: a plug-in of the workers, which knows nothing of the test's process.

Each paragraph is a section. The directory in ``PACE`` says how fast: while a file ``hold`` is there nothing goes on,
and a file ``slow`` makes each section take a twentieth of a second. ``reached`` grows by a byte with each section.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from studyteddy.application.ports.text_extractor import Extraction
from studyteddy.domain.documents import LocatorUnit, MediaType, Section

_ENTRY_POINTS = "[studyteddy.text_extractors]\npaced = paced_reader:PacedReader\n"


class Pace:
    """The test's end: a directory that is also the site directory of the plug-in."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        about = directory / "paced_reader-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: paced-reader\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(_ENTRY_POINTS)
        shutil.copy(__file__, directory / "paced_reader.py")
        self.environment = {"PYTHONPATH": str(directory), "PACE": str(directory), "TEXT_EXTRACTOR": "paced"}

    def hold(self) -> None:
        (self.directory / "hold").touch()

    def slow(self) -> None:
        (self.directory / "slow").touch()

    def go_on(self) -> None:
        for name in ("hold", "slow"):
            (self.directory / name).unlink(missing_ok=True)

    @property
    def reached(self) -> int:
        """Sections that were read so far, over all attempts."""
        counted = self.directory / "reached"
        return counted.stat().st_size if counted.exists() else 0


class PacedReader:
    """The worker's end: the ``TextExtractor`` port."""

    def __init__(self) -> None:
        self._pace = Path(os.environ["PACE"])

    def identify(self, filename: str, head: bytes) -> MediaType:
        return MediaType.MARKDOWN

    def extract(self, content: BinaryIO, media_type: MediaType) -> Extraction:
        paragraphs = [part.strip() for part in content.read().decode().split("\n\n") if part.strip()]
        return Extraction(None, len(paragraphs), self._sections(paragraphs))

    def _sections(self, paragraphs: list[str]) -> Iterator[Section]:
        for number, text in enumerate(paragraphs, 1):
            with (self._pace / "reached").open("ab") as counted:
                counted.write(b".")
            if (self._pace / "slow").exists():
                time.sleep(0.05)
            while (self._pace / "hold").exists():
                time.sleep(0.02)
            yield Section(unit=LocatorUnit.SECTION, number=number, label=None, text=text)
