"""Every hostile file ends with the right reason or the right text, in bounded time and memory, and phones nobody."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import psutil
import pytest

from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.application.ports.text_extractor import ExtractionFailed
from studyteddy.domain.documents import MediaType
from studyteddy.domain.errors import UnsupportedType

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "hostile"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the hostile files are not here ({FOLDER.name})")

SECONDS = 120
GROWTH = 50 << 20
REFERRED_PORT = 9
"""Where the external references in the files point to."""

READY = "ready"
OUTCOMES = {
    "anythingllm-README.fa-IR.md": READY,
    "deeptutor-README_AR.md": READY,
    "deeptutor-README_CN.md": READY,
    "deeptutor-README_JA.md": READY,
    "deeptutor-README_TH.md": READY,
    "haystack-non_text_searchable.pdf": "no_text_layer",
    "made-cp1256-arabic.txt": READY,
    "made-deep-nesting.md": READY,
    "made-docx-billion-laughs.docx": "expands_too_much",
    "made-docx-bomb-200MB.docx": "expands_too_much",
    "made-docx-injection.docx": READY,
    "made-docx-xxe-file.docx": "corrupt",
    "made-docx-xxe-http.docx": "corrupt",
    "made-docx-zip-slip.docx": READY,
    "made-empty.pdf": "type_mismatch",
    "made-eucjp.txt": READY,
    "made-gb18030.txt": READY,
    "made-gz-bomb-500MB.txt.gz": "unsupported_type",
    "made-nested-zip-100GB.zip": "unsupported_type",
    "made-not-a-pdf.pdf": "type_mismatch",
    "made-nul-and-surrogates.txt": READY,
    "made-one-line-5MB.md": READY,
    "made-pdf-100k-pages.pdf": "too_many_pages",
    "made-pdf-double-flate-bomb.pdf": "expands_too_much",
    "made-pdf-flate-bomb-300MB.pdf": "expands_too_much",
    "made-pdf-hidden-injection.pdf": READY,
    "made-pdf-huge-mediabox.pdf": READY,
    "made-pdf-javascript.pdf": READY,
    "made-pdf-pagetree-loop.pdf": "no_text_layer",
    "made-polyglot-html.pdf": "type_mismatch",
    "made-shiftjis.txt": READY,
    "made-svg-script.svg": "unsupported_type",
    "made-utf16be-bom-arabic.txt": READY,
    "made-utf16le-nobom-arabic.txt": READY,
    "made-zip-lying-size.docx": "expands_too_much",
    "made-zip-many-files.zip": "unsupported_type",
    "pypdf-habibi-arabic.pdf": READY,
    "pypdf-multicolumn.pdf": READY,
    "pypdf-password-openpassword.pdf": "encrypted",
    "pypdf-unreadablemetadata.pdf": "corrupt",
    "pypdf-with-attachment.pdf": READY,
    "tika-multi-language.txt": READY,
    "tika-quine.gz": "unsupported_type",
    "tika-testArabicMisleadingCharset.html": READY,
    "tika-testControlCharacters.doc": "unsupported_type",
    "tika-testEPUB.epub": READY,
    "tika-testExternalRefs.docx": READY,
    "tika-testHTMLBadScript.html": READY,
    "tika-testHTML_charset_utf16le.html": READY,
    "tika-testMARKDOWN.md": READY,
    "tika-testOCR.pdf": "no_text_layer",
    "tika-testODTEncrypted.odt": "unsupported_type",
    "tika-testODTnotaZipFile.odt": "unsupported_type",
    "tika-testOverlappingText.pdf": READY,
    "tika-testPDF_bad_page_303226.pdf": READY,
    "tika-testPDF_deeplyEmbeddedAttachments.pdf": READY,
    "tika-testPDF_no_extract_no_accessibility_owner_empty.pdf": READY,
    "tika-testPDF_protected.pdf": READY,
    "tika-testPDF_rotated.pdf": READY,
    "tika-testPPT_comment.pptx": READY,
    "tika-testPPT_protected_passtika.pptx": "encrypted",
    "tika-testPPT_various.pptx": READY,
    "tika-testRTFJapanese.rtf": "unsupported_type",
    "tika-testUnicodePassword.pdf": "encrypted",
    "tika-testWORD_docSecurity.docx": READY,
    "tika-testWORD_endnote_table.docx": READY,
    "tika-testWORD_numbered_list.docx": READY,
    "tika-testWORD_phonetic.docx": READY,
    "tika-testWORD_protected_passtika.docx": "encrypted",
    "tika-testWORD_truncated.docx": "corrupt",
    "tika-testXXE.xml": "unsupported_type",
    "tika-testZIP_corrupted_oom.zip": "unsupported_type",
    "tika-testZipEncrypted.zip": "unsupported_type",
    "tika-test_recursive_embedded.docx": READY,
}

HOLDS = {
    "made-docx-injection.docx": "Photosynthesis converts light to chemical energy.",
    "made-docx-zip-slip.docx": "zip slip",
    "made-nul-and-surrogates.txt": "line oneline two",
    "made-pdf-hidden-injection.pdf": "The mitochondrion is the powerhouse of the cell.",
    "pypdf-multicolumn.pdf": "Two-Column Document",
    "tika-multi-language.txt": "español ABC",
    "tika-testArabicMisleadingCharset.html": "اللغة العربية هي واحدة من أكثر اللغات انتشارا",
    "tika-testEPUB.epub": "This is the text for chapter One",
    "tika-testExternalRefs.docx": "Testing INCLUDEPICTURE: [Image placeholder]",
    "tika-testHTMLBadScript.html": "This is a test.",
    "tika-testHTML_charset_utf16le.html": "This is a sample text",
    "tika-testMARKDOWN.md": "Café naïve résumé",
    "tika-testPDF_no_extract_no_accessibility_owner_empty.pdf": "Hello World",
    "tika-testPPT_various.pptx": "Row 1 Col 1 | Row 1 Col 2 | Row 1 Col 3",
    "tika-testWORD_phonetic.docx": "東京",
}

# The originals that files in other encodings were made from, with the encoding that they went through.
ORIGINALS = {
    "made-cp1256-arabic.txt": ("deeptutor-README_AR.md", "cp1256"),
    "made-utf16be-bom-arabic.txt": ("deeptutor-README_AR.md", "utf-16-be"),
    "made-utf16le-nobom-arabic.txt": ("deeptutor-README_AR.md", "utf-16-le"),
    "made-eucjp.txt": ("deeptutor-README_JA.md", "euc_jp"),
    "made-shiftjis.txt": ("deeptutor-README_JA.md", "shift_jis"),
    "made-gb18030.txt": ("deeptutor-README_CN.md", "gb18030"),
}
ACCURACY = 0.99
COMPARED = 6_000


class Listener:
    """Counts who connects to a loopback port."""

    def __init__(self, port: int) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    try:
        opened = Listener(REFERRED_PORT)
    except PermissionError:  # ports below 1024 belong to the superuser; any other shows that nothing leaves at all
        opened = Listener(0)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def extractor() -> SandboxedExtractor:
    return SandboxedExtractor()


def outcome_of(extractor: SandboxedExtractor, path: Path) -> tuple[str, str]:
    """The code that the file ends with, and its text."""
    try:
        with path.open("rb") as content:
            kind = extractor.identify(path.name, content.read(8192))
            content.seek(0)
            extraction = extractor.extract(content, kind)
            return READY, "\n\n".join(section.text for section in extraction.sections)
    except UnsupportedType as refused:
        return refused.code, refused.message
    except ExtractionFailed as failed:
        return failed.reason.value, failed.detail


def test_the_table_knows_every_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_hostile_file_ends_as_it_should(name: str, extractor: SandboxedExtractor, listener: Listener) -> None:
    process = psutil.Process()
    children = set(process.children())
    before, began, visits = process.memory_info().rss, time.monotonic(), listener.visits
    code, text = outcome_of(extractor, FOLDER / name)
    growth, seconds = process.memory_info().rss - before, time.monotonic() - began
    print(f"\n{name:58} {code:17} {seconds:6.2f} s {growth / 1e6:6.1f} MB  {text[:50]!r}")
    assert code == OUTCOMES[name]
    assert seconds < SECONDS
    assert growth < GROWTH
    assert listener.visits == visits
    assert set(process.children()) <= children
    if code == READY:
        assert HOLDS.get(name, "") in text
        assert "\0" not in text
        assert "root:" not in text
        text.encode("utf-8")


@pytest.mark.parametrize("name", ["made-one-line-5MB.md", "made-deep-nesting.md"])
def test_huge_and_deep_text_takes_less_than_five_seconds(name: str, extractor: SandboxedExtractor) -> None:
    began = time.monotonic()
    outcome_of(extractor, FOLDER / name)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ORIGINALS)
def test_an_encoding_is_read_to_the_letter(name: str, extractor: SandboxedExtractor) -> None:
    original, encoding = ORIGINALS[name]
    source = (FOLDER / original).read_text(encoding="utf-8").encode(encoding, "ignore").decode(encoding)
    expected = "".join(source.split())[:COMPARED]
    found = "".join(outcome_of(extractor, FOLDER / name)[1].replace("?", "").split())[:COMPARED]
    blocks = SequenceMatcher(None, expected.replace("?", ""), found, autojunk=False).get_matching_blocks()
    accuracy = sum(block.size for block in blocks) / len(found)
    print(f"\n{name}: {accuracy:.4f} of the characters")
    assert accuracy >= ACCURACY


def test_a_good_document_is_read_after_all_of_them(extractor: SandboxedExtractor) -> None:
    assert outcome_of(extractor, FOLDER / "tika-testMARKDOWN.md")[0] == READY


def test_native_code_in_a_reader_reaches_no_neighbour() -> None:
    """Beyond the audit hook: the C library itself, where the kernel gives the child a network of its own."""
    if not own_network_possible():
        pytest.skip("the kernel lets this user have no network of its own")
    listener = Listener(0)
    readers = {MediaType.TEXT: "unit.adapters.text_extraction.misbehaving_reader"}
    deed = io.BytesIO(f"call_home {listener.port}".encode())
    extraction = SandboxedExtractor(readers=readers).extract(deed, MediaType.TEXT)
    assert next(extraction.sections).text == "unreachable"
    assert listener.visits == 0
    listener.close()


def own_network_possible() -> bool:
    code = "from studyteddy.adapters.text_extraction.confinement import leave_network; print(leave_network())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip() == "True"
