"""P8, second half: a book read, split, analyzed and stored, against a bare pypdfium2 loop over its pages.

    python -m benchmarks.documents [FILE.pdf ...]

Ours is the whole job: taken from the table, the book read in a confined process of its own, split into chunks, every
word analyzed, pages, chunks and postings stored durably in PostgreSQL, the summary made, the document opened to search.
The bare side opens the file and asks for the text of each page, in this process. Both take turns; each round stores the
book for another student, so nothing is there from the round before.
"""

from __future__ import annotations

import functools
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.flashcard_data import database
from benchmarks.pdf_text import BOOKS, bare
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import new_id, system_clock
from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.application.documents.ingestion import IngestDocument
from studyteddy.application.documents.library import AddDocument, GetDocument
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.ports.jobs import JobKind
from studyteddy.domain.documents import Document
from studyteddy.domain.retrieval.wording import english_wording
from studyteddy.testing.documents import add_user

ROUNDS = 11
GOAL = 2.0
DEFAULT = ("thinkpython2.pdf", "lessig-freeculture.pdf")


@dataclass
class Shelf:
    """The use cases of a library over one database."""

    engine: sa.Engine

    def __post_init__(self) -> None:
        self.unit_of_work = functools.partial(PostgresUnitOfWork, self.engine)
        objects, extractor, analyzer = InMemoryObjects(), SandboxedExtractor(), SnowballAnalyzer()
        self.add = AddDocument(
            unit_of_work=self.unit_of_work, objects=objects, extractor=extractor, new_id=new_id, clock=system_clock
        )
        ingest = IngestDocument(
            unit_of_work=self.unit_of_work,
            objects=objects,
            extractor=extractor,
            analyzer=analyzer,
            events=InMemoryEvents(),
            clock=system_clock,
            everyday=english_wording(analyzer.terms).everyday,
        )
        self.run = RunNextJob(
            unit_of_work=self.unit_of_work, clock=system_clock, handlers={JobKind.INGEST_DOCUMENT: ingest}
        )

    def read(self, path: Path) -> tuple[float, Document]:
        """The seconds of the job that reads a book for a new student, and the book."""
        owner = add_user(self.unit_of_work)
        with path.open("rb") as content:
            added = self.add(owner=owner, filename=path.name, content=content)
        began = time.perf_counter()
        self.run(job_id=added.job_id)
        seconds = time.perf_counter() - began
        return seconds, GetDocument(unit_of_work=self.unit_of_work)(owner=owner, document_id=added.document.id)


def bare_seconds(path: Path) -> float:
    began = time.perf_counter()
    bare(path)
    return time.perf_counter() - began


def report(shelf: Shelf, path: Path) -> None:
    """Print the row of one book."""
    _, document = shelf.read(path)
    assert document.page_count == bare(path), document
    pairs = [(bare_seconds(path), shelf.read(path)[0]) for _ in range(ROUNDS)]
    ratios = sorted(own / plain for plain, own in pairs)
    plain, own = (statistics.median(side) for side in zip(*pairs, strict=True))
    measured = statistics.median(ratios)
    print(
        f"P8 {path.name}, {document.page_count} pages, {document.chunk_count} chunks, read and stored: goal <= {GOAL}x "
        f"of a bare pypdfium2 loop, measured {measured:.2f}x (middle half {ratios[ROUNDS // 4]:.2f} to "
        f"{ratios[-1 - ROUNDS // 4]:.2f} over {ROUNDS} rounds), ours {own * 1e3:.0f} ms, bare {plain * 1e3:.0f} ms, "
        f"{'met' if measured <= GOAL else 'MISSED'}"
    )


def main(arguments: list[str]) -> None:
    files = [Path(argument) for argument in arguments] or [BOOKS / name for name in DEFAULT if (BOOKS / name).exists()]
    if not files:
        print(f"P8 skipped: no PDF given and {BOOKS} is missing")
        return
    with database() as (engine, _):
        shelf = Shelf(engine)
        for path in files:
            report(shelf, path)


if __name__ == "__main__":
    main(sys.argv[1:])
