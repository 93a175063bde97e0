from __future__ import annotations

from collections.abc import Sequence
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.retrieval.lexical import (
    AFFINITY_PRIOR_TERMS,
    K1,
    B,
    DocumentPostings,
    TermPostings,
    affinity,
    best_chunks,
    bm25,
    build_postings,
    statistics,
)

TERMS = st.sampled_from(["cat", "dog", "cow", "hen", "owl"])
CHUNKS = st.lists(st.lists(TERMS, min_size=1, max_size=12), min_size=1, max_size=6)
LIBRARY = st.dictionaries(st.sampled_from("abcd"), CHUNKS, min_size=1)


def library(**documents: Sequence[str]) -> dict[str, DocumentPostings]:
    """Documents by name, each chunk given as its terms with spaces between them."""
    return {name: build_postings([chunk.split() for chunk in chunks]) for name, chunks in documents.items()}


def search(query: str, documents: dict[str, DocumentPostings], limit: int = 10) -> list[tuple[str, int]]:
    weights = dict.fromkeys(query.split(), 1.0)
    known = statistics(documents.values(), weights)
    return [(chunk.document, chunk.index) for chunk in best_chunks(weights, documents, known, limit=limit)]


def test_postings_keep_where_and_how_often_a_term_stands() -> None:
    postings = build_postings([["cat", "dog", "cat"], [], ["cat"]])
    assert postings.lengths == (3, 0, 1)
    assert postings.terms == {"cat": TermPostings((0, 2), (2, 1)), "dog": TermPostings((0,), (1,))}


def test_the_score_is_that_of_the_published_formula() -> None:
    documents = library(a=["cat cat dog", "dog owl"], b=["hen"])
    known = statistics(documents.values(), ["cat"])
    idf = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 3 / 2))
    assert bm25({"cat": 1.0}, documents["a"], known) == {0: pytest.approx(expected)}
    assert bm25({"cat": 0.5}, documents["a"], known) == {0: pytest.approx(expected / 2)}


def test_affinity_is_the_likelihood_in_the_document_against_that_in_all() -> None:
    documents = library(a=["cat cat dog", "dog owl"], b=["hen"])
    known = statistics(documents.values(), ["cat"])
    share, m = 2 / 6, AFFINITY_PRIOR_TERMS
    assert affinity({"cat": 1.0}, documents["a"], known) == pytest.approx(log((2 + m * share) / (5 + m) / share))
    assert affinity({"cat": 1.0}, documents["b"], known) == pytest.approx(log(m / (1 + m)))
    assert affinity({"yak": 1.0}, documents["b"], known) == 0


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    documents = library(a=["cat owl", "cat hen", "cat cow", "dog hen"])
    assert search("cat dog", documents)[0] == ("a", 3)


def test_a_word_said_more_often_in_as_many_words_ranks_higher() -> None:
    assert search("cat", library(a=["cat hen hen hen", "cat cat hen hen"])) == [("a", 1), ("a", 0)]


def test_a_word_in_a_shorter_chunk_ranks_higher() -> None:
    assert search("cat", library(a=["cat hen hen hen", "cat hen"])) == [("a", 1), ("a", 0)]


def test_of_two_equal_chunks_that_of_the_document_about_the_question_ranks_higher() -> None:
    novel = ["hen cow"] * 200 + ["cat owl"]
    lecture = ["cat dog", "cat cat"] * 100 + ["cat owl"]
    assert search("cat owl", library(novel=novel, lecture=lecture))[0] == ("lecture", 200)


def test_chunks_without_a_word_of_the_question_are_left_out() -> None:
    assert search("cat", library(a=["dog", "cat", "hen"])) == [("a", 1)]
    assert search("yak", library(a=["dog", "cat"])) == []
    assert search("cat", {}) == []
    assert search("", library(a=["dog"])) == []
    assert search("cat", library(a=[], b=["cat"])) == [("b", 0)]


def test_equal_scores_stand_in_the_order_of_documents_and_chunks() -> None:
    documents = library(b=["cat dog", "cat dog"], a=["cat dog", "cat dog"])
    assert search("cat", documents) == [("b", 0), ("b", 1), ("a", 0), ("a", 1)]


def test_a_word_on_every_page_of_the_only_book_says_nothing_there() -> None:
    book = library(a=["python cat", "python dog", "python hen"])
    known = statistics(book.values(), ["python", "dog"])
    assert 0 < known.idf("python") < known.idf("dog") < known.idf("unheard")


@given(LIBRARY, st.lists(TERMS, min_size=1, unique=True))
def test_search_finds_exactly_the_chunks_that_hold_a_word_best_first(
    chunks: dict[str, list[list[str]]], query: list[str]
) -> None:
    documents = {name: build_postings(terms) for name, terms in chunks.items()}
    weights = dict.fromkeys(query, 1.0)
    found = best_chunks(weights, documents, statistics(documents.values(), weights), limit=1000)
    assert {(chunk.document, chunk.index) for chunk in found} == {
        (name, index) for name, parts in chunks.items() for index, terms in enumerate(parts) if set(terms) & set(query)
    }
    assert [chunk.score for chunk in found] == sorted((chunk.score for chunk in found), reverse=True)


@given(LIBRARY, st.lists(TERMS, min_size=1, unique=True), st.integers(min_value=0, max_value=5))
def test_a_smaller_limit_gives_the_beginning_of_the_same_ranking(
    chunks: dict[str, list[list[str]]], query: list[str], limit: int
) -> None:
    documents = {name: build_postings(terms) for name, terms in chunks.items()}
    assert search(" ".join(query), documents, limit) == search(" ".join(query), documents, 1000)[:limit]


@given(CHUNKS, TERMS)
def test_unrelated_chunks_of_usual_length_keep_the_order_for_one_word(chunks: list[list[str]], word: str) -> None:
    usual = sum(map(len, chunks))
    more = [*chunks, *([["yak"] * usual] + [[]] * (len(chunks) - 1))]
    assert search(word, {"a": build_postings(chunks)}) == search(word, {"a": build_postings(more)})


@given(CHUNKS, CHUNKS, TERMS)
def test_counts_over_documents_are_those_over_all_their_chunks(
    first: list[list[str]], second: list[list[str]], word: str
) -> None:
    apart = statistics([build_postings(first), build_postings(second)], [word])
    assert apart == statistics([build_postings(first + second)], [word])
