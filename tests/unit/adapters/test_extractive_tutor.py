"""The tutor that needs no model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyteddy.adapters.extractive_tutor import LABEL, ExtractiveTutor
from studyteddy.adapters.snowball_analyzer import SnowballAnalyzer
from studyteddy.application.ports.chat_model import ChatModel, Delta
from studyteddy.domain.tutor.citations import check_citations
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS, TutorPrompt
from studyteddy.testing.chat_model import PROMPT, ChatModelContract


def tutor() -> ExtractiveTutor:
    return ExtractiveTutor(SnowballAnalyzer())


def said(prompt: TutorPrompt) -> str:
    return "".join(piece.text for piece in tutor().answer(prompt) if isinstance(piece, Delta))


class TestExtractiveTutorIsAChatModel(ChatModelContract):
    @pytest.fixture
    def chat_model(self) -> ChatModel:
        return tutor()


def test_it_says_that_it_quotes() -> None:
    assert said(PROMPT).startswith(LABEL)


def test_it_quotes_the_sentence_that_answers() -> None:
    answer = said(PROMPT)
    assert "The human heart has four chambers: two atria and two ventricles." in answer
    assert "thickest wall" not in answer


def test_every_quotation_is_found_in_its_passage() -> None:
    checked = check_citations(said(PROMPT), PROMPT.passages)
    assert [citation.verified for citation in checked.citations] == [True]
    assert checked.citations[0].quote in PROMPT.passages[0].text


def test_without_support_it_says_that_the_documents_do_not_say() -> None:
    assert said(replace(PROMPT, supported=False)).startswith(NOT_IN_DOCUMENTS)


def test_a_refusal_names_the_nearest_places_without_citing_them() -> None:
    refusal = said(replace(PROMPT, supported=False))
    assert "heart.pdf, page 3" in refusal
    assert not check_citations(refusal, PROMPT.passages).citations


def test_passages_that_share_no_word_with_the_question_give_no_answer() -> None:
    assert said(replace(PROMPT, question="Who wrote Faust?")).startswith(NOT_IN_DOCUMENTS)


def test_a_prepared_hint_is_said_word_for_word() -> None:
    assert said(replace(PROMPT, draft="Look at page 3 [1].")) == "Look at page 3 [1]."


def test_the_same_sentence_in_two_documents_is_quoted_once() -> None:
    twice = replace(PROMPT, passages=(*PROMPT.passages, PROMPT.passages[0]))
    assert said(twice).count("four chambers") == 1


def test_a_sentence_that_holds_quotation_marks_is_still_found_in_its_passage() -> None:
    text = 'Galen called the heart a "hearthstone" of the body, and thought that its chambers were two.'
    prompt = replace(PROMPT, passages=(replace(PROMPT.passages[0], text=text),))
    (citation,) = check_citations(said(prompt), prompt.passages).citations
    assert citation.verified
    assert citation.quote == text.rstrip(".")


def test_a_line_of_code_that_looks_like_a_citation_is_not_quoted() -> None:
    text = "The chambers of the heart are kept as H[1] to H[4] by this program.\n\nHearts of fish have two chambers."
    prompt = replace(PROMPT, passages=(replace(PROMPT.passages[0], text=text),))
    assert [citation.quote for citation in check_citations(said(prompt), prompt.passages).citations] == [
        "Hearts of fish have two chambers"
    ]


def test_asked_what_a_thing_is_it_quotes_the_sentence_that_says_so() -> None:
    text = (
        "Recursion, recursion, and again recursion: the chapter is long. The fairy likes recursion best.\n\n"
        "recursion: The process of calling the function that is currently executing."
    )
    prompt = replace(PROMPT, passages=(replace(PROMPT.passages[0], text=text),), question="What is recursion?")
    assert "The process of calling the function" in said(prompt)
    assert "fairy" not in said(prompt)
