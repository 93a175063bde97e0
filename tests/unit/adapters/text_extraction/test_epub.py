from __future__ import annotations

from pathlib import Path

from studyteddy.testing.sample_documents import archive, epub
from unit.adapters.text_extraction.reading_of import read, reason, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    '<EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
)


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    title, unit, sections = read("epub", (FOLDER / "sourdough.epub").read_bytes())
    assert (title, unit) == ("Notes on sourdough", "section")
    assert [label for label, _ in sections] == ["", "Flour", "Feeding"]
    assert sections[0][1] == ""
    assert sections[1][1].startswith("Flour and water\n\nA starter is nothing but")


def test_a_chapter_without_an_entry_is_labelled_with_its_heading() -> None:
    assert read("epub", epub([("", "<h2>Ebb</h2><p>text</p>")]))[2] == [("Ebb", "Ebb\n\ntext")]


def test_an_empty_title_element_does_not_swallow_the_page() -> None:
    assert texts("epub", epub([("", "<p>seen<a id='x'/> all</p><div/><p>of it</p>")])) == ["seen all\n\nof it"]


def test_copy_protection_is_encrypted_and_scrambled_fonts_are_not() -> None:
    chapters = [("One", "<p>text</p>")]
    locked = {"META-INF/encryption.xml": ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    fonts = {"META-INF/encryption.xml": ENCRYPTION.format("http://www.idpf.org/2008/embedding")}
    assert reason("epub", epub(chapters, more=locked)) == "encrypted"
    assert texts("epub", epub(chapters, more=fonts)) == ["text"]


def test_an_older_table_of_contents_is_read() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="one" href="text/one%20a.html" media-type="application/xhtml+xml"/></manifest>'
        '<spine toc="ncx"><itemref idref="one"/></spine></package>'
    )
    toc = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel>'
        '<text>The first</text></navLabel><content src="text/one%20a.html#start"/></navPoint></navMap></ncx>'
    )
    content = archive(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
            "book.opf": package,
            "toc.ncx": toc,
            "text/one a.html": "<p>text</p>",
        }
    )
    assert read("epub", content)[2] == [("The first", "text")]


def test_other_packages_missing_chapters_and_empty_books_are_told() -> None:
    assert reason("epub", archive({"a.txt": "x"})) == "type_mismatch"
    assert reason("epub", epub([("", "")])) == "no_text_layer"
    assert reason("epub", epub([("", "<p>x</p>")] * 101)) == "too_many_pages"
    container = {"META-INF/container.xml": '<c><rootfile full-path="missing.opf"/></c>'}
    assert reason("epub", archive(container)) == "corrupt"
