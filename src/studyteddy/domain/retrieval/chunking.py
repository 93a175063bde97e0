"""Splitting sections into chunks: the pieces that are searched, cited and put before a model."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from uuid import uuid5

from studyteddy.domain.documents import Chunk, Locator, Section
from studyteddy.domain.ids import ChunkId, DocumentId

MAX_CHARS = 900
"""Longest chunk. Small sentence encoders read 256 tokens, about 900 characters of English, and cut off the rest. By
``benchmarks/retrieval_quality.py`` 700 to 1,100 find the right page alike. Chunks don't overlap: 100 or 200 characters
of overlap found it for 1 to 2 questions of 100 less."""

MIN_SHARE = 0.5
"""A border nearer than this share of the longest chunk is not used: better a chunk that ends inside a paragraph than
a heading alone."""

CHARS_PER_TOKEN = 3.5
"""English has about 4 characters a token in the usual byte pair vocabularies; 3.5 leaves room for code and formulas."""

DENSE_CHARS_PER_TOKEN = 1.5
"""The same for scripts of which those vocabularies hold few words: Chinese, Japanese, Korean, Thai and neighbours."""

_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE = re.compile(
    "[.!?\u2026\u0964\u06d4][)\\]\"'\u201d\u2019\u00bb]*\\s+|[\u3002\uff01\uff1f][\u300d\u300f\uff09]*"
)
_LINE = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s+")
_BORDERS = (_PARAGRAPH, _SENTENCE, _LINE, _SPACE)
_NON_SPACE = re.compile(r"\S")
_LONGEST_CLUSTER = 32
_ZERO_WIDTH_JOINER = "\u200d"


def estimated_tokens(text: str) -> int:
    """An upper estimate of the model tokens of ``text``, made from its length alone."""
    dense = 0 if text.isascii() else len(_DENSE.findall(text))
    return math.ceil((len(text) - dense) / CHARS_PER_TOKEN + dense / DENSE_CHARS_PER_TOKEN)


def chunk_id(document_id: DocumentId, index: int) -> ChunkId:
    """The id of a document's chunk: the same whenever the document is split, so that splitting again replaces it."""
    return ChunkId(uuid5(document_id, f"chunk {index}"))


def chunks_of(document_id: DocumentId, sections: Iterable[Section]) -> Iterator[Chunk]:
    """Split the sections of a document, lazily and in order; indexes count over the whole document."""
    index = 0
    for section in sections:
        for chunk in chunk_section(document_id, section, first_index=index):
            yield chunk
            index += 1


def chunk_section(document_id: DocumentId, section: Section, *, first_index: int) -> list[Chunk]:
    """Split one section into chunks that don't overlap and hold all of its text but the white space between them."""
    return [
        Chunk(
            id=chunk_id(document_id, index),
            document_id=document_id,
            index=index,
            text=section.text[start:end],
            locator=Locator(
                unit=section.unit, number=section.number, label=section.label, char_start=start, char_end=end
            ),
            token_count=estimated_tokens(section.text[start:end]),
        )
        for index, (start, end) in enumerate(spans(section.text), start=first_index)
    ]


def spans(text: str, *, longest: int = MAX_CHARS) -> Iterator[tuple[int, int]]:
    """The ranges of ``text`` that make good chunks, in order, each 1..``longest`` characters without outer white space.

    What is left is cut into parts of about equal size, so that no scrap remains at the end; each cut goes to the best
    border near the even place: between paragraphs, else sentences, else lines, else words, else characters.
    The time is linear in the length of ``text``: every step looks at ``longest`` characters at most.
    """
    start = _first_non_space(text, 0)
    last = len(text.rstrip())
    while start < last:
        left = last - start
        if left <= longest:
            yield start, last
            return
        cut = _best_cut(text, start, aim=start + left // math.ceil(left / longest), longest=longest)
        yield start, start + len(text[start:cut].rstrip())
        start = _first_non_space(text, cut)


def _first_non_space(text: str, position: int) -> int:
    found = _NON_SPACE.search(text, position)
    return found.start() if found else len(text)


def _best_cut(text: str, start: int, *, aim: int, longest: int) -> int:
    low, high = start + int(longest * MIN_SHARE), start + longest
    for border in _BORDERS:
        cuts = [match.end() for match in border.finditer(text, low, high)]
        if cuts:
            return min(cuts, key=lambda cut: (abs(cut - aim), cut))
    return _between_characters(text, start, high)


def _between_characters(text: str, start: int, cut: int) -> int:
    """The nearest place at or before ``cut`` that parts no accent, joiner or surrogate from its character."""
    for place in range(cut, max(start, cut - _LONGEST_CLUSTER), -1):
        if not _belongs_to_previous(text[place]) and text[place - 1] != _ZERO_WIDTH_JOINER:
            return place
    return cut


def _belongs_to_previous(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or character == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones of emoji
        or "\udc00" <= character <= "\udfff"
    )
