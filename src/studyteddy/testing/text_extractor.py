"""What every text extractor has to do."""

from __future__ import annotations

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from studyteddy.application.ports.text_extractor import Extraction, ExtractionFailed, TextExtractor
from studyteddy.domain.documents import FailureReason, LocatorUnit, MediaType, Section
from studyteddy.domain.errors import UnsupportedType
from studyteddy.testing import sample_documents as samples

EBB = "The moon pulls the sea towards it, and the water on the near side rises."
FLOW = "Six hours later the same place has turned away and the water falls."


@dataclass(frozen=True, slots=True)
class Sample:
    """A document and what reading it must give: its unit, and for each section a text that it holds."""

    filename: str
    content: bytes
    unit: LocatorUnit
    texts: tuple[str, ...]


SAMPLES = {
    MediaType.PDF: Sample("tides.pdf", samples.pdf([[EBB], [], [FLOW]]), LocatorUnit.PAGE, (EBB, "", FLOW)),
    MediaType.DOCX: Sample(
        "tides.docx",
        samples.docx(
            samples.paragraph("Flood", "berschrift1")
            + samples.paragraph(EBB)
            + samples.paragraph("Ebb", "berschrift1")
            + samples.paragraph(FLOW),
            {"styles.xml": samples.STYLES},
        ),
        LocatorUnit.HEADING,
        (EBB, FLOW),
    ),
    MediaType.PPTX: Sample(
        "tides.pptx",
        samples.pptx([samples.shape("Flood", "title") + samples.shape(EBB), samples.shape(FLOW)]),
        LocatorUnit.SLIDE,
        (EBB, FLOW),
    ),
    MediaType.EPUB: Sample(
        "tides.epub",
        samples.epub([("Flood", f"<h1>Flood</h1><p>{EBB}</p>"), ("Ebb", f"<h1>Ebb</h1><p>{FLOW}</p>")]),
        LocatorUnit.SECTION,
        (EBB, FLOW),
    ),
    MediaType.HTML: Sample(
        "tides.html",
        f"<html><body><h1>Flood</h1><p>{EBB}</p><h1>Ebb</h1><p>{FLOW}</p></body></html>".encode(),
        LocatorUnit.HEADING,
        (EBB, FLOW),
    ),
    MediaType.MARKDOWN: Sample(
        "tides.md", f"# Flood\n\n{EBB}\n\n# Ebb\n\n{FLOW}\n".encode(), LocatorUnit.HEADING, (EBB, FLOW)
    ),
    MediaType.TEXT: Sample("tides.txt", f"{EBB}\n\n{FLOW}\n".encode(), LocatorUnit.SECTION, (f"{EBB}\n\n{FLOW}",)),
}


class PlainTextExtractorContract:
    """What reading plain text and Markdown alone needs. Subclass it and give the fixture ``extractor``."""

    @pytest.fixture
    def extractor(self) -> TextExtractor:
        raise NotImplementedError

    @pytest.fixture(params=[MediaType.MARKDOWN, MediaType.TEXT], ids=lambda kind: kind.name.lower())
    def kind(self, request: pytest.FixtureRequest) -> MediaType:
        kind: MediaType = request.param
        return kind

    def test_every_kind_is_read_into_its_sections(self, extractor: TextExtractor, kind: MediaType) -> None:
        sample = SAMPLES[kind]
        sections = read(extractor, sample.content, kind)
        assert [section.unit for section in sections] == [sample.unit] * len(sample.texts)
        for section, text in zip(sections, sample.texts, strict=True):
            assert text in section.text
            assert bool(section.text) == bool(text)

    def test_sections_are_numbered_from_one_and_as_many_as_announced(
        self, extractor: TextExtractor, kind: MediaType
    ) -> None:
        extraction = extract(extractor, SAMPLES[kind].content, kind)
        numbers = [section.number for section in extraction.sections]
        assert numbers == list(range(1, extraction.section_count + 1))
        assert list(extraction.sections) == []

    def test_the_same_bytes_give_the_same_sections(self, extractor: TextExtractor, kind: MediaType) -> None:
        content = SAMPLES[kind].content
        assert read(extractor, content, kind) == read(extractor, content, kind)

    def test_name_and_content_tell_the_kind(self, extractor: TextExtractor, kind: MediaType) -> None:
        sample = SAMPLES[kind]
        assert extractor.identify(sample.filename, sample.content[:8192]) is kind
        assert extractor.identify(f"C:\\notes\\{sample.filename.upper()}", sample.content[:8192]) is kind

    @pytest.mark.parametrize("filename", ["a.exe", "a.zip", "a.doc", "a", "", "pdf", ".pdf/", "a.pdf.gz"])
    def test_a_kind_that_is_not_read_is_refused(self, extractor: TextExtractor, filename: str) -> None:
        with pytest.raises(UnsupportedType) as refusal:
            extractor.identify(filename, b"MZ\x90\x00 anything")
        assert refusal.value.code == "unsupported_type"

    def test_an_empty_file_is_refused(self, extractor: TextExtractor, kind: MediaType) -> None:
        with pytest.raises(UnsupportedType):
            extractor.identify(SAMPLES[kind].filename, b"")

    def test_text_is_clean(self, extractor: TextExtractor) -> None:
        source = "Ebbe\x00 und\r\nFlut\r\rCafe\u0301 \x07\ud800 end".encode("utf-8", "surrogatepass")
        text = read(extractor, source, MediaType.TEXT)[0].text
        assert text == "Ebbe und\nFlut\n\nCafé  end"
        assert unicodedata.is_normalized("NFC", text)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_every_form_of_unicode_is_read(self, extractor: TextExtractor, encoding: str) -> None:
        text = "Ебб и прилив сменяют друг друга каждые шесть часов.\n\nSo läuft das Meer."
        assert read(extractor, text.encode(encoding), MediaType.TEXT)[0].text == text

    def test_a_file_without_any_text_says_so(self, extractor: TextExtractor) -> None:
        assert failure(extractor, b" \n\n\t\n", MediaType.TEXT) is FailureReason.NO_TEXT_LAYER

    def test_headings_become_a_path(self, extractor: TextExtractor) -> None:
        content = f"# Sea\n\n## Tides\n\n{EBB}\n\n## Waves\n\n{FLOW}".encode()
        labels = [section.label for section in read(extractor, content, MediaType.MARKDOWN)]
        assert labels == ["Sea > Tides", "Sea > Waves"]

    def test_threads_may_share_an_extractor(self, extractor: TextExtractor, kind: MediaType) -> None:
        sample = SAMPLES[kind]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda _: read(extractor, sample.content, kind), range(8)))
        assert all(result == results[0] for result in results)

    def test_an_extraction_may_be_forgotten_half_way(self, extractor: TextExtractor) -> None:
        content = "\n\n".join(f"# Tide {number}\n\n{EBB}" for number in range(50)).encode()
        sections = extract(extractor, content, MediaType.MARKDOWN).sections
        assert EBB in next(sections).text
        del sections
        assert read(extractor, SAMPLES[MediaType.TEXT].content, MediaType.TEXT)


