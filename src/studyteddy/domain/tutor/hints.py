"""The hint ladder of the socratic mode: where to look, which words matter, the sentence with gaps, the answer.

The rung is kept by code. Below the last rung the words that make up the answer are withheld: they are taken out of
every passage and earlier turn that a model is given, and out of its output before the student reads it, so that no
prompt, document or student can talk the tutor into an early answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from studyteddy.domain.documents import Locator
from studyteddy.domain.errors import Invalid
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.sentences import GAP, Span, TermsOf, Vocabulary, one_line, quoted, sentences, words

MAX_HELD = 5
SEARCHED_PASSAGES = 3
SHOWN_TERMS = 6
MIN_TERM = 2
SOLVED_SHARE = 0.6
"""The share of the held words that a reply has to name to count as the answer."""

_HELP = re.compile(r"\b(?:hint|help|clue|stuck|know|why|tip|tipp|hilfe|hinweis|next|more|weiter)\b", re.IGNORECASE)


class Rung(IntEnum):
    """How much is given away."""

    POINTER = 1
    KEY_TERMS = 2
    GAPS = 3
    ANSWER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Where a student stands with a question: the sentence of a passage that answers it, and the rung that was reached.

    ``added`` are the words that the sentence adds to the question, as they are written there; ``held`` the more telling
    half of them, which become the gaps.
    """

    question: str
    passage: Passage
    sentence: Span
    added: tuple[str, ...]
    held: tuple[str, ...]
    rung: Rung = Rung.POINTER
    solved: bool = False

    def __post_init__(self) -> None:
        if not self.held or not set(self.held) <= set(self.added):
            raise Invalid("A ladder holds back some of the words that its sentence adds.")
        if not 0 <= self.sentence.start < self.sentence.end <= len(self.passage.text):
            raise Invalid("The sentence of a ladder lies inside its passage.")

    @property
    def at_end(self) -> bool:
        return self.rung is Rung.ANSWER

    @property
    def withheld(self) -> tuple[str, ...]:
        """The words that nobody may say on this rung."""
        if self.at_end:
            return ()
        return self.held if self.rung is Rung.GAPS else self.added

    @property
    def solution(self) -> str:
        return one_line(self.sentence.of(self.passage.text))

    def climbed(self, reply: str, terms: TermsOf) -> Ladder:
        """One rung further; at the end when the reply names what was held. The end is never left."""
        if not self.at_end and names_answer(reply, self.held, terms):
            return replace(self, rung=Rung.ANSWER, solved=True)
        return replace(self, rung=Rung(min(self.rung + 1, Rung.ANSWER)))


def start(question: str, passages: Sequence[Passage], terms: TermsOf) -> Ladder | None:
    """The first rung for a question: the sentence of the best passages that shares most with it and adds something.

    None when no sentence says anything beyond the question.
    """
    vocabulary = Vocabulary(terms)
    counts = Counter(stem for passage in passages for stem in vocabulary.keys(passage.text))
    best: tuple[float, Ladder] | None = None
    for rank, passage in enumerate(passages[:SEARCHED_PASSAGES]):
        asked = vocabulary.keys(question) | vocabulary.keys(place(passage.filename, passage.locator))
        for sentence in sentences(passage.text):
            added = _added(sentence.of(passage.text), asked, vocabulary)
            if not added:
                continue
            keys = vocabulary.keys(sentence.of(passage.text))
            shared = sum(1 / counts[stem] for stem in keys & asked)
            worth = shared / math.sqrt(max(len(keys), 6)) - rank * 1e-3
            if best is None or worth > best[0]:
                held = _telling(added, counts)
                ladder = Ladder(question=question, passage=passage, sentence=sentence, added=tuple(added), held=held)
                best = worth, ladder
    return best[1] if best else None


