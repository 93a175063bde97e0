"""What a chat model is given: rules, the last turns, numbered passages and a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from studyteddy.domain.retrieval.chunking import estimated_tokens
from studyteddy.domain.retrieval.passages import Passage

NOT_IN_DOCUMENTS = "Your documents do not say anything that answers this."
"""The exact sentence that stands in for an answer without support; a model is told to use it, code uses it as well."""

STOOD_IN = (
    "Note: the language model could not be reached, so this was put together without it, from your documents alone."
)
"""What an answer ends with when quotations had to stand in for a model."""

TURN_BUDGET = 1_500
"""How many model tokens the earlier turns may take: a few exchanges, less than the passages, so that these decide."""

MAX_PASSAGES = 8


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
    ``supported`` is False when retrieval found nothing that speaks of the question. ``draft`` is what a tutor without
    a language model says in this turn, word for word (a verdict on a quiz answer, a hint); a model may reword it.
    None where there is no such text and the passages have to be read.
    """

    mode: Mode
    instruction: str
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]
    question: str
    supported: bool
    draft: str | None = None


def recent_turns(turns: Sequence[Turn], *, budget: int = TURN_BUDGET) -> tuple[Turn, ...]:
    """The last turns, oldest first, that fit into ``budget`` tokens together, beginning with something the user said.

    A turn is never cut: half an answer misleads more than a forgotten one.
    """
    kept: list[Turn] = []
    left = budget
    for turn in reversed(turns):
        left -= estimated_tokens(turn.text)
        if left < 0:
            break
        kept.append(turn)
    while kept and kept[-1].speaker is Speaker.ASSISTANT:
        kept.pop()
    return tuple(reversed(kept))
