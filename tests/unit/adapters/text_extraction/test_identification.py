from __future__ import annotations

from pathlib import Path

import pytest

from studyteddy.adapters.text_extraction.identification import identify
from studyteddy.domain.documents import MediaType
from studyteddy.domain.errors import UnsupportedType
from studyteddy.testing.sample_documents import archive, docx, epub, paragraph, pdf, pptx, shape

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"
PDF = pdf([["x"]])
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_every_fixture_is_what_its_name_says(path: Path) -> None:
    kinds = {".md": MediaType.MARKDOWN, ".txt": MediaType.TEXT}
    kind = kinds.get(path.suffix) or MediaType[path.suffix[1:].upper()]
    assert identify(path.name, path.read_bytes()[:8192]) is kind


@pytest.mark.parametrize(
    ("filename", "head", "kind"),
    [
        ("a.PDF", PDF, MediaType.PDF),
        ("a.b.pdf", b"\xef\xbb\xbfjunk before\n" + PDF, MediaType.PDF),
        ("a.pdf", b"\0" * 1000 + PDF, MediaType.PDF),
        ("a.docx", OLE, MediaType.DOCX),
        ("a.pptx", b"PK\x03\x04" + bytes(100), MediaType.PPTX),
        ("a.epub", archive({"META-INF/container.xml": "x"}), MediaType.EPUB),
        ("a.htm", b"<p>fragment", MediaType.HTML),
        ("a.xhtml", b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://x">', MediaType.HTML),
        ("a.html", "<html><body>".encode("utf-16"), MediaType.HTML),
        ("a.html", "<html><body>".encode("utf-16-le"), MediaType.HTML),
        ("a.markdown", b"<div align=center>", MediaType.MARKDOWN),
        ("a.text", "Grüße".encode("latin-1"), MediaType.TEXT),
        ("a.txt", "Привет, мир! Раз, два, три.".encode("utf-16-be"), MediaType.TEXT),
        ("a.txt", b"MZ is a ribosome inhibitor, GIF89a a format, BZ a tribe.", MediaType.TEXT),
        ("a.txt", "abc".encode("utf-32"), MediaType.TEXT),
        ("päper 📄.txt", b"x", MediaType.TEXT),
    ],
)
def test_name_and_content_that_agree_are_accepted(filename: str, head: bytes, kind: MediaType) -> None:
    assert identify(filename, head[:8192]) is kind


@pytest.mark.parametrize(
    ("filename", "head"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>\n" + PDF),
        ("a.pdf", b"\0" * 1024 + PDF),
        ("a.pdf", b"MZ\x90\x00" + bytes(500)),
        ("a.pdf", PNG + PDF),
        ("a.pdf", docx(paragraph("x"))),
        ("a.docx", pptx([shape("x")])),
        ("a.docx", epub([("a", "<p>b</p>")])),
        ("a.docx", archive({"xl/workbook.xml": "x"})),
        ("a.epub", archive({"mimetype": "application/vnd.oasis.opendocument.text"})),
        ("a.docx", PDF),
        ("a.docx", b"plain text"),
        ("a.html", b"plain text, no tag: 1 < 2"),
        ("a.html", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">'),
        ("a.html", b'<?xml version="1.0"?><!DOCTYPE rss><rss version="2">'),
        ("a.html", PDF),
        ("a.txt", PDF),
        ("a.txt", PNG),
        ("a.txt", bytes(range(256)) * 8),
        ("a.txt", b"\x1f\x8b\x08" + bytes(50)),
        ("a.txt", OLE),
        ("a.md", archive({"a": "b"})),
        ("a.txt", rb"{\rtf1\ansi Text}"),
        ("a.pdf", b""),
    ],
)
def test_name_and_content_that_contradict_each_other_are_refused(filename: str, head: bytes) -> None:
    with pytest.raises(UnsupportedType) as refused:
        identify(filename, head[:8192])
    assert refused.value.code == "type_mismatch"


@pytest.mark.parametrize(
    ("filename", "advice"),
    [
        ("essay.doc", "Save it as DOCX or PDF."),
        ("talk.ppt", "Save it as PPTX or PDF."),
        ("essay.odt", "Save it as DOCX or PDF."),
        ("essay.rtf", "Save it as DOCX or PDF."),
        ("all.zip", "Unpack it and upload what is in it."),
        ("notes.txt.gz", "Unpack it and upload what is in it."),
        ("drawing.svg", "Save it as PDF."),
        ("data.xml", "Save it as HTML or PDF."),
        ("scan.PNG", "upload a PDF with a text layer."),
        ("virus.exe", "Upload one of these: PDF, DOCX,"),
        ("README", "files without an extension"),
        ("..", "files without an extension"),
    ],
)
def test_what_is_not_read_is_refused_with_advice(filename: str, advice: str) -> None:
    with pytest.raises(UnsupportedType) as refused:
        identify(filename, b"anything")
    assert refused.value.code == "unsupported_type"
    assert advice in refused.value.message


def test_an_empty_file_is_told_as_such() -> None:
    with pytest.raises(UnsupportedType, match="empty"):
        identify("a.pdf", b"")
