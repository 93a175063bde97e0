"""A tutor without a language model: it quotes the sentences of the passages that speak most of the question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studyteddy.application.ports.chat_model import AnsweredBy, Delta, Piece, Usage
from studyteddy.application.ports.text_analyzer import TextAnalyzer
from studyteddy.domain.retrieval.definitions import asked_for, defines
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.prompt import NOT_IN_DOCUMENTS, TutorPrompt
from studyteddy.domain.tutor.sentences import one_line, sentences

LABEL = "Quoted from your documents (no language model is configured):"
SHORT_LABEL = "Quoted from your documents:"
"""For a tutor that stands in for a model, of which whoever asked it tells the rest."""

PASSAGES_READ = 5
MOST_QUOTES = NEAREST = 3
SHARE_OF_BEST = 0.6
"""A further quotation has to be worth this share of the best one: a weak second sentence distracts."""

SHORTEST, LONGEST = 25, 500
"""Characters. Shorter sentences are headings and page numbers, longer ones tables and listings."""

RANK_DISCOUNT = 0.12
"""How much less a sentence counts for each place that its passage stands lower: the ranking has seen more than one
sentence."""

USUAL_TERMS = 12
"""Terms of a usual sentence. Longer ones hold more words by chance, so they count less (by a square root)."""


_LIKE_A_CITATION = re.compile(r"[\[\u3010\uff3b]\s*\d")
"""``A[0]`` in a quoted program would be read as a citation."""


@dataclass(frozen=True, slots=True)
class _Quote:
    worth: float
    number: int
    start: int
    text: str


class ExtractiveTutor:
    """The ``ChatModel`` port. Deterministic; says that it is no model, and nothing that the passages do not say."""

    def __init__(self, analyzer: TextAnalyzer, *, label: str = LABEL) -> None:
        """``label`` is said before quotations."""
        self._analyzer = analyzer
        self._label = label

    @property
    def name(self) -> str:
        return "extractive"

    def answer(self, prompt: TutorPrompt) -> Iterator[Piece]:
        """Yield the prepared draft of a quiz or a hint, else the best sentences, one delta each."""
        yield AnsweredBy(self.name, quoting=True)
        for piece in self._pieces(prompt):
            yield Delta(piece)
        yield Usage(prompt_tokens=0, completion_tokens=0)  # no model, no tokens

    def _pieces(self, prompt: TutorPrompt) -> Iterator[str]:
        if prompt.draft is not None:
            yield prompt.draft
            return
        quotes = self._best(prompt) if prompt.supported else []
        if not quotes:
            yield NOT_IN_DOCUMENTS
            if prompt.passages:
                yield f"\n\nThe nearest that they hold: {_places(prompt.passages)}."
            return
        yield self._label + "\n"
        for quote in quotes:
            yield f"\n- {_quoted(quote.text)} [{quote.number}]"

    def _best(self, prompt: TutorPrompt) -> list[_Quote]:
        """The best sentences, best first, none said twice."""
        candidates = sorted(self._candidates(prompt), key=lambda quote: (-quote.worth, quote.number, quote.start))
        chosen: list[_Quote] = []
        for quote in candidates:
            if quote.worth < SHARE_OF_BEST * candidates[0].worth or len(chosen) == MOST_QUOTES:
                break
            if all(quote.text.casefold() != other.text.casefold() for other in chosen):
                chosen.append(quote)
        return chosen

    def _candidates(self, prompt: TutorPrompt) -> Iterator[_Quote]:
        read = [
            (number, start, text, self._analyzer.terms(text))
            for number, passage in enumerate(prompt.passages[:PASSAGES_READ], start=1)
            for start, text in _quotable(passage)
        ]
        thing = asked_for(prompt.question)
        worth = _worth(self._analyzer.terms(prompt.question), [terms for *_, terms in read])
        for number, start, text, terms in read:
            shared = sum(worth[term] for term in set(terms) & worth.keys())
            if thing is not None and defines(text, thing):
                shared += sum(worth.values())
            length = max(1.0, len(terms) / USUAL_TERMS) ** 0.5
            value = shared / length * (1 - RANK_DISCOUNT * (number - 1))
            if value > 0:
                yield _Quote(value, number, start, text)


def _quotable(passage: Passage) -> Iterator[tuple[int, str]]:
    """The sentences of a passage that can stand alone, on one line each, and where they start."""
    for span in sentences(passage.text):
        text = one_line(span.of(passage.text))
        if SHORTEST <= len(text) <= LONGEST and not text.endswith("?") and not _LIKE_A_CITATION.search(text):
            yield span.start, text


def _places(passages: Sequence[Passage]) -> str:
    """Where to look all the same: the places of the best passages, each once."""
    named = (f"{place.filename}, {place.locator.unit} {place.locator.number}" for place in passages)
    return "; ".join(list(dict.fromkeys(named))[:NEAREST])


def _quoted(text: str) -> str:
    """The text in marks that it doesn't hold itself, so that the citation check reads all of it."""
    if '"' not in text:
        return f'"{text}"'
    return f"\u201c{text}\u201d" if "\u201d" not in text else f"\u00ab{text}\u00bb"


def _worth(question: Sequence[str], sentence_terms: Sequence[Sequence[str]]) -> dict[str, float]:
    """What a term of the question is worth: the more, the fewer of the sentences hold it."""
    held = Counter(term for terms in sentence_terms for term in set(terms))
    return {term: math.log(1 + (len(sentence_terms) + 1) / (held[term] + 0.5)) for term in question}
