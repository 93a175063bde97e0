from __future__ import annotations

from studyteddy.adapters.text_extraction.outline import LONGEST
from unit.adapters.text_extraction.reading_of import read, reason, texts


def test_a_text_is_one_section_with_its_line_breaks() -> None:
    assert read("text", b"one\r\ntwo\r\n\r\n\r\nthree\n") == ("", "section", [("", "one\ntwo\n\nthree")])


def test_a_long_text_becomes_several_sections() -> None:
    paragraphs = [f"Paragraph {number}. " + "word " * 300 for number in range(60)]
    found = texts("text", "\n\n".join(paragraphs).encode())
    assert 5 < len(found) < 15
    assert all(text.startswith("Paragraph") and len(text) <= LONGEST for text in found)


def test_white_space_alone_is_no_text() -> None:
    assert reason("text", b" \n\n\t ") == "no_text_layer"


def test_binary_data_is_no_text() -> None:
    assert reason("text", bytes(range(256)) * 4) == "type_mismatch"
