"""Real study documents and hostile files over HTTP, where the collection lies beside the checkout. ``-s`` shows the
figures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pypdfium2
import pytest
from pptx import Presentation

from e2e.server import Answered, OpenServer, Person, Server

COLLECTION = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.skipif(not COLLECTION.is_dir(), reason="the collection of real documents is not beside the checkout"),
    pytest.mark.slow,
]

MEGABYTE = 1 << 20
LONGEST_SECONDS = 20.0
MOST_MEMORY = 400 * MEGABYTE
HOSTILE_SECONDS = 120.0
HOSTILE_GROWTH = 50 * MEGABYTE

PAGES = {
    "chrupala-logistic-regression.pdf": 32,
    "chrupala-neural-nets.pdf": 35,
    "chrupala-perceptron.pdf": 51,
    "csci1301-datatypes.pptx": 21,
    "csci1301-objects-intro.pptx": 19,
    "csci1301-programming-intro.pdf": 22,
    "csci1301-programming-intro.pptx": 22,
    "erickson-02-backtracking.pdf": 26,
    "erickson-04-greedy.pdf": 28,
    "erickson-08-sssp.pdf": 36,
    "geotopo-de.pdf": 117,
    "haystack-sample.pptx": 2,
    "khoj-multipage.pdf": 6,
    "lessig-freeculture.pdf": 352,
    "thinkpython-glossary-by-chapter.pdf": 15,
    "thinkpython2.pdf": 288,
}
"""Pages and slides. What has neither is counted in headed parts or chapters, below."""
PARTS = {
    "csci1301-glossary.md": 1,
    "csci1301-oo-intro.md": 14,
    "csci1301-while.md": 19,
    "haystack-sample-docx1.docx": 1,
    "khoj-iceland.docx": 1,
    "sicp-1.1.xhtml": 13,
    "sicp.epub": 40,
    "thinkpython-glossary-by-chapter.docx": 21,
}

# Each code that hostile files end with, and the status of the upload where they get no further.
CODES: dict[str, tuple[int, tuple[str, ...]]] = {
    "unsupported_type": (
        415,
        (
            "made-gz-bomb-500MB.txt.gz",
            "made-nested-zip-100GB.zip",
            "made-svg-script.svg",
            "made-zip-many-files.zip",
            "tika-quine.gz",
            "tika-testControlCharacters.doc",
            "tika-testODTEncrypted.odt",
            "tika-testODTnotaZipFile.odt",
            "tika-testRTFJapanese.rtf",
            "tika-testXXE.xml",
            "tika-testZIP_corrupted_oom.zip",
            "tika-testZipEncrypted.zip",
        ),
    ),
    "type_mismatch": (415, ("made-not-a-pdf.pdf", "made-polyglot-html.pdf")),
    "empty_file": (422, ("made-empty.pdf",)),
    "encrypted": (
        202,
        (
            "pypdf-password-openpassword.pdf",
            "tika-testPPT_protected_passtika.pptx",
            "tika-testUnicodePassword.pdf",
            "tika-testWORD_protected_passtika.docx",
        ),
    ),
    "no_text_layer": (
        202,
        ("haystack-non_text_searchable.pdf", "made-pdf-pagetree-loop.pdf", "tika-testOCR.pdf"),
    ),
    "expands_too_much": (
        202,
        (
            "made-docx-billion-laughs.docx",
            "made-docx-bomb-200MB.docx",
            "made-pdf-double-flate-bomb.pdf",
            "made-pdf-flate-bomb-300MB.pdf",
            "made-zip-lying-size.docx",
        ),
    ),
    "too_many_pages": (202, ("made-pdf-100k-pages.pdf",)),
    "corrupt": (
        202,
        (
            "made-docx-xxe-file.docx",
            "made-docx-xxe-http.docx",
            "pypdf-unreadablemetadata.pdf",
            "tika-testWORD_truncated.docx",
        ),
    ),
}
EXPECTED = {name: (status, code) for code, (status, names) in CODES.items() for name in names}
READY = (202, "ready")


@pytest.fixture
def server(tmp_path: Path, open_server: OpenServer) -> Iterator[Server]:
    with open_server(tmp_path / "home") as server:
        yield server


def files(folder: str) -> list[Path]:
    return sorted(path for path in (COLLECTION / folder).iterdir() if path.is_file())


class Peak:
    """The most memory that the server takes while a ``with`` block runs, looked at a hundred times a second."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.start = self.most = server.memory()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def growth(self) -> int:
        return self.most - self.start

    def _look(self) -> None:
        while not self._done.wait(0.01):
            self.most = max(self.most, self.server.memory())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self.most = max(self.most, self.server.memory())


