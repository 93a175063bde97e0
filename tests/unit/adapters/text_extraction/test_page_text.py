from __future__ import annotations

import pytest

from studyteddy.adapters.text_extraction.ligatures import UNMAPPED, restore_lost_ligatures
from studyteddy.adapters.text_extraction.page_text import HYPHEN, tidy_page

WIDE = "The tide rises because the moon pulls the near side of the sea more strongly"


def test_lines_of_a_paragraph_become_one() -> None:
    page = f"{WIDE}\r\nthan the far side, and it falls six hours later.\r\n"
    assert tidy_page(page) == f"{WIDE} than the far side, and it falls six hours later."


def test_a_short_last_line_ends_a_paragraph() -> None:
    page = f"{WIDE}\r\nthan the far side.\r\n{WIDE}\r\nthan the far side."
    assert tidy_page(page).count("\n\n") == 1


def test_lines_of_a_list_stay_lines() -> None:
    page = "Today\r\n• the moon\r\n• the sun\r\n1. rise\r\n2. fall"
    assert tidy_page(page) == "Today\n• the moon\n• the sun\n1. rise\n2. fall"


def test_bullets_of_decorative_fonts_become_bullets_and_other_such_symbols_vanish() -> None:
    page = f"{WIDE}\r\n\uf0a7 the moon\r\n\uf0a7the sun\r\no The wind\r\nx \uf0e0 y"
    assert tidy_page(page) == f"{WIDE}\n• the moon\n• the sun\no The wind\nx   y"


def test_an_item_after_a_full_line_starts_anew() -> None:
    assert tidy_page(f"{WIDE} and so\r\n• on it goes") == f"{WIDE} and so\n• on it goes"


def test_code_keeps_its_lines() -> None:
    page = f"{WIDE} so:\r\n>>> print(tide)\r\nhigh\r\n>>> print(sun)\r\nlow"
    assert tidy_page(page).endswith(">>> print(tide)\nhigh\n>>> print(sun)\nlow")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"the moon at{HYPHEN}tracts water", "the moon attracts water"),
        (f"a self{HYPHEN}made tide", "a self-made tide"),
        (f"the Bellman{HYPHEN}Ford tide", "the Bellman-Ford tide"),
        (f"in 1914{HYPHEN}1918", "in 1914-1918"),
        (f"a depth{HYPHEN}first tide is depth-first", "a depth-first tide is depth-first"),
        (f"a spring{HYPHEN}tides table: spring and tides", "a spring-tides table: spring and tides"),
        (f"spring{HYPHEN}tides or springtides: spring, tides", "springtides or springtides: spring, tides"),
        (f"ends here{HYPHEN}", "ends here-"),
        (f"Über{HYPHEN}raschung", "Überraschung"),
        (f"co{HYPHEN}op{HYPHEN}eration", "cooperation"),
    ],
)
def test_a_broken_word_is_made_whole(page: str, expected: str) -> None:
    assert tidy_page(page) == expected


def test_ligatures_are_spelt_out_and_other_characters_stay() -> None:
    assert tidy_page("ﬁne ﬂow, x² + ½, ①, ﬃ") == "fine flow, x² + ½, ①, ffi"


def test_symbols_without_a_value_leave_a_gap_not_a_break() -> None:
    assert tidy_page("f(X) \x0c g\x04 h") == "f(X)   g  h"


def test_an_empty_page_has_no_text() -> None:
    assert tidy_page("") == tidy_page(" \r\n \r\n") == ""


@pytest.mark.parametrize(
    "word",
    """different difficult Huffman efficient efficiency suffix traffic buffalo offer affect shuffle baffle ruffled
    sufficient official affirm coffin effort offset staff cliff tradeoff affine""".split(),
)
def test_a_ligature_without_a_name_is_guessed_from_its_word(word: str) -> None:
    for ligature in ("ffi", "ffl", "ff"):
        if ligature in word:
            lost = word.replace(ligature, UNMAPPED, 1)
            break
    assert restore_lost_ligatures(f"a {lost} b") == f"a {word} b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("u\0v", "uv"), ("In \0\0\0\0, as", "In , as"), ("x \0 y", "x  y"), ("b\0c", "bc"), ("O(n\0)", "O(n)")],
)
def test_an_unknown_glyph_elsewhere_is_dropped(text: str, expected: str) -> None:
    assert restore_lost_ligatures(text) == expected
