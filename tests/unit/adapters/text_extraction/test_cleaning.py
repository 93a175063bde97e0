from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.adapters.text_extraction.cleaning import meaningful_title, one_line, tidy

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\r\n\t \u2028\xa0\xad\x00\ufeff\ufb01\ud800"))


@given(ANY_TEXT)
def test_whatever_comes_in_the_text_is_clean(raw: str) -> None:
    text = tidy(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert not any(character < " " and character not in "\n\t" for character in text)
    assert "\r" not in text
    assert "\n\n\n" not in text
    assert " \n" not in text
    text.encode("utf-8")


@given(ANY_TEXT)
def test_clean_text_stays_as_it_is(raw: str) -> None:
    assert tidy(tidy(raw)) == tidy(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc\u2028d\fe", "a\nb\nc\nd\ne"),
        ("a \n\n\n \n b", "a\n\n b"),
        ("soft\xadhyphen, no\xa0break", "softhyphen, no break"),
        ("\u202egnp.exe", "gnp.exe"),
        ("e\u0301", "é"),
        ("\ufeffa", "a"),
    ],
)
def test_text_is_tidied(raw: str, expected: str) -> None:
    assert tidy(raw) == expected


def test_joiners_of_persian_and_emoji_stay() -> None:
    assert tidy("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_a_line_is_a_line() -> None:
    assert one_line(" a\n\n b\t c ") == "a b c"


@pytest.mark.parametrize(
    "title",
    ["", "  ", "Untitled", "untitled 3", "Presentation1", "PowerPoint Presentation", "Microsoft Word - essay.doc",
     "a.pdf", "Document", "Document2", "---", "42", "title", "Slide 1", "thesis_final.tex"],
)  # fmt: skip
def test_what_programs_fill_in_is_no_title(title: str) -> None:
    assert meaningful_title(title) == ""


@pytest.mark.parametrize("title", ["Tides", "Documents of history", "The title page"])
def test_other_titles_are_kept(title: str) -> None:
    assert meaningful_title(title) == title
