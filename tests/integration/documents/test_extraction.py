"""Real study material: every file is read, with the numbers that a reader of it sees, and text that can be quoted."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import psutil
import pytest

from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.domain.documents import LocatorUnit, Section

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "documents"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the study material is not here ({FOLDER.name})")

SECONDS = 20
GROWTH = 50 << 20

PAGES = {
    "chrupala-logistic-regression.pdf": (LocatorUnit.PAGE, 32),
    "chrupala-neural-nets.pdf": (LocatorUnit.PAGE, 35),
    "chrupala-perceptron.pdf": (LocatorUnit.PAGE, 51),
    "csci1301-datatypes.pptx": (LocatorUnit.SLIDE, 21),
    "csci1301-glossary.md": (LocatorUnit.SECTION, 1),
    "csci1301-objects-intro.pptx": (LocatorUnit.SLIDE, 19),
    "csci1301-oo-intro.md": (LocatorUnit.HEADING, 14),
    "csci1301-programming-intro.pdf": (LocatorUnit.PAGE, 22),
    "csci1301-programming-intro.pptx": (LocatorUnit.SLIDE, 22),
    "csci1301-while.md": (LocatorUnit.HEADING, 19),
    "erickson-02-backtracking.pdf": (LocatorUnit.PAGE, 26),
    "erickson-04-greedy.pdf": (LocatorUnit.PAGE, 28),
    "erickson-08-sssp.pdf": (LocatorUnit.PAGE, 36),
    "geotopo-de.pdf": (LocatorUnit.PAGE, 117),
    "haystack-sample-docx1.docx": (LocatorUnit.HEADING, 1),
    "haystack-sample.pptx": (LocatorUnit.SLIDE, 2),
    "khoj-iceland.docx": (LocatorUnit.SECTION, 1),
    "khoj-multipage.pdf": (LocatorUnit.PAGE, 6),
    "lessig-freeculture.pdf": (LocatorUnit.PAGE, 352),
    "sicp-1.1.xhtml": (LocatorUnit.HEADING, 13),
    "sicp.epub": (LocatorUnit.SECTION, 40),
    "thinkpython-glossary-by-chapter.docx": (LocatorUnit.HEADING, 21),
    "thinkpython-glossary-by-chapter.pdf": (LocatorUnit.PAGE, 15),
    "thinkpython2.pdf": (LocatorUnit.PAGE, 288),
}

# File, number of the section, what stands there: across line ends, hyphens and ligatures made whole.
QUOTES = [
    ("chrupala-perceptron.pdf", 1, "Perceptron"),
    ("csci1301-objects-intro.pptx", 4, "Accessor: method that allows other code to access attributes"),
    (
        "erickson-04-greedy.pdf",
        8,
        "In , as a PhD student at MIT, David Huffman developed the following greedy algorithm",
    ),
    ("geotopo-de.pdf", 21, "Nach Voraussetzung kann K mit endlich vielen offenen Kugeln von Radien 1 überdeckt werden"),
    ("khoj-multipage.pdf", 1, "it became too conspicuous and dangerous for use."),
    ("lessig-freeculture.pdf", 41, "the mechanism producing this laissez faire response is not clear."),
    ("sicp-1.1.xhtml", 1, "focus on the rules for building procedures."),
    ("sicp.epub", 10, "1.1.7 Example: Square Roots by Newton’s Method"),
    ("thinkpython-glossary-by-chapter.docx", 2, "portability: A property of a program that can run on more than one"),
    (
        "thinkpython2.pdf",
        41,
        "In the context of programming, a function is a named sequence of statements that performs a",
    ),
]


@pytest.fixture(scope="module")
def library() -> dict[str, list[Section]]:
    """The sections of the files that were read so far."""
    return {}


def sections_of(name: str, library: dict[str, list[Section]]) -> list[Section]:
    if name not in library:
        extractor, path = SandboxedExtractor(), FOLDER / name
        with path.open("rb") as content:
            kind = extractor.identify(name, content.read(8192))
            content.seek(0)
            extraction = extractor.extract(content, kind)
            library[name] = list(extraction.sections)
            assert len(library[name]) == extraction.section_count
    return library[name]


def test_the_table_knows_every_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_document_is_read_with_its_pages(name: str, library: dict[str, list[Section]]) -> None:
    process = psutil.Process()
    before, began = process.memory_info().rss, time.monotonic()
    sections = sections_of(name, library)
    growth, seconds = process.memory_info().rss - before, time.monotonic() - began
    characters = sum(len(section.text) for section in sections)
    print(f"\n{name:40} {len(sections):4} {sections[0].unit:8} {characters:8} {seconds:.2f} s {growth / 1e6:5.1f} MB")
    unit, count = PAGES[name]
    assert len(sections) == count
    assert [section.number for section in sections] == list(range(1, count + 1))
    assert {section.unit for section in sections} == {unit}
    assert seconds < SECONDS
    assert growth < GROWTH


@pytest.mark.parametrize("name", PAGES)
def test_text_is_clean(name: str, library: dict[str, list[Section]]) -> None:
    for section in sections_of(name, library):
        assert unicodedata.is_normalized("NFC", section.text)
        assert not any(character < " " and character not in "\n\t" for character in section.text)
        assert not set(section.text) & set("\x7f\xad\ufeff\ufffe\uffff\ufb00\ufb01\ufb02\ufb03\ufb04")
        assert section.text == section.text.strip()
        assert "\n\n\n" not in section.text


@pytest.mark.parametrize(("name", "number", "quote"), QUOTES)
def test_a_quote_stands_on_its_page(name: str, number: int, quote: str, library: dict[str, list[Section]]) -> None:
    assert quote in sections_of(name, library)[number - 1].text
