"""The quiz: one gap to fill at a time, made from a sentence of a document and judged by comparing words.

All of it is code, so that it works without a language model and keeps count honestly with one: a model may comment on
a verdict but neither makes the question nor judges it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from studyteddy.domain.errors import Invalid
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.sentences import GAP, Span, TermsOf, Vocabulary, one_line, sentences, words

SENTENCE_WORDS = range(7, 41)
"""A shorter sentence leaves the gap to guessing, a longer one hides what is asked."""

MIN_ANSWER = 3
MAX_REPLY_WORDS = 8
"""A reply with more meaningful words than this, beyond those of the sentence itself, is a list of guesses."""

REMEMBERED = 60
"""Questions of a quiz that aren't asked again."""

_DEFINING = re.compile(
    r"\b(?:is|are|was|were|called|means|known as|defined|consists|refers|ist|sind|hei\u00dft|bedeutet)\b"
)
_DANGLING = re.compile(r"(?:it|this|that|these|those|they|he|she|such|here|there|es|dies\w*|sie|er)\b", re.IGNORECASE)
_CODE = re.compile(r"[{}=<>\\|_$~^;]|\(\)|https?:|\.{4,}")
_GIVING_UP = re.compile(
    r"(?:\?+|i (?:do not|don.?t) know|dont know|idk|no (?:idea|clue)|skip|pass|next|give up|tell me|"
    r"wei\u00df (?:ich )?nicht|ich wei\u00df (?:es )?nicht|keine ahnung|weiter)[.!?\s]*",
    re.IGNORECASE,
)
_STOPPING = re.compile(
    r"(?:please )?(?:stop|enough|quit|end|finish|finished|done|fertig|stopp|genug|ende)[.!\s]*", re.I
)


_ASKING = """
    quiz test ask question practice exam start begin go please learn study document file note chapter page everything
    anything something let want give next topic subject material course me can could would like
    abfragen frag frage fragen pr\u00fcfe teste bitte lernen dokument datei kapitel
"""


class Verdict(StrEnum):
    RIGHT = "right"
    MISSPELLED = "misspelled"
    WRONG = "wrong"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizQuestion:
    """A sentence of a passage and the word in it that is asked for, as ranges of the passage's text."""

    passage: Passage
    sentence: Span
    gap: Span

    def __post_init__(self) -> None:
        inside = 0 <= self.sentence.start <= self.gap.start < self.gap.end <= self.sentence.end
        if not inside or self.sentence.end > len(self.passage.text):
            raise Invalid("The gap of a quiz question lies inside its sentence, and that inside its passage.")

    @property
    def answer(self) -> str:
        return self.gap.of(self.passage.text)

    @property
    def solution(self) -> str:
        """The whole sentence on one line."""
        return one_line(self.sentence.of(self.passage.text))

    @property
    def text(self) -> str:
        """The sentence with the gap, on one line."""
        whole = self.passage.text
        before, after = whole[self.sentence.start : self.gap.start], whole[self.gap.end : self.sentence.end]
        return one_line(f"{before}{GAP}{after}")

    @property
    def fingerprint(self) -> str:
        """Names the sentence, so that it isn't asked again."""
        return f"{self.passage.chunk_id}:{self.sentence.start}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """How a quiz stands: its topic in the student's words, the open question, and the count."""

    topic: str
    question: QuizQuestion | None = None
    asked: tuple[str, ...] = ()
    right: int = 0
    judged: int = 0

    def judging(self, verdict: Verdict) -> Quiz:
        """With the open question closed and counted."""
        good = verdict in (Verdict.RIGHT, Verdict.MISSPELLED)
        return replace(self, question=None, judged=self.judged + 1, right=self.right + good)

    def asking(self, question: QuizQuestion) -> Quiz:
        """With the next question open."""
        return replace(self, question=question, asked=(*self.asked, question.fingerprint)[-REMEMBERED:])


def wants_to_stop(reply: str) -> bool:
    return _STOPPING.fullmatch(reply.strip()) is not None


def topic_of(request: str, terms: TermsOf) -> str:
    """What a quiz is asked for: the request without the words that ask for it; empty when nothing else is said.

    Function words stay, since they tell the analyzer the language.
    """
    vocabulary = Vocabulary(terms)
    asking = vocabulary.keys(_ASKING)
    kept = [word[0] for word in words(request) if not vocabulary.key(word[0]) & asking]
    return " ".join(kept) if any(map(vocabulary.key, kept)) else ""


