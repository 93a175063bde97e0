from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.adapters.text_extraction.outline import BODY, LONGEST, outlined, split_long
from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable

BOUNDS = Bounds(unpacked=1, entries=1, sections=50)

Blocks = list[tuple[int, str]]


def sections(blocks: Blocks) -> list[tuple[str, str]]:
    return list(outlined(blocks, title="", bounds=BOUNDS).sections)


def test_each_heading_starts_a_section_labelled_with_its_path() -> None:
    blocks = [
        (1, "Sea"),
        (BODY, "wide"),
        (2, "Tides"),
        (BODY, "come"),
        (3, "Ebb"),
        (BODY, "go"),
        (2, "Waves"),
        (BODY, "roll"),
    ]
    assert sections(blocks) == [
        ("Sea", "Sea\n\nwide"),
        ("Sea > Tides", "Tides\n\ncome"),
        ("Sea > Tides > Ebb", "Ebb\n\ngo"),
        ("Sea > Waves", "Waves\n\nroll"),
    ]


def test_text_before_the_first_heading_has_no_label() -> None:
    assert sections([(BODY, "foreword"), (1, "Sea"), (BODY, "wide")])[0] == ("", "foreword")


def test_a_heading_without_text_opens_the_next_section_below_it() -> None:
    assert sections([(1, "Sea"), (2, "Tides"), (BODY, "come")]) == [("Sea > Tides", "Sea\n\nTides\n\ncome")]


def test_headings_beside_each_other_keep_their_own_sections() -> None:
    assert [label for label, _ in sections([(2, "Ebb"), (2, "Flood"), (1, "Sea")])] == ["Ebb", "Flood", "Sea"]


def test_a_paragraph_in_the_style_of_a_heading_is_no_heading() -> None:
    assert sections([(1, "Sea"), (1, "word " * 60)]) == [("Sea", "Sea\n\n" + ("word " * 60).strip())]


def test_rulers_and_arrows_are_left_out() -> None:
    assert sections([(BODY, "* * *"), (BODY, "⇡"), (BODY, "text")]) == [("", "text")]


def test_nothing_but_white_space_is_no_text() -> None:
    with pytest.raises(Unreadable, match="no_text_layer"):
        sections([(BODY, " \n "), (BODY, "")])


def test_too_many_sections_are_too_many_pages() -> None:
    with pytest.raises(Unreadable, match="too_many_pages"):
        sections([(1, f"Heading {number}") for number in range(51)])


@given(st.lists(st.sampled_from(["word", "a sentence. ", "\n\n", "\n", "x" * 5000, "漢字。"]), max_size=60))
def test_a_long_text_is_cut_without_losing_a_character(parts: list[str]) -> None:
    text = "".join(parts)
    pieces = list(split_long(text))
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_cut_between_paragraphs_first() -> None:
    paragraph = "word " * 500
    assert all(piece.endswith("word") for piece in split_long("\n\n".join([paragraph] * 20)))
