from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.citations import MAX_QUOTE, check_citations
from studyteddy.domain.tutor.sentences import find_quotation
from tutoring import LOOPS, PHOTOSYNTHESIS, passage

BIOLOGY = passage(PHOTOSYNTHESIS, start=500)
COMPUTING = passage(LOOPS, filename="python.md", number=7)
PASSAGES = (BIOLOGY, COMPUTING)


def quoted_range(source: Passage, start: int, end: int) -> str:
    return source.text[start - source.locator.char_start : end - source.locator.char_start]


def test_a_citation_quotes_the_sentence_that_says_most_of_the_claim() -> None:
    [citation] = check_citations("Chlorophyll takes up red and blue light [1].", PASSAGES).citations

    assert citation.quote == "The green pigment chlorophyll absorbs red and blue light."
    assert citation.verified
    assert (citation.filename, citation.locator.number) == ("biology.pdf", 3)


def test_the_locator_of_a_citation_is_the_range_of_its_quotation() -> None:
    [citation] = check_citations("The Calvin cycle makes sugars from carbon dioxide [1].", PASSAGES).citations

    locator = citation.locator
    assert quoted_range(BIOLOGY, locator.char_start, locator.char_end) == citation.quote
    assert citation.quote.startswith("The Calvin cycle")


def test_numbers_that_were_not_given_out_are_dropped_from_the_text() -> None:
    checked = check_citations("Plants make sugar [99]. Loops repeat [2] [0][3].", PASSAGES)

    assert checked.text == "Plants make sugar. Loops repeat [2]."
    assert [citation.number for citation in checked.citations] == [2]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[1, 2]", "[1][2]"),
        ("[1,2]", "[1][2]"),
        ("[1; 2]", "[1][2]"),
        ("[1][2]", "[1][2]"),
        ("[1-2]", "[1][2]"),
        ("[1\u20132]", "[1][2]"),
        ("\u30101\u3011\uff3b2\uff3d", "[1][2]"),
        ("\u30101\u2020source\u3011[ 2 ]", "[1][2]"),
        ("[1, 99, 2]", "[1][2]"),
        ("[1](https://evil.example/?q=secret)[2]", "[1][2]"),
        ("[1-9999999]", "[1-9999999]"),
        ("[1-9999]", "[1][2]"),
    ],
)
def test_every_form_of_citing_is_understood(written: str, shown: str) -> None:
    assert check_citations(f"So it is {written}.", PASSAGES).text == f"So it is {shown}."


@pytest.mark.parametrize(
    "code",
    [
        "`numbers[1] + numbers[99]`",
        "``a ` b[99]``",
        "```python\nx = items[99]\ny = items[1]\n```",
        "~~~\nitems[99]\n~~~",
        "```\nnever closed items[99]",
    ],
)
def test_numbers_inside_code_are_no_citations(code: str) -> None:
    checked = check_citations(f"Look:\n\n{code}", PASSAGES)

    assert checked.text == f"Look:\n\n{code}"
    assert checked.citations == ()


def test_a_quotation_of_the_model_that_stands_in_the_passage_is_the_one_shown() -> None:
    answer = 'The book says that "the  green PIGMENT chlorophyll\nabsorbs red" [1].'

    [citation] = check_citations(answer, PASSAGES).citations

    assert citation.verified
    assert citation.quote == "The green pigment chlorophyll absorbs red"


@pytest.mark.parametrize("marks", ['""', "\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb", "\u00bb\u00ab"])
def test_a_quotation_that_the_passage_does_not_hold_is_marked_as_not_verified(marks: str) -> None:
    answer = f"It says {marks[0]}chlorophyll drinks the moonlight{marks[1]} [1]. Loops repeat [2]."

    false, true = check_citations(answer, PASSAGES).citations

    assert (false.verified, false.quote) == (False, "chlorophyll drinks the moonlight")
    assert false.locator == BIOLOGY.locator
    assert true.verified


def test_a_false_quotation_is_not_excused_by_a_true_one() -> None:
    answer = '"The Calvin cycle fixes carbon dioxide" [1], and "the moon is made of cheese" [1].'

    [citation] = check_citations(answer, PASSAGES).citations

    assert not citation.verified