def _added(sentence: str, asked: frozenset[str], vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """The words of a sentence, with their stems, that neither the question nor the name of the place gives away."""
    added: dict[str, frozenset[str]] = {}
    for word in words(sentence):
        key = vocabulary.key(word[0])
        if key and not key & asked:
            added.setdefault(word[0], key)
    return added


def _telling(added: Mapping[str, frozenset[str]], counts: Counter[str]) -> tuple[str, ...]:
    """The more telling half, at most five, in the order of the sentence: numbers, then what stands in few passages."""

    def common(word: str) -> tuple[float, int]:
        return (min(counts[stem] for stem in added[word]) - 2.0 * word.isdigit(), -len(word))

    chosen = sorted(added, key=common)[: min(MAX_HELD, math.ceil(len(added) / 2))]
    return tuple(word for word in added if word in chosen)


def names_answer(reply: str, held: Sequence[str], terms: TermsOf) -> bool:
    """Whether a reply names most of the held words, in any form."""
    vocabulary = Vocabulary(terms)
    said = vocabulary.keys(reply)
    named = sum(bool(vocabulary.key(word) & said) for word in held)
    return named >= math.ceil(SOLVED_SHARE * len(held))


def asks_anew(ladder: Ladder, reply: str, terms: TermsOf) -> bool:
    """Whether a reply is a new question, not an attempt or a cry for help: it begins another ladder, at its foot."""
    text = reply.strip()
    if not text.endswith("?") or _HELP.search(text):
        return False
    vocabulary = Vocabulary(terms)
    fresh = vocabulary.keys(text) - vocabulary.keys(ladder.question) - vocabulary.keys(ladder.passage.text)
    return len(fresh) >= 2


def hint(ladder: Ladder, terms: TermsOf) -> str:
    """What the tutor says on this rung, in its own words; ``[1]`` cites the passage."""
    where = place(ladder.passage.filename, ladder.passage.locator)
    if ladder.rung is Rung.POINTER:
        return f"Look at {where} [1]. Read it with your question in mind, then tell me what you think."
    if ladder.rung is Rung.KEY_TERMS:
        shown = key_terms(ladder, terms)
        listed = ", ".join(f"**{word}**" for word in shown) or "the first sentences"
        return f"On {where} [1], watch for {listed}. How do they bear on your question?"
    if ladder.rung is Rung.GAPS:
        return f"Here is the sentence with gaps, from {where} [1]. What is missing?\n\n> {gapped(ladder, terms)}"
    opening = "Yes, that is it." if ladder.solved else "Here is the answer."
    return f"{opening} {where[0].upper()}{where[1:]} says: {quoted(ladder.solution)} [1]"


def gapped(ladder: Ladder, terms: TermsOf) -> str:
    """The answering sentence with its held words taken out."""
    return masked(ladder.solution, ladder.held, terms)


def key_terms(ladder: Ladder, terms: TermsOf) -> list[str]:
    """Up to six words that the passage comes back to, none of them withheld or in the question."""
    vocabulary = Vocabulary(terms)
    barred = vocabulary.keys(ladder.question) | vocabulary.keys(" ".join(ladder.added))
    found = [word[0] for word in words(ladder.passage.text)]
    counts = Counter(stem for word in found for stem in terms(word))
    found.sort(key=lambda word: -max((counts[stem] for stem in terms(word)), default=0))
    shown: list[str] = []
    for word in found:
        key = vocabulary.key(word)
        if key and not key & barred and len(word) > MIN_TERM and len(shown) < SHOWN_TERMS:
            shown.append(word)
            barred |= key
    return shown


def masked(text: str, withheld: Sequence[str], terms: TermsOf) -> str:
    """The text with a gap in place of every form of a withheld word."""
    if not withheld:
        return text
    barred = _Barred(withheld, terms)
    parts: list[str] = []
    last = 0
    for word in words(text):
        if word[0] in barred:
            parts += [text[last : word.start()], GAP]
            last = word.end()
    return "".join(parts) + text[last:]


def forms_in(text: str, withheld: Sequence[str], terms: TermsOf) -> frozenset[str]:
    """The forms of withheld words that a text uses, case-folded."""
    if not withheld:
        return frozenset()
    barred = _Barred(withheld, terms)
    return frozenset(word[0].casefold() for word in words(text) if word[0] in barred)


class _Barred:
    """Tells every form of some words."""

    def __init__(self, withheld: Sequence[str], terms: TermsOf) -> None:
        self._vocabulary = Vocabulary(terms)
        self._stems = frozenset().union(*(self._vocabulary.key(word) for word in withheld))
        self._written = frozenset(map(_joined, withheld))

    def __contains__(self, word: str) -> bool:
        return _joined(word) in self._written or not self._stems.isdisjoint(self._vocabulary.key(word))


def _joined(word: str) -> str:
    """A word without what may stand inside it, so that spelling it with hyphens hides nothing."""
    return re.sub(r"[-.'\u2019]", "", word).casefold()


def passage_for_model(ladder: Ladder, terms: TermsOf) -> Passage:
    """The passage as a model may see it on this rung: nothing of it, the rest without the answer, with gaps, all."""
    if ladder.at_end:
        return ladder.passage
    if ladder.rung is Rung.POINTER:
        return replace(ladder.passage, text="(kept back: the student is to read it first)")
    text = ladder.passage.text
    if ladder.rung is Rung.KEY_TERMS:
        text = text[: ladder.sentence.start] + text[ladder.sentence.end :]
    return replace(ladder.passage, text=masked(text, ladder.withheld, terms))


def place(filename: str, locator: Locator) -> str:
    """A place in words, such as ``page 12 of "notes.pdf"``."""
    label = f" ({one_line(locator.label)})" if locator.label else ""
    return f'{locator.unit.value} {locator.number}{label} of "{one_line(filename)}"'
