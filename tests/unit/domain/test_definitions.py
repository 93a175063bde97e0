"""Questions that ask what a thing is."""

from __future__ import annotations

import pytest

from studyteddy.domain.retrieval.definitions import asked_for, defines


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is a base case?", "base case"),
        ("what's recursion", "recursion"),
        ("Who was Rosenblatt?", "Rosenblatt"),
        ("What does immutable mean?", "immutable"),
        ("Define the empty set.", "empty set"),
        ("Was ist eine Mannigfaltigkeit?", "Mannigfaltigkeit"),
        ("Wie ist ein Homöomorphismus definiert?", "Homöomorphismus"),
    ],
)
def test_the_thing_that_is_asked_for_is_found(question: str, thing: str) -> None:
    assert asked_for(question) == thing


@pytest.mark.parametrize(
    "question",
    ["What is the difference between a list and a tuple?", "Why does the loop end?", "recursion", "", "What is ?"],
)
def test_other_questions_ask_for_no_thing(question: str) -> None:
    assert asked_for(question) is None


@pytest.mark.parametrize(
    "text",
    [
        "base case: A branch that makes no recursive call.",
        "It stops. A base case is a branch without a call.",
        "**Base case** \u2014 where it ends",
        "Base cases (or stops) are needed.",
        "- base  case: the end",
    ],
)
def test_a_text_that_says_what_it_is_defines_it(text: str) -> None:
    assert defines(text, "base case")


@pytest.mark.parametrize(
    "text",
    ["Every base case needs care.", "a database case: closed", "base casement: a window", "We reach a base case."],
)
def test_a_text_that_only_names_it_does_not(text: str) -> None:
    assert not defines(text, "base case")


def test_signs_in_the_question_mean_themselves() -> None:
    assert not defines("c: a language", "C++")
    assert defines("C++ is a language", "C++")
