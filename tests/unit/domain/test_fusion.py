from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.retrieval.fusion import filled, reciprocal_rank_fusion

RANKINGS = st.lists(st.lists(st.integers(min_value=0, max_value=20), unique=True), max_size=4)


def test_the_score_is_the_sum_of_the_reciprocal_ranks() -> None:
    assert reciprocal_rank_fusion([["a", "b"], ["b"]]) == [
        ("b", pytest.approx(1 / 62 + 1 / 61)),
        ("a", pytest.approx(1 / 61)),
    ]


def test_what_both_rankings_find_beats_the_favourite_of_one() -> None:
    fused = reciprocal_rank_fusion([["lexical", "both", "x"], ["dense", "both", "y"]])
    assert fused[0][0] == "both"


def test_equal_scores_keep_the_order_in_which_they_are_met() -> None:
    assert [item for item, _ in reciprocal_rank_fusion([["a"], ["b"], ["c"]])] == ["a", "b", "c"]


def test_an_item_that_stands_twice_in_one_ranking_counts_once() -> None:
    assert reciprocal_rank_fusion([["a", "b", "a"]]) == reciprocal_rank_fusion([["a", "b"]])


@given(RANKINGS)
def test_every_item_comes_out_once_and_best_first(rankings: list[list[int]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert {item for item, _ in fused} == {item for ranking in rankings for item in ranking}
    assert len(fused) == len(dict(fused))
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


@given(st.lists(st.integers(), unique=True))
def test_one_ranking_alone_keeps_its_order(ranking: list[int]) -> None:
    assert [item for item, _ in reciprocal_rank_fusion([ranking])] == ranking


def test_what_one_ranking_could_not_rank_stands_where_the_other_has_it() -> None:
    assert filled(["x", "y", "z"], unranked={"a", "b"}, by=["a", "x", "b", "y"]) == ["a", "x", "b", "y", "z"]
    assert filled([], unranked={"a", "b"}, by=["a", "b"]) == ["a", "b"]
    assert filled(["x"], unranked={"a"}, by=["y", "q", "a"]) == ["x", "a"]
    assert filled(["x", "y"], unranked=set(), by=["y", "z"]) == ["x", "y"]


def test_a_ranking_that_knows_nothing_leaves_the_order_to_the_other() -> None:
    by = ["c", "a", "b"]
    fused = reciprocal_rank_fusion([by, filled([], unranked=by, by=by)])
    assert [item for item, _ in fused] == by


@given(ranking=st.lists(st.integers(0, 20), unique=True), by=st.lists(st.integers(0, 30), unique=True))
def test_filling_loses_nothing_and_keeps_the_order_of_what_was_ranked(ranking: list[int], by: list[int]) -> None:
    unranked = set(by) - set(ranking)
    merged = filled(ranking, unranked=unranked, by=by)
    assert sorted(merged) == sorted({*ranking, *unranked})
    assert [item for item in merged if item in ranking] == ranking
