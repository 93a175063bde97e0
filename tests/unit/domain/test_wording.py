from __future__ import annotations

from studyteddy.domain.retrieval.wording import (
    EVERYDAY_WEIGHT,
    PLAIN,
    RELATED,
    RELATED_WEIGHT,
    Wording,
    english_wording,
)


def words(text: str) -> list[str]:
    return [word for word in text.split() if word != "the"]


def test_words_of_the_question_weigh_most_and_everyday_words_less() -> None:
    wording = Wording(everyday=frozenset({"happen"}), related={"error": ("mistake", "fault")})
    assert wording.weigh(["happen", "error"]) == {
        "happen": EVERYDAY_WEIGHT,
        "error": 1.0,
        "mistake": RELATED_WEIGHT,
        "fault": RELATED_WEIGHT,
    }


def test_a_related_word_that_the_question_uses_itself_keeps_its_own_weight() -> None:
    wording = Wording(everyday=frozenset({"fault"}), related={"error": ("fault",)})
    assert wording.weigh(["error", "fault"]) == {"error": 1.0, "fault": EVERYDAY_WEIGHT}


def test_everyday_words_bring_no_related_ones() -> None:
    assert Wording(everyday=frozenset({"get"}), related={"get": ("fetch",)}).weigh(["get"]) == {"get": EVERYDAY_WEIGHT}


def test_a_word_said_twice_weighs_once() -> None:
    assert PLAIN.weigh(["cat", "cat"]) == {"cat": 1.0}


def test_english_knows_related_words_both_ways_and_never_a_word_as_its_own_relative() -> None:
    wording = english_wording(words)
    assert "mistake" in wording.related["error"]
    assert "error" in wording.related["mistake"]
    assert all(term not in others for term, others in wording.related.items())
    assert "happen" in wording.everyday


def test_every_group_of_related_words_holds_at_least_two() -> None:
    assert all(len(set(group.split())) > 1 for group in RELATED.split(";"))