class TextExtractorContract(PlainTextExtractorContract):
    """What reading every kind of document needs. Subclass it and give the fixture ``extractor``."""

    @pytest.fixture(params=list(MediaType), ids=lambda kind: kind.name.lower())
    def kind(self, request: pytest.FixtureRequest) -> MediaType:
        kind: MediaType = request.param
        return kind

    @pytest.mark.parametrize(
        ("filename", "kind"),
        [("a.pdf", MediaType.DOCX), ("a.docx", MediaType.PDF), ("a.epub", MediaType.TEXT), ("a.txt", MediaType.PPTX)],
    )
    def test_a_name_that_contradicts_the_content_is_refused(
        self, extractor: TextExtractor, filename: str, kind: MediaType
    ) -> None:
        with pytest.raises(UnsupportedType) as refusal:
            extractor.identify(filename, SAMPLES[kind].content[:8192])
        assert refusal.value.code == "type_mismatch"

    def test_paragraphs_stand_apart_by_a_blank_line(self, extractor: TextExtractor) -> None:
        content = f"<p>{EBB}</p><p>{FLOW}</p>".encode()
        assert read(extractor, content, MediaType.HTML)[0].text == f"{EBB}\n\n{FLOW}"

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_unicode_without_a_mark_is_told_by_its_zeros(self, extractor: TextExtractor, encoding: str) -> None:
        text = "Ебб и прилив сменяют друг друга каждые шесть часов.\n\nSo läuft das Meer."
        assert read(extractor, text.encode(encoding), MediaType.TEXT)[0].text == text

    def test_a_pdf_without_any_text_says_so(self, extractor: TextExtractor) -> None:
        assert failure(extractor, samples.pdf([[], []]), MediaType.PDF) is FailureReason.NO_TEXT_LAYER

    @pytest.mark.parametrize("kind", [MediaType.PDF, MediaType.DOCX, MediaType.PPTX, MediaType.EPUB])
    def test_damage_is_told_and_harms_nothing_else(self, extractor: TextExtractor, kind: MediaType) -> None:
        sample = SAMPLES[kind]
        assert failure(extractor, sample.content[:100], kind) is FailureReason.CORRUPT
        assert failure(extractor, b"", kind) is FailureReason.CORRUPT
        assert read(extractor, sample.content, kind)

    def test_a_package_of_another_kind_is_told(self, extractor: TextExtractor) -> None:
        content = SAMPLES[MediaType.PPTX].content
        assert failure(extractor, content, MediaType.DOCX) is FailureReason.TYPE_MISMATCH
        assert failure(extractor, content, MediaType.EPUB) is FailureReason.TYPE_MISMATCH

    def test_several_documents_can_be_read_at_the_same_time(self, extractor: TextExtractor) -> None:
        extractions = [extract(extractor, SAMPLES[kind].content, kind) for kind in MediaType]
        texts = ["\n".join(section.text for section in extraction.sections) for extraction in reversed(extractions)]
        assert all(EBB in text and FLOW in text for text in texts)


def extract(extractor: TextExtractor, content: bytes, kind: MediaType) -> Extraction:
    """The extraction of a document in memory."""
    return extractor.extract(io.BytesIO(content), kind)


def read(extractor: TextExtractor, content: bytes, kind: MediaType) -> list[Section]:
    """All sections of a document in memory."""
    return list(extract(extractor, content, kind).sections)


def failure(extractor: TextExtractor, content: bytes, kind: MediaType) -> FailureReason:
    """Why a document can't be read."""
    with pytest.raises(ExtractionFailed) as failed:
        read(extractor, content, kind)
    return failed.value.reason
