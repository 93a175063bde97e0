"""Flashcards written by a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyteddy.application.ports.chat_model import JsonModel, Usage
from studyteddy.domain.flashcards.card_prompt import SCHEMA, instruction, material, read_candidates
from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage

PASSAGES_AT_ONCE = 4
CARDS_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCards:
    """The ``CardMaker`` port over structured output, a few passages a request."""

    model: JsonModel

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate | Usage]:
        for first in range(0, len(passages), PASSAGES_AT_ONCE):
            shown = passages[first : first + PASSAGES_AT_ONCE]
            wanted = min(count, CARDS_AT_ONCE)
            completion = self.model.complete_json(instruction(wanted), material(shown), SCHEMA)
            yield from read_candidates(completion.text, shown)
            yield completion.usage
