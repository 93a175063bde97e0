"""Checking the citations of an answer against the passages it was given.

A model writes ``[2]``; whether passage 2 exists, and what stands there, is decided here. Numbers that were not given
out are dropped from the text. Each that stays gets a quotation of its passage: the one that the answer itself puts in
quotation marks where the passage says it, else the sentence of the passage that says most of the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.messages import Citation
from studyteddy.domain.tutor.sentences import Span, find_quotation, sentences, words

MAX_QUOTE = 400
"""Characters. A "sentence" of a table or a listing can be a page long; a quotation of that length shows nothing."""

MIN_QUOTED_WORDS = 3
MIN_DENSE_QUOTED = 6
"""Fewer words in quotation marks (characters, in scripts without spaces) are a term or irony, not a claim about what
is written."""

_CODE = re.compile(
    r"(?ms)^[ \t]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]{0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
)
_NUMBERS = r"\d{1,4}(?:\s*[-\u2013]\s*\d{1,4})?"
_LISTED = rf"{_NUMBERS}(?:\s?[,;\u3001\uff0c]\s{{0,4}}{_NUMBERS}){{0,30}}"
_MARKER = re.compile(
    r"(?P<before>[ \t\u00a0]{0,4})[\[\u3010\uff3b]\s{0,4}"
    rf"(?P<numbers>{_LISTED})"
    r"\s{0,4}(?:\u2020[^\]\u3011\uff3d\n]{0,60})?[\]\u3011\uff3d](?:\([^()\s]{0,2000}\))?"
)
_INSIDE = r"(?:(?!\n[ \t]*\n)[^{0}]){{1,600}}?"
_QUOTED = re.compile(
    "|".join(
        opening + "(" + _INSIDE.format(closing) + ")[" + closing + "]"
        for opening, closing in (
            ('"', '"'),
            ("\u201c", "\u201d"),
            ("\u201e", "\u201c\u201d"),
            ("\u00ab\\s?", "\u00bb"),
            ("\u00bb", "\u00ab"),
            ("\u300c", "\u300d"),
        )
    )
)
_ELLIPSIS = re.compile(r"\s*(?:\[?\.\.\.\]?|\[?\u2026\]?)\s*")
_MOST_NUMBERS = 50
_MOST_CLAIMS = 20  # of one number that are looked at
_LOOK_BACK = 1_500

# Stand-ins from the private use area, for brackets that are no citations; an answer that holds some loses them.
_BRACKETS = "[]\u3010\u3011\uff3b\uff3d"
_OF_CODE = "\ue000\ue001\ue002\ue003\ue004\ue005"
_OF_QUOTE = "\ue010\ue011\ue012\ue013\ue014\ue015"
_NO_STAND_INS = str.maketrans("", "", _OF_CODE + _OF_QUOTE)
_IN_CODE = str.maketrans(_BRACKETS, _OF_CODE)
_IN_QUOTE = str.maketrans(_BRACKETS, _OF_QUOTE)
_PLAIN = str.maketrans(_OF_CODE + _OF_QUOTE, _BRACKETS * 2)
_SHOWN: dict[int, int | str] = {**_PLAIN, ord(_OF_QUOTE[0]): "\\[", ord(_OF_QUOTE[1]): "\\]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswer:
    """An answer as it may be shown: only known numbers, each as ``[n]``, and one citation for each, by number."""

    text: str
    citations: tuple[Citation, ...]


def check_citations(text: str, passages: Sequence[Passage], *, withheld: frozenset[str] = frozenset()) -> CheckedAnswer:
    """Check the answer ``text`` whose ``[n]`` mean ``passages[n - 1]``.

    Combined forms (``[1, 2]``, ``[1-3]``, full-width brackets) become ``[1][2]``. Brackets in code stay as they are;
    those that belong to a quotation (``[0, 1]`` of a text on intervals) are escaped as Markdown, so that nobody takes
    them for citations. A quotation never holds one of the ``withheld`` words (case-folded).
    """
    claims: dict[int, list[_Claim]] = {}
    tidy = _tidy(_protected(text, passages), passages, claims)
    citations = tuple(_cite(number, claims[number], passages, withheld) for number in sorted(claims))
    return CheckedAnswer(text=tidy.translate(_SHOWN).strip(), citations=citations)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a marker stands for: the sentence before it, and all that was quoted since the marker before."""

    sentence: str
    quotations: tuple[str, ...]


def _protected(text: str, passages: Sequence[Passage]) -> str:
    """The text with the brackets in code, and those of quotations that a passage holds, replaced by stand-ins."""
    text = _CODE.sub(lambda match: match[0].translate(_IN_CODE), text.translate(_NO_STAND_INS))

    def protect(match: re.Match[str]) -> str:
        quoted = next(group for group in match.groups() if group).translate(_PLAIN)
        own = _MARKER.search(quoted) and any(find_quotation(quoted, passage.text) for passage in passages)
        return match[0].translate(_IN_QUOTE) if own else match[0]

    return _QUOTED.sub(protect, text)


