from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.digest import CONCEPTS, SENTENCES, Digest, Sample, digest

_STOP = {"the", "a", "of", "is", "in", "and", "by", "it", "to", "are", "with"}


def terms(text: str) -> Sequence[str]:
    return [word.removesuffix("s") for word in re.findall(r"\w+", text.casefold()) if word not in _STOP]


BIOLOGY = [
    "Photosynthesis turns light into sugar. The chloroplast is the place of photosynthesis in the leaf.",
    "The light reactions split water. The Calvin cycle fixes carbon dioxide in the chloroplast of the plant cell.",
    "A chloroplast holds chlorophyll. Chlorophyll absorbs light, and the Calvin cycle needs the products of light.",
    "The history of biology is long. People have drawn leaves since ancient times.",
]


def test_concepts_are_frequent_words_that_mean_something() -> None:
    concepts = digest(BIOLOGY, terms).key_concepts
    assert {"chloroplast", "light", "Calvin cycle"} <= set(concepts)
    assert not {concept.casefold() for concept in concepts} & _STOP


def test_words_that_stand_together_are_shown_together() -> None:
    concepts = digest(BIOLOGY, terms).key_concepts
    assert "Calvin cycle" in concepts
    assert not {"Calvin", "cycle"} & set(concepts)


def test_forms_of_a_word_count_as_one_and_show_the_commonest() -> None:
    texts = ["Cells divide. The cell wall.", "Each cell grows. Cells die.", "A cell rests, a cell moves."]
    concepts = digest(texts, terms).key_concepts
    assert "cell" in concepts
    assert "Cells" not in concepts


def test_everyday_words_are_no_concepts() -> None:
    assert "light" not in digest(BIOLOGY, terms, everyday={"light"}).key_concepts


def test_the_summary_is_made_of_whole_sentences_of_the_text() -> None:
    summary = digest(BIOLOGY, terms).summary
    assert summary is not None
    sentences = re.split(r"(?<=\.) ", summary)
    assert 1 <= len(sentences) <= SENTENCES
    text = " ".join(BIOLOGY)
    places = [text.index(sentence) for sentence in sentences]
    assert places == sorted(places)


def test_formulas_lists_and_headings_are_no_summary() -> None:
    texts = ["x = 3 * y + 4 / (5 - z) ** 2 == 17 % 3 <> 44 ^ 2 .", "CHAPTER ONE", "- first\n- second\n- third"]
    assert digest(texts, terms).summary is None


def test_nothing_gives_nothing() -> None:
    assert digest([], terms) == Digest((), None)
    assert digest(["", "  \n"], terms) == Digest((), None)
    assert digest(["123 456 !!"], terms) == Digest((), None)


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_text_can_be_summed_up_and_always_in_the_same_way(texts: list[str]) -> None:
    one = digest(texts, terms)
    assert one == digest(texts, terms)
    assert len(one.key_concepts) <= CONCEPTS
    assert len(set(one.key_concepts)) == len(one.key_concepts)


@given(st.integers(0, 2_000), st.integers(2, 40))
def test_a_sample_is_bounded_and_even(count: int, most: int) -> None:
    sample = Sample(most)
    for number in range(count):
        sample.add(str(number))
    numbers = [int(text) for text in sample.texts]
    assert len(numbers) <= most
    assert len(numbers) >= min(count, most // 2)
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    assert len(steps) <= 1
    if numbers:
        assert numbers[0] == 0
