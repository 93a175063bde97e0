"""Flashcards without a language model: glossary lines, definitions, tables and gaps, in the document's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from studyteddy.domain.flashcards.proposals import Candidate
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.sentences import GAP, one_line, sentences

SHORTEST_ANSWER, LONGEST_ANSWER = 12, 400
SHORTEST_GAP_SENTENCE, LONGEST_GAP_SENTENCE = 50, 220
MOST_TERM_WORDS = 5

_TERM = r"[^\W_][\w’'()/+#.-]*(?:[ -][\w’'()/+#.-]+){0,4}"
# "docstring: A string that ...", also with the tilde of definition lists or a dash between.
_GLOSSARY = re.compile(
    rf"^[ \t]*(?:[-*•][ \t]+)?\**(?P<term>{_TERM})\**[ \t]*(?::[ \t]*~?|[–—~])[ \t]*(?P<meaning>[^\W_(][^\n]*)$",
    re.MULTILINE,
)
_DEFINITION = re.compile(
    rf"^(?:(?P<article>An?|The)[ ]+)?(?P<term>{_TERM})[ ]+"
    r"(?P<verb>is|are|means|refers[ ]to|is[ ]called|are[ ]called|is[ ]defined[ ]as|are[ ]defined[ ]as)[ ]+"
    r"(?P<meaning>(?:an?|the|any|one[ ]of|when|how|that|what|those|used)\b.+)$",
)
_DEFINITION_DE = re.compile(
    rf"^(?:(?P<article>Ein|Eine|Der|Die|Das)[ ]+)?(?P<term>{_TERM})[ ]+(?P<verb>ist|sind|bedeutet|bezeichnet)[ ]+"
    r"(?P<meaning>(?:eine?|eine[rsn]|der|die|das|wenn)\b.+)$",
)
_NO_TERM = frozenset(
    """
    it this that these those there here he she we you they i one what which who when where why how if then so but and or
    both each such some many most all any another other others note example examples exercise figure table section
    chapter step goal idea problem question answer reason result following first second third next last point thing
    proof lemma theorem definition solution hint es dies das der die man wir sie er hier dort was wer wie wenn dann also
    beispiel bemerkung abbildung tabelle satz beweis bew aufgabe
    """.split()
)
# Sentences that start like this lean on the one before, or are tasks.
_LEANING = _NO_TERM | frozenset(
    """
    write test prove show suppose consider assume let give describe draw find compute implement modify add try see in
    for as because since while although however therefore thus hence moreover also now again after before our your his
    her its their my your every yes no not even only once of jede jeder jedes damit abb
    """.split()
)
# A year, a share, or a number of three digits and more: small ones are counters, sections and steps.
_NUMBER = re.compile(r"(?<![\w.,/$€£-])(?:\d{1,3}(?:[.,]\d+)?\s?%|\d{1,3}(?:,\d{3})+|\d{3,})(?![\w/%-]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,}){1,2}(?!\w)")
_HEADING_WORD = re.compile(r"[^\W\d_]{5,}")
_CODE = re.compile(r"[{};=<>|\\]|\(\)|->|→")


class ExtractiveCards:
    """The ``CardMaker`` port. Deterministic; the surest cards of the passages come first."""

    def candidates(self, passages: Sequence[Passage], *, count: int) -> Iterator[Candidate]:  # noqa: ARG002
        """Every card that it can make: glossary lines, definitions and tables of all passages, then gaps."""
        for make in (_from_glossary, _from_definitions, _from_tables, _from_gaps):
            yield from chain.from_iterable(make(passage) for passage in passages)


def _from_glossary(passage: Passage) -> Iterator[Candidate]:
    """Lines that explain a term, where the passage holds several of them: a single colon proves nothing."""
    lines = [match for match in _GLOSSARY.finditer(passage.text) if _explains(match["term"], match["meaning"])]
    if len(lines) < 2:
        return
    for match in lines:
        yield _candidate(passage, f"What does “{one_line(match['term'])}” mean?", match["meaning"], match[0])


def _explains(term: str, meaning: str) -> bool:
    return _is_term(term) and _is_answer(meaning) and len(meaning.split()) > 3


def _from_definitions(passage: Passage) -> Iterator[Candidate]:
    for span in sentences(passage.text):
        quote = span.of(passage.text)
        line = one_line(quote)
        match = _DEFINITION.match(line) or _DEFINITION_DE.match(line)
        if match and _is_term(match["term"]) and _is_answer(match["meaning"]):
            yield _candidate(passage, _question(match), match["meaning"], quote)


def _question(match: re.Match[str]) -> str:
    """A question for a defined term; an article is kept, in small letters."""
    article, verb = match["article"], match["verb"]
    term = f"{article.lower()} {match['term']}" if article else match["term"]
    if verb in ("ist", "sind", "bedeutet", "bezeichnet"):
        return f"Was {'sind' if verb == 'sind' else 'ist'} {term}?"
    if verb in ("means", "refers to"):
        return f"What does “{match['term']}” mean?"
    return f"What {'are' if verb.startswith('are') else 'is'} {term}?"


def _from_tables(passage: Passage) -> Iterator[Candidate]:
    """Rows of a table: the first cell asks for each of the others, by the head of its column."""
    for table in _tables(passage.text):
        heads = _cells(table[0])
        for row in table[1:]:
            cells = _cells(row)
            if len(cells) != len(heads) or not cells[0]:
                continue
            for head, cell in zip(heads[1:], cells[1:], strict=True):
                if cell and head:
                    yield _candidate(passage, f"{heads[0]} {cells[0]}: {head}?", cell, row)


def _tables(text: str) -> Iterator[list[str]]:
    """Runs of at least three lines with as many cells each."""
    run: list[str] = []
    for line in [*text.splitlines(), ""]:
        cells = _cells(line)
        if len(cells) >= 2 and (not run or len(cells) == len(_cells(run[0]))):
            run.append(line)
            continue
        if len(run) >= 3:
            yield run
        run = [line] if len(cells) >= 2 else []


def _cells(line: str) -> list[str]:
    if " | " in line:
        return [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    return [cell.strip() for cell in line.split("\t")] if "\t" in line.strip() else []


def _from_gaps(passage: Passage) -> Iterator[Candidate]:
    """Plain sentences with a number, a name or a word of the heading left out."""
    heading = frozenset(_HEADING_WORD.findall((passage.locator.label or "").casefold()))
    for span in sentences(passage.text):
        quote = span.of(passage.text)
        line = one_line(quote)
        hidden = _hidden(line, heading) if _stands_alone(line) else None
        if hidden is not None:
            yield _candidate(passage, line.replace(hidden, GAP), hidden, quote)


def _stands_alone(line: str) -> bool:
    return (
        SHORTEST_GAP_SENTENCE <= len(line) <= LONGEST_GAP_SENTENCE
        and line[0].isupper()
        and line[-1] in ".!"
        and not _CODE.search(line)
        and re.split(r"\W", line.casefold(), maxsplit=1)[0] not in _LEANING
    )


def _hidden(line: str, heading: frozenset[str]) -> str | None:
    """What to leave out of a sentence; it stands there once, so that the gap can't be read off elsewhere."""
    found = _NUMBER.search(line) or _NAME.search(line)
    words = [found[0]] if found else [word for word in _HEADING_WORD.findall(line) if word.casefold() in heading]
    return next((word for word in words if line.casefold().count(word.casefold()) == 1), None)


def _is_term(term: str) -> bool:
    words = term.casefold().split()
    return (
        2 <= len(term) <= 60
        and len(words) <= MOST_TERM_WORDS
        and words[0] not in _LEANING
        and not words[0].endswith(")")
        and words[-1] not in _NO_TERM
        and not term[0].isdigit()
        and not _CODE.search(term)
    )


def _is_answer(meaning: str) -> bool:
    return SHORTEST_ANSWER <= len(meaning.strip()) <= LONGEST_ANSWER and not _CODE.search(meaning)


def _candidate(passage: Passage, front: str, back: str, quote: str) -> Candidate:
    answer = one_line(back)
    return Candidate(front=front, back=answer[:1].upper() + answer[1:], quote=quote.strip(), chunk_id=passage.chunk_id)