def _tidy(text: str, passages: Sequence[Passage], claims: dict[int, list[_Claim]]) -> str:
    """The text with its markers in one form; notes in ``claims`` what each number was cited for."""
    done: list[str] = []
    last = 0
    for match in _MARKER.finditer(text):
        numbers = _numbers(match["numbers"])
        if 0 in numbers and len(numbers) > 1:
            continue  # an interval or a list: passages count from 1
        done.append(text[last : match.start()])
        last = match.end()
        known = [number for number in numbers if 1 <= number <= len(passages)]
        if not known:
            continue
        fresh = [number for number in known if len(claims.setdefault(number, [])) < _MOST_CLAIMS]
        if fresh:
            claim = _claim(_end_of(done))
            for number in fresh:
                claims[number].append(claim)
        done.append(match["before"] + "".join(f"[{number}]" for number in known))
    return "".join(done) + text[last:]


def _end_of(parts: Sequence[str]) -> str:
    """The last characters of a text in parts, as many as a claim may reach back."""
    end = ""
    for part in reversed(parts):
        end = part[-_LOOK_BACK:] + end
        if len(end) >= _LOOK_BACK:
            break
    return end[-_LOOK_BACK:]


def _numbers(listed: str) -> list[int]:
    """The numbers of a marker, each once."""
    found: dict[int, None] = {}
    for part in re.split(r"[,;\u3001\uff0c]", listed):
        ends = [int(end) for end in re.findall(r"\d+", part)]
        found |= dict.fromkeys(range(ends[0], min(ends[-1], ends[0] + _MOST_NUMBERS) + 1))
    return list(found)


def _claim(said: str) -> _Claim:
    start = 0
    for marker in _MARKER.finditer(said):
        if said[marker.end() :].strip(" .,;:"):
            start = marker.end()
    since = _MARKER.sub("", said[start:]).rstrip()
    spans = sentences(since)
    return _Claim(spans[-1].of(since) if spans else "", tuple(_quotations(since)))


def _quotations(said: str) -> Iterator[str]:
    """What is put into quotation marks, without the parts it leaves out."""
    for match in _QUOTED.finditer(said):
        quoted = next(group for group in match.groups() if group)
        for part in _ELLIPSIS.split(quoted):
            plain = part.strip(" ,;:.!?").translate(_PLAIN)
            dense = not plain.isascii() and len(plain) >= MIN_DENSE_QUOTED and " " not in plain
            if dense or sum(1 for _ in words(plain)) >= MIN_QUOTED_WORDS:
                yield plain


def _cite(number: int, claims: Sequence[_Claim], passages: Sequence[Passage], withheld: frozenset[str]) -> Citation:
    passage = passages[number - 1]
    found: Span | None = None
    for quotation in (quotation for claim in claims for quotation in claim.quotations):
        span = find_quotation(quotation, passage.text)
        if span is None and not any(find_quotation(quotation, other.text) for other in passages):
            return replace(_citation(number, passage, None), quote=quotation)
        if span is not None and found is None and not _holds(span.of(passage.text), withheld):
            found = span
    return _citation(number, passage, found or _best_sentence(claims, passage.text, withheld))


def _citation(number: int, passage: Passage, span: Span | None) -> Citation:
    locator, quote = passage.locator, ""
    if span is not None:
        quote = span.of(passage.text)
        start = locator.char_start + span.start
        locator = replace(locator, char_start=start, char_end=start + len(quote))
    return Citation(
        number=number,
        chunk_id=passage.chunk_id,
        document_id=passage.document_id,
        filename=passage.filename,
        locator=locator,
        quote=quote,
        verified=bool(quote),
    )


def _best_sentence(claims: Sequence[_Claim], text: str, withheld: frozenset[str]) -> Span | None:
    """The sentence that shares most with one of the claims; long words, numbers and those that stand in few sentences
    count more. The first among equals.

    None when every word of the text is withheld.
    """
    candidates = [
        cut
        for sentence in sentences(text)
        for open_part in _open_parts(text, sentence, withheld)
        for cut in _short_enough(text, open_part)
    ]
    said = {span: _weights(span.of(text)) for span in candidates}
    held = Counter(word for weights in said.values() for word in weights)
    wanted = [_weights(claim.sentence) for claim in claims]

    def worth(span: Span) -> float:
        weights = said[span]
        scale = math.sqrt(max(sum(weights.values()), 20))
        shared = (sum(weights[word] / held[word] for word in weights.keys() & claim.keys()) for claim in wanted)
        return max(shared) / scale

    return max(candidates, key=worth, default=None)


def _weights(text: str) -> dict[str, int]:
    found = (word[0].casefold() for word in words(text))
    return {word: len(word) + 1 if word.isdigit() else max(len(word) - 2, 0) for word in found}


def _open_parts(text: str, sentence: Span, withheld: frozenset[str]) -> Iterator[Span]:
    """The sentence, or what stands between its withheld words."""
    start = sentence.start
    for word in words(text[: sentence.end]) if withheld else ():
        if word.start() >= start and word[0].casefold() in withheld:
            yield from _trimmed(text, start, word.start())
            start = word.end()
    yield from _trimmed(text, start, sentence.end)


def _short_enough(text: str, span: Span) -> Iterator[Span]:
    """The span in parts of at most ``MAX_QUOTE`` characters, cut between words."""
    start = span.start
    while span.end - start > MAX_QUOTE:
        cut = text.rfind(" ", start + MAX_QUOTE // 2, start + MAX_QUOTE)
        cut = cut if cut > 0 else start + MAX_QUOTE
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    if stripped := part.strip():
        first = start + len(part) - len(part.lstrip())
        yield Span(first, first + len(stripped))


def _holds(text: str, withheld: frozenset[str]) -> bool:
    return bool(withheld) and any(word[0].casefold() in withheld for word in words(text))
