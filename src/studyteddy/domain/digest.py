"""What a document is about, told by its own words: key concepts and a few of its sentences. No model takes part.

Words are ranked by how often they occur against how evenly they are spread: a word that fills some passages and is
missing from others names a topic, one that stands everywhere doesn't.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

CONCEPTS = 10
SENTENCES = 3
SAMPLED = 160
"""So many passages, evenly taken from a document, tell what it is about; more cost time and change little."""

_CANDIDATES = 250
_HINT = 12
_RARE = 2
_SHORTEST_WORD = 3
_SPREAD, _ENOUGH_TO_SPREAD = 0.5, 12
_PHRASE_SHARE = 0.5
_SHORTEST, _LONGEST = 50, 320
# Vowel signs and accents of their own: part of a word, though Python counts them as no letters.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0980-\u0983\u09bc-\u09cd\u0a00-\u0dff"
)
_WORD = re.compile(rf"[^\W\d_](?:[\w'’{_MARKS}-]*[\w{_MARKS}])?")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n{2,}|\n\s*(?=[-*•◦▪–] )")
_LETTERS = 0.7
"""The share of letters and spaces in a sentence of words; formulas and tables have less."""

Terms = Callable[[str], Sequence[str]]
"""The search terms of a text, as ``TextAnalyzer.terms``."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Key concepts, the weightiest first, as they stand in the text; a summary of whole sentences, None without any."""

    key_concepts: tuple[str, ...]
    summary: str | None


class Sample:
    """Passages kept evenly from a stream of unknown length: when there are too many, every second one goes."""

    def __init__(self, most: int = SAMPLED) -> None:
        self._most = most
        self._step = 1
        self._seen = 0
        self.texts: list[str] = []

    def add(self, text: str) -> None:
        """Take the next passage into account."""
        if self._seen % self._step == 0:
            self.texts.append(text)
        self._seen += 1
        if len(self.texts) > self._most:
            self.texts = self.texts[::2]
            self._step *= 2


def digest(texts: Sequence[str], terms_of: Terms, everyday: Collection[str] = ()) -> Digest:
    """Sum up passages in reading order. Terms in ``everyday`` never count as concepts."""
    passages = [_WORD.findall(text) for text in texts]
    stems, weights = _weighed(passages, terms_of, everyday)
    names = _names(passages, stems)
    ranked: dict[str, float] = {}
    for stem, weight in weights.items():
        ranked[names[stem]] = max(ranked.get(names[stem], 0.0), weight)
    concepts = sorted(ranked, key=lambda name: (-ranked[name], name))[:CONCEPTS]
    return Digest(tuple(concepts), _summary(texts, {word: weights[stem] for word, stem in stems.items()}))


def _weighed(
    passages: Sequence[Sequence[str]], terms_of: Terms, everyday: Collection[str]
) -> tuple[dict[str, str], dict[str, float]]:
    """The stem of each word that may name a concept, and the weight of each stem."""
    counts: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for words in passages:
        folded = [word.casefold() for word in words]
        counts.update(folded)
        holding.update(set(folded))
    # The commonest words show the analyzer which language the single word behind them is in.
    common = (word for word, _ in counts.most_common(_CANDIDATES) if len(word) > 1)
    hint = " ".join(islice(common, _HINT))
    known = len(terms_of(hint))
    most = _SPREAD * len(passages) if len(passages) >= _ENOUGH_TO_SPREAD else len(passages)
    stems: dict[str, str] = {}
    for word, count in counts.most_common(_CANDIDATES):
        if len(word) < _SHORTEST_WORD or count < _RARE or holding[word] > most:
            continue
        found = terms_of(f"{hint} {word}")[known:]
        if found and found[0] not in everyday:
            stems[word] = found[0]
    totals: defaultdict[str, float] = defaultdict(float)
    for word, stem in stems.items():
        totals[stem] += counts[word] * math.log(1 + len(passages) / holding[word])
    return stems, dict(totals)


def _names(passages: Sequence[Sequence[str]], stems: Mapping[str, str]) -> dict[str, str]:
    """How each stem is shown: as the phrase that it mostly stands in, else as its commonest form."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pairs: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for words in passages:
        before: tuple[str, str] | None = None
        for word in words:
            stem = stems.get(word.casefold())
            if stem is not None:
                forms[stem][word] += 1
                if before is not None and before[1] != stem:
                    pairs[before[1], stem][f"{before[0]} {word}"] += 1
            before = None if stem is None else (word, stem)
    names = {stem: _commonest(counted) for stem, counted in forms.items()}
    fewest = _RARE if len(passages) < _ENOUGH_TO_SPREAD else _RARE + 1
    for (one, other), counted in sorted(pairs.items(), key=lambda pair: pair[1].total()):
        rarer = min(forms[one].total(), forms[other].total())
        if counted.total() >= max(fewest, _PHRASE_SHARE * rarer):
            names[one] = names[other] = _commonest(counted)
    return names


def _commonest(counted: Counter[str]) -> str:
    return min(counted, key=lambda form: (-counted[form], form.casefold() != form, form))


def _summary(texts: Sequence[str], weights: Mapping[str, float]) -> str | None:
    """The weightiest sentences in reading order; early ones count more, since texts begin by saying what they are."""
    found: list[tuple[float, int, str]] = []
    for place, text in enumerate(texts):
        early = 1.5 - place / max(1, len(texts))
        for sentence in _sentences(text):
            words = _WORD.findall(sentence.casefold())
            gain = sum(weights[word] for word in weights.keys() & words) / math.sqrt(len(words) + 1)
            found.append((gain * early, len(found), sentence))
    ranked = sorted(found, key=lambda one: (-one[0], one[1]))
    best = list(islice((one for one in ranked if _is_prose(one[2])), SENTENCES))
    return " ".join(sentence for _, _, sentence in sorted(best, key=lambda one: one[1])) or None


def _sentences(text: str) -> Iterator[str]:
    for piece in _SENTENCE.split(text):
        sentence = " ".join(piece.split())
        whole = sentence[:1].isalpha() and not sentence[:1].islower() and sentence[-1:] in ".!?。！？"
        if whole and _SHORTEST <= len(sentence) <= _LONGEST:
            yield sentence


def _is_prose(sentence: str) -> bool:
    return sum(character.isalpha() or character == " " for character in sentence) >= _LETTERS * len(sentence)
