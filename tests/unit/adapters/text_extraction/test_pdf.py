from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from studyteddy.adapters.text_extraction.flate_bomb import LARGE, holds_bomb
from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable
from studyteddy.testing.sample_documents import pdf
from unit.adapters.text_extraction.reading_of import BOUNDS, read, reason, texts

FOLDER = Path(__file__).parents[3] / "fixtures" / "documents"


def fixture(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_pages_keep_their_numbers_and_a_page_without_text_stays_empty() -> None:
    title, unit, sections = read("pdf", fixture("sourdough.pdf"))
    assert (title, unit) == ("Notes on sourdough", "page")
    assert [bool(text) for _, text in sections] == [True, False, True]
    assert sections[2][1].startswith("2 Feeding")
    assert sections[2][1].endswith("In the fridge it can wait a week between two meals.")


def test_broken_words_and_lines_are_made_whole() -> None:
    page = texts("pdf", fixture("sourdough.pdf"))[0]
    assert "lactic acid bacteria keep each other in check." in page
    assert "Bakers speak of a well-fed starter when it floats on water.\n" in page
    assert page.endswith("• Keep it in a glass.\n• Never close the lid.")


def test_a_password_is_told_and_a_ban_on_printing_is_no_obstacle() -> None:
    assert reason("pdf", fixture("locked.pdf")) == "encrypted"
    assert texts("pdf", fixture("printing-forbidden.pdf")) == texts("pdf", fixture("sourdough.pdf"))


def test_drawings_alone_are_no_text() -> None:
    assert reason("pdf", fixture("drawing.pdf")) == "no_text_layer"


def test_leading_empty_pages_are_kept() -> None:
    assert texts("pdf", pdf([[], [], ["Here."], []])) == ["", "", "Here.", ""]


def test_more_pages_than_allowed_are_too_many() -> None:
    assert reason("pdf", pdf([["x"]] * 101), BOUNDS) == "too_many_pages"
    assert len(read("pdf", pdf([["x"]] * 101), Bounds(unpacked=1, entries=1, sections=101))[2]) == 101


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"nothing like it"])
def test_damage_is_corrupt(content: bytes) -> None:
    assert reason("pdf", content) == "corrupt"


def test_a_cut_file_is_either_read_or_corrupt() -> None:
    content = fixture("sourdough.pdf")
    for length in range(0, len(content), 97):
        with suppress(Unreadable):
            assert len(texts("pdf", content[:length])) in (2, 3)


def stream(data: bytes, dictionary: bytes) -> bytes:
    return b"5 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (dictionary, len(data), data)


def test_instructions_that_inflate_without_measure_are_a_bomb() -> None:
    inflated = b" " * (LARGE + 1)
    once = zlib.compress(inflated)
    assert holds_bomb(stream(once, b"/Filter/FlateDecode"))
    assert holds_bomb(stream(zlib.compress(once), b"/Filter[/FlateDecode/FlateDecode]"))


def test_a_large_white_picture_and_damage_are_no_bomb() -> None:
    white = zlib.compress(b" " * (LARGE + 1))
    assert not holds_bomb(stream(white, b"/Subtype/Image/Filter/FlateDecode"))
    assert not holds_bomb(stream(b"damaged", b"/Filter/FlateDecode"))
    assert not holds_bomb(fixture("sourdough.pdf"))