def outcome(person: Person, answer: Answered, seconds: float) -> tuple[str, Any]:
    """The code that a file ends with, and its document if there is one."""
    if answer.status != 202:
        return answer.code, None
    document = person.settled(answer.json["document"]["id"], seconds=seconds)
    return document["error"] or document["status"], document


def test_the_expected_pages_are_those_that_other_programs_count() -> None:
    for name, pages in PAGES.items():
        path = COLLECTION / "documents" / name
        if path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                assert len(pdf) == pages, name
        else:
            assert len(Presentation(str(path)).slides) == pages, name


def test_every_real_document_is_ready_in_time_with_its_pages_and_within_memory(server: Server) -> None:
    ada = server.person()
    print(f"\n{'file':<40} {'pages':>5} {'chunks':>6} {'seconds':>8} {'server MB':>10}")
    slowest = 0.0
    for path in files("documents"):
        began = time.monotonic()
        code, document = outcome(ada, ada.upload(path.name, path.read_bytes()), LONGEST_SECONDS * 3)
        seconds = time.monotonic() - began
        assert code == "ready", (path.name, code)
        memory = server.memory() / MEGABYTE
        print(
            f"{path.name:<40} {document['page_count']:>5} {document['chunk_count']:>6} {seconds:>8.2f} {memory:>10.0f}"
        )
        assert document["page_count"] == {**PAGES, **PARTS}[path.name], path.name
        last = ada.ok("GET", f"/documents/{document['id']}/pages/{document['page_count']}")
        assert last["number"] == document["page_count"]
        slowest = max(slowest, seconds)
    print(f"{len(PAGES | PARTS)} documents, the slowest in {slowest:.1f} s, server {server.memory() / MEGABYTE:.0f} MB")
    assert len(ada.everything("/documents")) == len(PAGES | PARTS)
    assert slowest < LONGEST_SECONDS
    assert server.memory() < MOST_MEMORY


def test_no_hostile_file_harms_the_server(server: Server) -> None:
    ada = server.person()
    settle(ada, 0)
    before = server.memory()
    wrong = []
    print(f"\n{'file':<58} {'status':>6} {'outcome':<17} {'seconds':>8} {'peak MB':>10}")
    for number, path in enumerate(files("hostile"), 1):
        began = time.monotonic()
        with Peak(server) as peak:
            answer = ada.upload(path.name, path.read_bytes())
            code, _ = outcome(ada, answer, HOSTILE_SECONDS)
        seconds = time.monotonic() - began
        print(f"{path.name:<58} {answer.status:>6} {code:<17} {seconds:>8.2f} {peak.growth / MEGABYTE:>10.1f}")
        if (answer.status, code) != EXPECTED.get(path.name, READY):
            wrong.append((path.name, answer.status, code))
        assert seconds < HOSTILE_SECONDS, path.name
        assert peak.growth < HOSTILE_GROWTH, path.name
        assert ada.get("/health/live").status == 200
        settle(ada, number)
    total = server.memory() - before
    print(f"in all: {total / MEGABYTE:.1f} MB more, {server.memory() / MEGABYTE:.0f} MB")
    assert wrong == []
    assert total < HOSTILE_GROWTH
    assert "crashed" not in server.log()
    assert server.readers() == []


def settle(ada: Person, number: int) -> None:
    """A good document is read after each bad one."""
    text = f"Note {number}: glaciers carve valleys.".encode()
    ada.ready(ada.upload(f"note{number}.txt", text).json["document"]["id"])
