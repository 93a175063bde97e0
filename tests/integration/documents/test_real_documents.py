"""Real study documents, read through the real use cases into a real PostgreSQL."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa

from studyteddy.adapters.disk_objects import DiskObjects
from studyteddy.adapters.in_memory.events import InMemoryEvents
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.adapters.system_clock import new_id, system_clock
from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.application.documents.ingestion import IngestDocument
from studyteddy.application.documents.library import AddDocument, GetDocument, ReadPage
from studyteddy.application.jobs import RunNextJob
from studyteddy.application.ports.jobs import JobKind
from studyteddy.application.retrieval import SearchPassages
from studyteddy.domain.documents import Document, DocumentStatus
from studyteddy.domain.ids import UserId
from studyteddy.domain.retrieval.wording import english_wording
from studyteddy.testing.documents import add_user

LONGEST_SECONDS = 20.0

PAGES = {
    "chrupala-logistic-regression.pdf": 32,
    "chrupala-neural-nets.pdf": 35,
    "chrupala-perceptron.pdf": 51,
    "csci1301-datatypes.pptx": 21,
    "csci1301-glossary.md": 1,
    "csci1301-objects-intro.pptx": 19,
    "csci1301-oo-intro.md": 14,
    "csci1301-programming-intro.pdf": 22,
    "csci1301-programming-intro.pptx": 22,
    "csci1301-while.md": 19,
    "erickson-02-backtracking.pdf": 26,
    "erickson-04-greedy.pdf": 28,
    "erickson-08-sssp.pdf": 36,
    "geotopo-de.pdf": 117,
    "haystack-sample-docx1.docx": 1,
    "haystack-sample.pptx": 2,
    "khoj-iceland.docx": 1,
    "khoj-multipage.pdf": 6,
    "lessig-freeculture.pdf": 352,
    "sicp-1.1.xhtml": 13,
    "sicp.epub": 40,
    "thinkpython-glossary-by-chapter.docx": 21,
    "thinkpython-glossary-by-chapter.pdf": 15,
    "thinkpython2.pdf": 288,
}
"""Pages of PDFs, slides, chapters of books, headed parts of everything else."""


def _folder() -> Path | None:
    """The collection lies beside the checkout, where there is one."""
    found = Path(__file__).parents[4] / "shared" / "data" / "documents"
    return found if found.is_dir() else None


FOLDER = _folder()
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the collection of real documents is not beside the checkout")


@dataclass
class Shelf:
    """The use cases over one database, and what they have read."""

    engine: sa.Engine
    objects: DiskObjects

    def __post_init__(self) -> None:
        self.unit_of_work = functools.partial(PostgresUnitOfWork, self.engine)
        self.extractor = SandboxedExtractor()
        self.analyzer = SnowballAnalyzer()
        self.wording = english_wording(self.analyzer.terms)
        self.owner: UserId = add_user(self.unit_of_work)
        self.read: dict[str, Document] = {}
        self.events = InMemoryEvents()

    def take(self, path: Path) -> float:
        """Upload and read a file; the seconds that reading took."""
        add = AddDocument(
            unit_of_work=self.unit_of_work,
            objects=self.objects,
            extractor=self.extractor,
            new_id=new_id,
            clock=system_clock,
        )
        ingest = IngestDocument(
            unit_of_work=self.unit_of_work,
            objects=self.objects,
            extractor=self.extractor,
            analyzer=self.analyzer,
            events=self.events,
            clock=system_clock,
            everyday=self.wording.everyday,
        )
        run = RunNextJob(unit_of_work=self.unit_of_work, clock=system_clock, handlers={JobKind.INGEST_DOCUMENT: ingest})
        with path.open("rb") as content:
            added = add(owner=self.owner, filename=path.name, content=content)
        began = perf_counter()
        run(job_id=added.job_id)
        seconds = perf_counter() - began
        get = GetDocument(unit_of_work=self.unit_of_work)
        self.read[path.name] = get(owner=self.owner, document_id=added.document.id)
        return seconds


@pytest.fixture(scope="module")
def shelf(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    engine = open_engine(database_url)
    yield Shelf(engine, DiskObjects.open_directory(tmp_path_factory.mktemp("objects")))
    engine.dispose()


@pytest.fixture(scope="module")
def timings(shelf: Shelf) -> dict[str, float]:
    """Every document read once; the seconds that each took."""
    assert FOLDER is not None
    return {path.name: shelf.take(path) for path in sorted(FOLDER.iterdir())}


def test_the_collection_is_the_one_that_is_expected(timings: dict[str, float]) -> None:
    assert set(timings) == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_document_becomes_ready_with_its_pages_in_time(
    shelf: Shelf, timings: dict[str, float], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = shelf.read[name]
    with capsys.disabled():
        figures = f"{document.page_count:4} pages  {document.chunk_count:5} chunks  {timings[name]:6.2f} s"
        print(f"\n  {name:42} {document.status:6} {figures}", end="")
    assert (document.status, document.error) == (DocumentStatus.READY, None)
    assert document.page_count == PAGES[name]
    assert document.chunk_count > 0
    assert document.key_concepts
    assert timings[name] < LONGEST_SECONDS


def test_rows_of_each_document_agree_with_each_other(shelf: Shelf, timings: dict[str, float]) -> None:
    with shelf.engine.connect() as connection:
        for document in shelf.read.values():
            (sections, chunks, indexes, counted) = connection.execute(
                sa.text("""
                    select (select count(*) from document_sections where document_id = :id),
                        (select count(*) from chunks where document_id = :id),
                        (select count(distinct position) from chunks where document_id = :id),
                        (select indexed_chunks from documents where id = :id)
                """),
                {"id": document.id},
            ).one()
            assert (sections, chunks, indexes, counted) == (
                document.page_count,
                document.chunk_count,
                document.chunk_count,
                document.chunk_count,
            ), document.filename


def test_every_passage_stands_on_the_page_that_it_names(shelf: Shelf, timings: dict[str, float]) -> None:
    search = SearchPassages(unit_of_work=shelf.unit_of_work, analyzer=shelf.analyzer, wording=shelf.wording)
    read = ReadPage(unit_of_work=shelf.unit_of_work)
    checked = 0
    for query in ("binary search tree", "copyright law", "while loop", "topologischer Raum", "horse breed of Iceland"):
        for passage in search(owner=shelf.owner, query=query, limit=20).passages:
            at = passage.locator
            page = read(owner=shelf.owner, document_id=passage.document_id, number=at.number).section
            assert page.text[at.char_start : at.char_end] == passage.text
            assert (page.unit, page.label) == (at.unit, at.label)
            checked += 1
    assert checked >= 60
