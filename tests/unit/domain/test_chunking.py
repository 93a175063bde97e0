from __future__ import annotations

import unicodedata
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.documents import LocatorUnit, Section
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.retrieval.chunking import MAX_CHARS, chunk_section, chunks_of, estimated_tokens, spans

DOCUMENT = DocumentId(UUID(int=7))
PIECES = st.sampled_from(
    [
        "word",
        " ",
        "\n",
        "\n\n",
        ". ",
        "漢字",
        "。",
        "ก็",
        "e\u0301",
        "👩🏽\u200d🔬",
        "[",
        "\t",
        "word" * 60,
        "   \n  \n ",
        "a? ",
    ]
)


def section(text: str, number: int = 1, label: str | None = None) -> Section:
    return Section(unit=LocatorUnit.PAGE, number=number, label=label, text=text)


def texts(text: str, longest: int = MAX_CHARS) -> list[str]:
    return [text[start:end] for start, end in spans(text, longest=longest)]


@given(st.lists(PIECES, max_size=300).map("".join), st.integers(min_value=40, max_value=200))
def test_chunks_hold_all_of_the_text_in_order_but_the_space_between_them(text: str, longest: int) -> None:
    found = list(spans(text, longest=longest))
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert all(end <= start for (_, end), (start, _) in pairwise(found))


@given(st.text(max_size=2000), st.integers(min_value=1, max_value=60))
def test_any_text_gives_chunks_of_bounded_size_without_outer_space(text: str, longest: int) -> None:
    for start, end in spans(text, longest=longest):
        assert 1 <= end - start <= longest
        assert text[start:end] == text[start:end].strip()


@given(st.lists(st.lists(PIECES, max_size=400).map("".join), max_size=4))
def test_the_locator_gives_exactly_the_text_of_the_chunk_in_its_own_section(pages: list[str]) -> None:
    sections = [section(text, number) for number, text in enumerate(pages, start=1)]
    chunks = list(chunks_of(DOCUMENT, sections))
    for chunk in chunks:
        locator = chunk.locator
        assert pages[locator.number - 1][locator.char_start : locator.char_end] == chunk.text
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))


@given(st.lists(st.sampled_from(["e\u0301\u0323", "ก็", "👩🏽", "a\u200db"]), min_size=20, max_size=200).map("".join))
def test_no_cut_parts_an_accent_or_a_joiner_from_its_letter(text: str) -> None:
    for chunk in texts(text, longest=50):
        assert not unicodedata.category(chunk[0]).startswith("M")
        assert chunk[0] < "\U0001f3fb" or chunk[0] > "\U0001f3ff"
        assert chunk[0] != "\u200d"
        assert chunk[-1] != "\u200d"


def test_a_short_section_is_one_chunk() -> None:
    assert texts("  One paragraph.\n\nAnother one.\n") == ["One paragraph.\n\nAnother one."]


def test_an_empty_page_has_no_chunk_and_takes_no_index() -> None:
    chunks = list(chunks_of(DOCUMENT, [section("first", 1), section(" \n ", 2), section("third", 3)]))
    assert [(chunk.index, chunk.locator.number, chunk.text) for chunk in chunks] == [(0, 1, "first"), (1, 3, "third")]


def test_a_cut_goes_between_paragraphs_rather_than_between_sentences() -> None:
    first, second = "One sentence. Two sentences. Three of them.", "Here is another. It says more. It ends."
    assert texts(f"{first}\n\n{second}", longest=60) == [first, second]


def test_a_cut_goes_between_sentences_rather_than_between_words() -> None:
    assert texts("The first sentence is here. The second one follows it.", longest=40) == [
        "The first sentence is here.",
        "The second one follows it.",
    ]


def test_japanese_is_cut_after_its_full_stop() -> None:
    assert texts("吾輩は猫である。名前はまだ無い。", longest=10) == ["吾輩は猫である。", "名前はまだ無い。"]


def test_text_without_any_border_is_cut_into_even_parts() -> None:
    assert [len(part) for part in texts("x" * 1000, longest=900)] == [900, 100]
    assert {len(part) for part in texts("ab " * 600, longest=900)} == {899}


def test_no_scrap_is_left_at_the_end_of_a_page() -> None:
    words = "word " * 190
    assert min(map(len, texts(words, longest=900))) > 400


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "word " * 400_000, " " * 2_000_000 + "x", "\n" * 1_000_000, "\u0301" * 500_000]
)
def test_a_huge_line_is_split_in_one_pass(text: str) -> None:
    found = list(spans(text))
    assert sum(end - start for start, end in found) >= len(text.split(maxsplit=1)[0]) if text.split() else not found


def test_splitting_again_gives_the_same_ids_and_other_documents_give_others() -> None:
    once = chunk_section(DOCUMENT, section("word " * 500), first_index=3)
    again = chunk_section(DOCUMENT, section("word " * 500), first_index=3)
    other = chunk_section(DocumentId(UUID(int=8)), section("word " * 500), first_index=3)
    assert [chunk.id for chunk in once] == [chunk.id for chunk in again]
    assert len({chunk.id for chunk in once + other}) == 2 * len(once)


def test_a_chunk_keeps_the_unit_number_and_label_of_its_section() -> None:
    slide = Section(unit=LocatorUnit.SLIDE, number=4, label="Loops", text="while, do and for")
    (chunk,) = chunk_section(DOCUMENT, slide, first_index=0)
    assert (chunk.locator.unit, chunk.locator.number, chunk.locator.label) == (LocatorUnit.SLIDE, 4, "Loops")


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a" * 7, 2), ("a" * 8, 3), ("漢字仮", 2), ("漢字仮 and so on", 5)]
)
def test_tokens_are_estimated_from_the_length_and_the_script(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == tokens
