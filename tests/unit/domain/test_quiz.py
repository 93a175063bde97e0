from __future__ import annotations

import pytest

from studyteddy.domain.errors import Invalid
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.lessons import NO_MORE_QUESTIONS, continuing_quiz, opening_quiz
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS
from studyteddy.domain.tutor.quiz import (
    Quiz,
    QuizQuestion,
    Verdict,
    judge,
    next_question,
    topic_of,
    wants_to_stop,
)
from studyteddy.domain.tutor.sentences import Span
from tutoring import LOOPS, PHOTOSYNTHESIS, passage, terms

MATERIAL = (passage(PHOTOSYNTHESIS), passage(LOOPS, filename="python.md", number=7))


def question_about(word: str, source: Passage = MATERIAL[0]) -> QuizQuestion:
    start = source.text.index(word)
    end = source.text.index(".", start) + 1
    begin = max(source.text.rfind(mark, 0, start) + len(mark) for mark in (". ", "\n\n"))
    return QuizQuestion(passage=source, sentence=Span(max(begin, 0), end), gap=Span(start, start + len(word)))


def all_questions(topic: str = "") -> list[QuizQuestion]:
    quiz, asked = Quiz(topic=topic), []
    while (question := next_question(quiz, MATERIAL, terms)) is not None:
        asked.append(question)
        quiz = quiz.asking(question)
    return asked


def test_a_question_is_a_sentence_of_a_document_with_one_word_missing() -> None:
    for question in all_questions():
        assert question.solution in {" ".join(line.split()) for line in question.solution.splitlines()}
        assert question.text.count("____") == 1
        assert question.text.replace("____", question.answer) == question.solution
        assert question.solution in " ".join(question.passage.text.split())


def test_no_sentence_is_asked_twice_and_the_passages_take_turns() -> None:
    asked = all_questions()

    assert len({question.fingerprint for question in asked}) == len(asked) == 6
    assert [question.passage.filename for question in asked[:4]] == ["biology.pdf", "python.md"] * 2


def test_the_topic_is_never_the_missing_word() -> None:
    answers = {stem for question in all_questions("photosynthesis and loops") for stem in terms(question.answer)}

    assert not answers & set(terms("photosynthesis loops"))


def test_function_words_and_repeated_words_are_never_missing() -> None:
    for question in all_questions():
        assert terms(question.answer)
        assert question.answer.casefold() not in question.text.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "Too short.",
        "Is this a long enough question for the quiz to ask?",
        "x = {a: 1}; y = f(x) while z is not None and so on it goes.",
    ],
)
def test_headings_questions_and_code_make_no_question(text: str) -> None:
    assert next_question(Quiz(topic=""), [passage(text)], terms) is None


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("chlorophyll", Verdict.RIGHT),
        (" CHLOROPHYLL! ", Verdict.RIGHT),
        ("I think it is chlorophyll", Verdict.RIGHT),
        ("The green pigment chlorophyll absorbs red and blue light.", Verdict.RIGHT),
        ("chlorophyl", Verdict.MISSPELLED),
        ("clorophyl", Verdict.MISSPELLED),
        ("chloride", Verdict.WRONG),
        ("haemoglobin", Verdict.WRONG),
        ("water oxygen iron copper zinc carotene melanin keratin chlorophyll", Verdict.WRONG),
        ("", Verdict.GIVEN_UP),
        ("I don't know", Verdict.GIVEN_UP),
        ("skip!", Verdict.GIVEN_UP),
        ("??", Verdict.GIVEN_UP),
    ],
)
def test_replies_are_judged_by_the_word_they_name(reply: str, verdict: Verdict) -> None:
    assert judge(question_about("chlorophyll"), reply, terms) is verdict


def test_a_number_has_to_be_exact() -> None:
    question = question_about("1961")

    assert judge(question, "1961", terms) is Verdict.RIGHT
    assert judge(question, "in 1962", terms) is Verdict.WRONG


@pytest.mark.parametrize(
    ("request_text", "topic"),
    [
        ("Quiz me on the Calvin cycle", "the Calvin cycle"),
        ("Quiz me, please!", ""),
        ("Ask me questions about my documents", ""),
        ("photosynthesis", "photosynthesis"),
    ],
)
def test_the_topic_is_what_a_request_is_about(request_text: str, topic: str) -> None:
    found = topic_of(request_text, terms)

    assert found.endswith(topic)
    assert bool(found) is bool(topic)


def test_a_quiz_opens_with_one_question_and_gives_no_answer_away() -> None:
    lesson = opening_quiz("photosynthesis", MATERIAL, terms)

    assert isinstance(lesson.stage, Quiz)
    assert lesson.stage.question is not None
    assert lesson.spoken is not None
    assert lesson.stage.question.text in lesson.spoken
    assert lesson.stage.question.answer not in lesson.spoken
    assert "[1]" not in lesson.spoken


def test_a_verdict_names_the_word_cites_the_sentence_and_asks_on() -> None:
    opened = opening_quiz("photosynthesis", MATERIAL, terms).stage
    assert isinstance(opened, Quiz)
    assert opened.question is not None

    lesson = continuing_quiz(opened, opened.question.answer, MATERIAL, terms)

    assert lesson.draft is not None
    assert lesson.draft.startswith(f"Right: **{opened.question.answer}**.")
    assert f'"{opened.question.solution}" [1]' in lesson.draft
    assert lesson.sources == (opened.question.passage,)
    assert isinstance(lesson.stage, Quiz)
    assert (lesson.stage.right, lesson.stage.judged) == (1, 1)
    following = lesson.stage.question
    assert following is not None
    assert lesson.closing.startswith("**Question 2.**")
    assert not set(terms(following.answer)) & set(terms(lesson.draft))


def test_the_student_can_stop_and_is_told_the_score() -> None:
    quiz = Quiz(topic="", question=question_about("chlorophyll"), right=2, judged=3)

    lesson = continuing_quiz(quiz, "Stop.", MATERIAL, terms)

    assert lesson.spoken == "The quiz is over: 2 of 3 right."
    assert lesson.stage is None
    assert not wants_to_stop("a stop codon")


def test_a_quiz_ends_with_the_score_when_the_material_is_used_up() -> None:
    source = passage("The green pigment chlorophyll absorbs red and blue light.")
    opened = opening_quiz("", [source], terms).stage
    assert isinstance(opened, Quiz)

    lesson = continuing_quiz(opened, "no idea", [source], terms)

    assert lesson.closing == f"{NO_MORE_QUESTIONS} The quiz is over: 0 of 1 right."
    assert lesson.stage is None


def test_without_passages_there_is_no_quiz() -> None:
    assert opening_quiz("cells", [], terms).spoken == NOT_IN_DOCUMENTS
    assert opening_quiz("cells", [passage("Too short.")], terms).spoken == NO_MORE_QUESTIONS


def test_a_gap_outside_its_sentence_cannot_be_made() -> None:
    with pytest.raises(Invalid):
        QuizQuestion(passage=MATERIAL[0], sentence=Span(0, 10), gap=Span(8, 12))
    with pytest.raises(Invalid):
        QuizQuestion(passage=MATERIAL[0], sentence=Span(0, 10**6), gap=Span(8, 9))
