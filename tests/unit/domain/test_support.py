from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.retrieval.lexical import build_postings, statistics
from studyteddy.domain.retrieval.support import NO_SUPPORT, Support, coverage, support
from studyteddy.domain.retrieval.wording import PLAIN, Wording

WORDING = Wording(everyday=frozenset({"get"}), related={"error": ("fault",)})
PAGES = [["perceptron", "updat", "weight", "error"], ["linear", "boundari", "class"], ["learn", "rate", "weight"]] * 20


def judged(question: str, pages: list[list[str]] = PAGES, wording: Wording = PLAIN) -> Support:
    terms = question.split()
    return support(terms, pages[:3], statistics([build_postings(pages)], terms), wording)


def test_a_question_in_the_words_of_a_passage_is_supported() -> None:
    found = judged("perceptron updat weight error")
    assert found.is_enough
    assert (found.coverage, found.unknown) == (1.0, 0.0)


def test_a_question_about_something_else_is_not_supported() -> None:
    found = judged("boil egg yolk soft")
    assert not found.is_enough
    assert (found.coverage, found.unknown) == (0.0, 1.0)


def test_words_spread_over_passages_support_less_than_words_in_one() -> None:
    assert judged("perceptron updat").confidence > judged("perceptron class").confidence


def test_a_word_that_no_page_holds_is_stronger_evidence_than_one_that_stands_elsewhere() -> None:
    pages = [["perceptron", "weight"], ["class", "rate"], ["linear"], ["mitochondria"]]
    assert judged("weight mitochondria", pages).confidence > judged("weight chloroplast", pages).confidence


def test_an_everyday_word_hardly_counts() -> None:
    plain, weighed = judged("perceptron weight get"), judged("perceptron weight get", wording=WORDING)
    assert plain.coverage < weighed.coverage < 1


def test_a_related_word_counts_half() -> None:
    worth = {"error": 2.0, "weight": 2.0}
    assert coverage(["fault", "weight"], worth, WORDING.related) == 0.75
    assert coverage(["fault", "weight"], worth) == 0.5
    assert coverage([], {}) == 0


def test_without_words_passages_or_documents_nothing_is_supported() -> None:
    known = statistics([build_postings(PAGES)], ["weight"])
    assert support([], PAGES, known, PLAIN) == NO_SUPPORT
    assert support(["weight"], [], known, PLAIN) == NO_SUPPORT
    assert support(["weight"], PAGES, statistics([], ["weight"]), PLAIN) == NO_SUPPORT
    assert not NO_SUPPORT.is_enough


@given(st.lists(st.sampled_from(["perceptron", "class", "egg", "weight", "yolk"]), min_size=1, max_size=8))
def test_all_figures_are_shares(terms: list[str]) -> None:
    found = judged(" ".join(terms))
    assert all(0 <= figure <= 1 for figure in (found.coverage, found.unknown, found.confidence))


@given(st.lists(st.sampled_from(["perceptron", "class", "egg", "weight"]), min_size=1, max_size=6, unique=True))
def test_another_passage_never_lowers_the_support(terms: list[str]) -> None:
    known = statistics([build_postings(PAGES)], terms)
    fewer = support(terms, PAGES[:1], known, PLAIN)
    assert support(terms, PAGES[:2], known, PLAIN).confidence >= fewer.confidence


def test_the_order_of_the_words_does_not_matter() -> None:
    assert judged("perceptron class weight").confidence == pytest.approx(judged("weight class perceptron").confidence)