def test_a_quotation_that_leaves_something_out_is_checked_in_its_parts() -> None:
    good = check_citations('"The Calvin cycle fixes carbon dioxide ... in the stroma" [1]', PASSAGES)
    bad = check_citations('"The Calvin cycle fixes carbon dioxide ... in the liver" [1]', PASSAGES)

    assert good.citations[0].verified
    assert not bad.citations[0].verified


LISTS = "The list [1, 2, 3] has three items, as Knuth [7] shows. The interval [0, 1] is closed."


def test_brackets_that_a_quotation_holds_itself_are_no_citations() -> None:
    source = passage(LISTS)

    checked = check_citations(f'"{LISTS}" [1]', [source])

    assert checked.text == f'"{LISTS}" [1]'.replace("[1, 2, 3]", "\\[1, 2, 3\\]").replace("[7]", "\\[7\\]").replace(
        "[0, 1]", "\\[0, 1\\]"
    )
    [citation] = checked.citations
    assert citation.verified
    assert citation.quote == LISTS.rstrip(".")


def test_an_interval_is_left_as_it_is() -> None:
    assert check_citations("It lies in [0, 1] [1].", PASSAGES).text == "It lies in [0, 1] [1]."


def test_a_word_in_quotation_marks_is_no_quotation() -> None:
    [citation] = check_citations('The so-called "light eater" is green [1].', PASSAGES).citations

    assert citation.verified


def test_a_sentence_as_long_as_a_page_is_quoted_in_part() -> None:
    table = passage(" ".join(f"row {number} holds value {number * 7}" for number in range(300)))

    [citation] = check_citations("Row 250 holds value 1750 [1].", [table]).citations

    assert len(citation.quote) <= MAX_QUOTE
    assert "row 250 holds value 1750" in citation.quote


def test_a_quotation_keeps_withheld_words_to_itself() -> None:
    checked = check_citations("Look at the pigment [1].", [BIOLOGY], withheld=frozenset({"chlorophyll", "red", "blue"}))

    quote = checked.citations[0].quote.casefold()
    assert quote
    assert not re.search(r"chlorophyll|red|blue", quote)


def test_each_number_is_cited_once_however_often_it_stands_in_the_text() -> None:
    checked = check_citations("Light [1]. Sugar [1]. Loops [2]. Light [1].", PASSAGES)

    assert [citation.number for citation in checked.citations] == [1, 2]


texts = st.text(
    alphabet=st.sampled_from(list("abc ABC.,!?\n\"'`~[]()123 \u3010\u3011\u201c\u201d\u00df\u0130\u0301")), max_size=200
)
passages = st.lists(texts.filter(str.strip).map(passage), max_size=4)


@given(texts, passages)
def test_whatever_a_model_writes_only_given_passages_are_cited(text: str, given_passages: list[Passage]) -> None:
    checked = check_citations(text, given_passages)

    numbers = [citation.number for citation in checked.citations]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= len(given_passages) for number in numbers)
    for citation in checked.citations:
        source = given_passages[citation.number - 1]
        assert citation.chunk_id == source.chunk_id
        assert source.locator.char_start <= citation.locator.char_start <= citation.locator.char_end
        if citation.verified:
            assert quoted_range(source, citation.locator.char_start, citation.locator.char_end) == citation.quote
            assert find_quotation(citation.quote, source.text) is not None


@given(texts, passages)
def test_checking_a_checked_answer_changes_nothing(text: str, given_passages: list[Passage]) -> None:
    once = check_citations(text, given_passages)

    assert check_citations(once.text, given_passages).text == once.text


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_a_quotation_is_found_whatever_its_white_space_and_case(before: str, quotation: str) -> None:
    text = f"{before} {quotation.upper()}"

    found = find_quotation("  ".join(quotation.upper().split()).swapcase().swapcase(), text)

    if quotation.split():
        assert found is not None
        assert found.of(text).casefold().split() == quotation.upper().casefold().split()