def next_question(quiz: Quiz, passages: Sequence[Passage], terms: TermsOf, *, said: str = "") -> QuizQuestion | None:
    """The best question that the quiz hasn't asked yet, None when the passages hold no more.

    Passages take turns, better ones first, so that a quiz walks over the material. The words of the topic, and those
    that are ``said`` beside the question, are never asked for.
    """
    vocabulary = Vocabulary(terms)
    topic = vocabulary.keys(quiz.topic) | vocabulary.keys(said)
    counts = Counter(stem for passage in passages for word in words(passage.text) for stem in terms(word[0]))
    used = Counter(fingerprint.split(":")[0] for fingerprint in quiz.asked)
    for passage in sorted(passages, key=lambda passage: used[str(passage.chunk_id)]):
        candidates = [
            (worth, -question.sentence.start, question)
            for worth, question in _questions(passage, topic, counts, vocabulary)
            if question.fingerprint not in quiz.asked
        ]
        if candidates:
            return max(candidates, key=lambda candidate: candidate[:2])[2]
    return None


def _questions(
    passage: Passage, topic: frozenset[str], counts: Counter[str], vocabulary: Vocabulary
) -> Iterator[tuple[float, QuizQuestion]]:
    for sentence in sentences(passage.text):
        text = sentence.of(passage.text)
        found = list(words(text))
        if len(found) not in SENTENCE_WORDS or _CODE.search(text) or text.endswith("?"):
            continue
        keys = [vocabulary.key(word[0]) for word in found]
        gaps = [
            (_gap_worth(word, key, counts), -word.start(), word)
            for position, (word, key) in enumerate(zip(found, keys, strict=True))
            if _can_be_asked(word[0], key, topic) and not any(key & other for other in _others(keys, position))
        ]
        if gaps:
            worth, _, word = max(gaps, key=lambda gap: gap[:2])
            gap = Span(sentence.start + word.start(), sentence.start + word.end())
            question = QuizQuestion(passage=passage, sentence=sentence, gap=gap)
            yield worth + _sentence_worth(text), question


def _others(keys: Sequence[frozenset[str]], position: int) -> Iterator[frozenset[str]]:
    return (key for place, key in enumerate(keys) if place != position)


def _can_be_asked(word: str, key: frozenset[str], topic: frozenset[str]) -> bool:
    return bool(key) and not key & topic and (word.isdigit() or len(word) > MIN_ANSWER)


def _gap_worth(word: re.Match[str], key: frozenset[str], counts: Counter[str]) -> float:
    """Words that the material comes back to, long ones and names are worth asking for."""
    text = word[0]
    often = min(max(counts[stem] for stem in key), 4)
    name = word.start() > 0 and text[:1].isupper()
    return often + min(len(text), 12) / 4 + 1.5 * name + 0.5 * text.isdigit()


def _sentence_worth(text: str) -> float:
    return 2.0 * bool(_DEFINING.search(text)) - 3.0 * bool(_DANGLING.match(text)) - 1.0 * (not text[:1].isupper())


def judge(question: QuizQuestion, reply: str, terms: TermsOf) -> Verdict:
    """Compare a reply with the missing word by stems, letting a slip of the pen pass.

    The word may stand in a phrase or in the whole sentence, but a list of guesses is wrong.
    """
    if not reply.strip() or _GIVING_UP.fullmatch(reply.strip()):
        return Verdict.GIVEN_UP
    vocabulary = Vocabulary(terms)
    wanted = vocabulary.key(question.answer)
    sentence = vocabulary.keys(question.solution)
    given = [word[0] for word in words(reply)]
    keys = [vocabulary.key(word) for word in given]
    if sum(bool(key) and not key & sentence for key in keys) > MAX_REPLY_WORDS - 1:
        return Verdict.WRONG
    if any(key & wanted for key in keys) or one_line(reply).casefold() == question.answer.casefold():
        return Verdict.RIGHT
    if any(_slip(word.casefold(), question.answer.casefold()) for word in given):
        return Verdict.MISSPELLED
    return Verdict.WRONG


def _slip(given: str, wanted: str) -> bool:
    """Whether two words differ by one or two letters, as many as a word of that length forgives; numbers by none."""
    if wanted.isdigit() or given.isdigit():
        return False
    forgiven = 0 if len(wanted) < 5 else 1 if len(wanted) < 9 else 2
    return forgiven > 0 and _distance(given, wanted, forgiven) <= forgiven


def _distance(one: str, other: str, limit: int) -> int:
    """The edit distance (Levenshtein 1966) of two words, cut off above ``limit``."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for place, character in enumerate(one, start=1):
        above, row = row, [place]
        for column, against in enumerate(other, start=1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (character != against)))
    return row[-1]
