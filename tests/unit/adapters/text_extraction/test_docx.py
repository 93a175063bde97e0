from __future__ import annotations

from pathlib import Path

import pytest

from studyteddy.adapters.text_extraction.reading import Unreadable
from studyteddy.testing.sample_documents import STYLES, archive, docx, paragraph, pptx, shape
from unit.adapters.text_extraction.reading_of import read, reason, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"
WITH_STYLES = {"styles.xml": STYLES}


def bold(text: str) -> str:
    return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_a_document_of_word_is_read_in_its_order() -> None:
    title, unit, sections = read("docx", (FOLDER / "sourdough.docx").read_bytes())
    assert (title, unit) == ("Notes on sourdough", "heading")
    assert [label for label, _ in sections] == ["Flour and water", "Feeding > By the clock"]
    assert "\n\n- Keep it in a glass.\n- Never close the lid." in sections[0][1]
    assert "Day | Flour | Water\n1 | 50 g | 50 g\n2 | 100 g | 100 g\n\nBake the loaf" in sections[1][1]


def test_headings_are_known_by_name_ancestor_and_outline_level() -> None:
    outline = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Third</w:t></w:r></w:p>'
    body = paragraph("First", "berschrift1") + paragraph("a") + paragraph("Second", "Own") + paragraph("b")
    _, _, sections = read("docx", docx(body + outline + paragraph("c"), WITH_STYLES))
    assert [label for label, _ in sections] == ["First", "Second", "Second > Third"]


def test_the_title_may_be_a_paragraph() -> None:
    title, unit, _ = read("docx", docx(paragraph("Tides", "Title") + paragraph("text"), WITH_STYLES))
    assert (title, unit) == ("Tides", "section")


def test_bold_lines_are_headings_where_there_are_no_others() -> None:
    filler = paragraph("text") * 6
    _, unit, sections = read("docx", docx(bold("Ebb") + filler + bold("Flood") + filler))
    assert (unit, [label for label, _ in sections]) == ("heading", ["Ebb", "Flood"])


def test_bold_lines_are_text_where_they_are_the_rule_or_headings_exist() -> None:
    assert read("docx", docx(bold("Ebb") * 3 + paragraph("text")))[1] == "section"
    body = paragraph("Sea", "berschrift1") + bold("Ebb") + bold("Flood") + paragraph("text") * 9
    assert [label for label, _ in read("docx", docx(body, WITH_STYLES))[2]] == ["Sea"]


def test_what_is_read_is_what_a_reader_sees() -> None:
    body = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:ins><w:r><w:t> inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> deleted</w:delText></w:r></w:del>"
        "<w:r><w:instrText> INCLUDETEXT http://127.0.0.1:9/ </w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>tab</w:t></w:r>"
        "<w:r><w:noBreakHyphen/></w:r><w:r><w:t>hyphen</w:t><w:br/><w:t>line</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>toukyou</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r></w:p><w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert texts("docx", docx(body)) == ["kept inserted link tab-hyphen\nline東京\n\nin a control"]


def test_text_boxes_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
    body = (
        '<w:p xmlns:mc="urn:mc"><w:r><w:t>beside</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>'
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts("docx", docx(body)) == ["beside\n\nin a box"]


def test_footnotes_follow_the_paragraph_that_refers_to_them() -> None:
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>-----</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Newton knew it.")}</w:footnote></w:footnotes>'
    )
    body = '<w:p><w:r><w:t>Tides.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph("Next.")
    assert texts("docx", docx(body, {"footnotes.xml": notes})) == ["Tides.\n\nNewton knew it.\n\nNext."]


def test_tables_keep_their_rows_and_lose_empty_ones() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = f"<w:tbl>{row('a', 'b')}{row('', '')}{row('c', '')}</w:tbl>"
    content = docx(paragraph("before") + table + paragraph("after"))
    assert texts("docx", content) == ["before\n\na | b\nc |\n\nafter"]


def test_entities_are_refused() -> None:
    content = docx(paragraph("x"))
    assert texts("docx", content) == ["x"]
    root = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    assert reason("docx", archive({"_rels/.rels": relationships, "word/document.xml": root})) == "corrupt"


def test_elements_nested_without_end_are_no_crash() -> None:
    deep = "<w:ins>" * 50_000 + "</w:ins>" * 50_000
    with pytest.raises((RecursionError, Unreadable)):
        texts("docx", docx(f"<w:p>{deep}</w:p>{paragraph('x')}"))


def test_other_packages_and_empty_documents_are_told() -> None:
    assert reason("docx", pptx([shape("x")])) == "type_mismatch"
    assert reason("docx", archive({"a.txt": "x"})) == "type_mismatch"
    assert reason("docx", docx("")) == "no_text_layer"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    assert reason("docx", ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert reason("docx", ole + "WordDocument".encode("utf-16-le")) == "type_mismatch"
