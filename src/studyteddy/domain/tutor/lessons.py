"""What a turn is to do, decided by code before any model is asked: one plan for each mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.hints import Ladder, Rung, asks_anew, hint, passage_for_model, place, start
from studyteddy.domain.tutor.messages import Message, MessageStatus, Stage
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS, Mode, Speaker
from studyteddy.domain.tutor.quiz import (
    Quiz,
    QuizQuestion,
    Verdict,
    judge,
    next_question,
    wants_to_stop,
)
from studyteddy.domain.tutor.sentences import TermsOf, quoted

NO_MORE_QUESTIONS = "I have no further question on this from your documents."

_VERDICTS = {
    Verdict.RIGHT: "Right: **{answer}**.",
    Verdict.MISSPELLED: "Right, but mind the spelling: **{answer}**.",
    Verdict.WRONG: "Not quite. The missing word is **{answer}**.",
    Verdict.GIVEN_UP: "The missing word is **{answer}**.",
}
_RUNGS = {
    Rung.POINTER: "Give the first hint: only where to look.",
    Rung.KEY_TERMS: "Give the second hint: the key terms to watch for, and one question that leads on.",
    Rung.GAPS: "Give the third hint: the sentence with its gaps, exactly as it is drafted.",
    Rung.ANSWER: "The hints are used up or the student has found it: give the answer and say why it is so.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The plan of one turn.

    ``passages`` are what a model may see; ``sources``, in the same order, what citations are checked against.
    ``spoken`` is the whole turn where no model is needed, ``draft`` what a tutor without one says, ``closing`` what
    code adds at the end. ``withheld`` words may not be said. ``stage`` is kept for the next turn.
    """

    instruction: str = ""
    passages: tuple[Passage, ...] = ()
    sources: tuple[Passage, ...] = ()
    spoken: str | None = None
    draft: str | None = None
    closing: str = ""
    withheld: tuple[str, ...] = ()
    stage: Stage | None = None


def stage_before(history: Sequence[Message], mode: Mode) -> Stage | None:
    """Where the thread stands: the stage of its last answer, if that was given to its end in the same mode.

    An answer that was cancelled or failed counts as not given: the turn is open as before.
    """
    answers = (message for message in reversed(history) if message.role is Speaker.ASSISTANT)
    given = next((answer for answer in answers if answer.status is MessageStatus.COMPLETE), None)
    return given.stage if given is not None and given.mode is mode else None


def needs_search(stage: Stage | None, question: str, terms: TermsOf) -> bool:
    """Whether a turn needs passages for the question itself: not while a ladder is climbed or a quiz goes on."""
    if isinstance(stage, Ladder):
        return asks_anew(stage, question, terms)
    return not isinstance(stage, Quiz)


def explaining(passages: Sequence[Passage]) -> Lesson:
    """Answer from the passages; with none there is nothing to answer from."""
    if not passages:
        return Lesson(spoken=NOT_IN_DOCUMENTS)
    return Lesson(passages=tuple(passages), sources=tuple(passages))


def opening_quiz(topic: str, passages: Sequence[Passage], terms: TermsOf) -> Lesson:
    """The first question of a quiz."""
    quiz = Quiz(topic=topic)
    question = next_question(quiz, passages, terms)
    if question is None:
        return Lesson(spoken=NO_MORE_QUESTIONS if passages else NOT_IN_DOCUMENTS)
    return Lesson(spoken=_asked(question, number=1), stage=quiz.asking(question))


def continuing_quiz(quiz: Quiz, reply: str, passages: Sequence[Passage], terms: TermsOf) -> Lesson:
    """The verdict on a reply and the next question; or the score, when the student stops or nothing is left."""
    question = quiz.question
    if question is None or wants_to_stop(reply):
        return Lesson(spoken=_score(quiz))
    verdict = judge(question, reply, terms)
    judged = quiz.judging(verdict)
    where = place(question.passage.filename, question.passage.locator)
    draft = f"{_VERDICTS[verdict].format(answer=question.answer)} {quoted(question.solution)} [1] ({where})"
    following = next_question(judged, passages, terms, said=f"{draft} {reply}")
    return Lesson(
        instruction=(
            f"The gap was in: {question.text}\nThe missing word: {question.answer}\nThe verdict: {verdict.value}\n"
            "Repeat the verdict and the missing word, and say why it is so, citing [1]."
        ),
        passages=(question.passage,),
        sources=(question.passage,),
        draft=draft,
        closing=_asked(following, judged.judged + 1) if following else f"{NO_MORE_QUESTIONS} {_score(judged)}",
        withheld=(following.answer,) if following else (),
        stage=judged.asking(following) if following else None,
    )


def _asked(question: QuizQuestion, number: int) -> str:
    return f"**Question {number}.** Which word is missing?\n\n> {question.text}"


def _score(quiz: Quiz) -> str:
    if not quiz.judged:
        return "The quiz is over."
    return f"The quiz is over: {quiz.right} of {quiz.judged} right."


def hinting(ladder: Ladder | None, question: str, passages: Sequence[Passage], terms: TermsOf) -> Lesson:
    """The next rung of a ladder, or the first one for a new question."""
    if ladder is None or ladder.at_end or asks_anew(ladder, question, terms):
        current = start(question, passages, terms)
    else:
        current = ladder.climbed(question, terms)
    if current is None:
        return Lesson(spoken=NOT_IN_DOCUMENTS)
    return Lesson(
        instruction=_RUNGS[current.rung],
        passages=(passage_for_model(current, terms),),
        sources=(current.passage,),
        draft=hint(current, terms),
        withheld=current.withheld,
        stage=None if current.at_end else current,
    )
