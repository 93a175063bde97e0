"""What a chat model is given: rules, the last turns, numbered passages and a question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studyteddy.domain.retrieval.passages import Passage


class Mode(StrEnum):
    """How the tutor helps: explain at once, quiz with one question at a time, or lead by hints."""

    EXPLAIN = "explain"
    QUIZ = "quiz"
    SOCRATIC = "socratic"


class Speaker(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that was said earlier in the thread."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TutorPrompt:
    """Everything that an answer may rest on. ``passages[0]`` is cited as ``[1]``; the client has no say in any of it.

    ``instruction`` tells what this turn has to do in its mode (such as which rung of the hint ladder comes now).
    ``supported`` is False when retrieval found nothing that speaks of the question.
    """

    mode: Mode
    instruction: str
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]
    question: str
    supported: bool
