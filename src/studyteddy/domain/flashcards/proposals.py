"""Cards that a model suggests: the gate that they must pass, and the inbox where they wait for the
student.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from studyteddy.domain.documents import LocatorUnit
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.flashcards.cards import Card, CardSource, normalised_tags
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, ProposalId, UserId
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.text_rules import require_storable

MAX_FRONT = 300
MAX_BACK = 600
CARDS_PER_PAGE = 3
NEAR_DUPLICATE = 0.8
LEAST_QUOTE_WORDS = 3
SUPPORTED_SHARE = 0.5
"""The share of the answer's own words that the quote must hold: models rephrase, but they may not add
facts.
"""

_WORDS = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_FEW_FACTS = 2
_STOP_WORDS = frozenset(
    "a an and are as at be by for from has have in into is it its of on or that the their this to was were which with "
    "what when where who why how does do did than then can will not no der die das und ist ein eine".split()
)


class ProposalStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProposal:
    """A suggested card in the inbox of a deck; it can be decided once."""

    id: ProposalId
    owner: UserId
    deck_id: DeckId
    front: str
    back: str
    tags: tuple[str, ...] = ()
    source: CardSource
    status: ProposalStatus = ProposalStatus.PENDING
    created_at: datetime

    def __post_init__(self) -> None:
        for field, text, limit in (("front", self.front, MAX_FRONT), ("back", self.back, MAX_BACK)):
            if not text.strip():
                raise Invalid.field(field, f"A proposed card needs a {field}.")
            require_storable(field, text, limit=limit)

    def accepted(self) -> CardProposal:
        """Taken into the deck; ``Conflict`` (``already_decided``) the second time."""
        return self._decided(ProposalStatus.ACCEPTED)

    def rejected(self) -> CardProposal:
        """Turned down; ``Conflict`` (``already_decided``) the second time."""
        return self._decided(ProposalStatus.REJECTED)

    def card(self, id: CardId, now: datetime) -> Card:
        """The new card that accepting it puts into the deck."""
        return Card.create(
            id=id,
            owner=self.owner,
            deck_id=self.deck_id,
            front=self.front,
            back=self.back,
            tags=self.tags,
            source=self.source,
            now=now,
        )

    def source_deleted(self) -> CardProposal:
        """The proposal once its document is gone."""
        return replace(self, source=self.source.detached())

    def _decided(self, status: ProposalStatus) -> CardProposal:
        if self.status is not ProposalStatus.PENDING:
            raise Conflict(f"This proposal has been {self.status} already.", code="already_decided")
        return replace(self, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A card as a model wrote it: the passage it says it comes from, and the words there that hold the
    answer.
    """

    front: str
    back: str
    quote: str
    chunk_id: ChunkId
    tags: tuple[str, ...] = ()


class RefusalReason(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_CHARACTERS = "bad_characters"
    UNKNOWN_PASSAGE = "unknown_passage"
    SEVERAL_FACTS = "several_facts"
    NOT_SUPPORTED = "not_supported"
    NEAR_DUPLICATE = "near_duplicate"
    PAGE_LIMIT = "page_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    candidate: Candidate
    reason: RefusalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """The candidates that passed, in their order, and the others with the first rule that each broke."""

    passed: tuple[Candidate, ...]
    refused: tuple[Refusal, ...]


def gate(
    candidates: Iterable[Candidate],
    existing_fronts: Iterable[str],
    passages: Mapping[ChunkId, Passage],
    cards_per_page: int = CARDS_PER_PAGE,
) -> Gated:
    """Let only those cards through that a student can trust.

    Each needs both sides within 300 and 600 characters, one fact, an answer that its quote holds, a quote
    that stands in its passage, a question unlike those of the deck and of the cards before it, and room on
    its page.
    """
    known = [_shingles(front) for front in existing_fronts]
    used: dict[tuple[DocumentId, LocatorUnit, int], int] = {}
    passed: list[Candidate] = []
    refused: list[Refusal] = []
    for candidate in candidates:
        reason = _fault(candidate, passages.get(candidate.chunk_id))
        shingles = _shingles(candidate.front)
        if reason is None and any(_similarity(shingles, other) >= NEAR_DUPLICATE for other in known):
            reason = RefusalReason.NEAR_DUPLICATE
        if reason is None:
            page = _page(passages[candidate.chunk_id])
            if used.get(page, 0) >= cards_per_page:
                reason = RefusalReason.PAGE_LIMIT
            else:
                used[page] = used.get(page, 0) + 1
        if reason is not None:
            refused.append(Refusal(candidate=candidate, reason=reason))
            continue
        known.append(shingles)
        passed.append(candidate)
    return Gated(passed=tuple(passed), refused=tuple(refused))


def propose(
    candidate: Candidate, passage: Passage, *, id: ProposalId, owner: UserId, deck_id: DeckId, now: datetime
) -> CardProposal:
    """The proposal for a candidate that passed the gate; its source keeps the quote."""
    return CardProposal(
        id=id,
        owner=owner,
        deck_id=deck_id,
        front=candidate.front.strip(),
        back=candidate.back.strip(),
        tags=normalised_tags(candidate.tags),
        source=CardSource(
            document_id=passage.document_id,
            chunk_id=passage.chunk_id,
            locator=passage.locator,
            title=passage.title,
            text=candidate.quote.strip(),
        ),
        created_at=now,
    )


def _fault(candidate: Candidate, passage: Passage | None) -> RefusalReason | None:
    front, back = candidate.front.strip(), candidate.back.strip()
    if not front or not back:
        return RefusalReason.EMPTY
    if len(front) > MAX_FRONT or len(back) > MAX_BACK:
        return RefusalReason.TOO_LONG
    try:
        require_storable("card", front + back + candidate.quote, limit=MAX_FRONT + MAX_BACK + len(candidate.quote))
    except Invalid:
        return RefusalReason.BAD_CHARACTERS
    if passage is None:
        return RefusalReason.UNKNOWN_PASSAGE
    if _holds_several_facts(front, back):
        return RefusalReason.SEVERAL_FACTS
    if not _is_supported(back, candidate.quote, passage.text):
        return RefusalReason.NOT_SUPPORTED
    return None


def _holds_several_facts(front: str, back: str) -> bool:
    """More than one question, a list, or more than two sentences of answer: each would be graded as a
    whole.
    """
    lines = [line for line in back.splitlines() if line.strip()]
    sentences = [part for part in _SENTENCE_END.split(back) if _WORDS.search(part)]
    return front.count("?") > 1 or len(lines) > _FEW_FACTS or len(sentences) > _FEW_FACTS


def _is_supported(back: str, quote: str, passage: str) -> bool:
    """Whether the quote stands in the passage word for word, and holds what the answer says."""
    quoted = _tokens(quote)
    if not quoted or f" {' '.join(quoted)} " not in f" {' '.join(_tokens(passage))} ":
        return False
    telling = [word for word in _tokens(back) if word not in _STOP_WORDS] or _tokens(back)
    numbers = {word for word in telling if any(letter.isdigit() for letter in word)}
    stems = {_stem(word) for word in quoted}
    held = sum(_stem(word) in stems for word in telling)
    long_enough = len(quoted) >= LEAST_QUOTE_WORDS or quoted == _tokens(back)
    return long_enough and numbers <= set(quoted) and held >= SUPPORTED_SHARE * len(telling)


def _page(passage: Passage) -> tuple[DocumentId, LocatorUnit, int]:
    return passage.document_id, passage.locator.unit, passage.locator.number


def _tokens(text: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def _stem(word: str) -> str:
    """The first five letters: enough to join "divide" and "division", and rough on purpose."""
    return word[:5]


def _shingles(text: str) -> frozenset[str]:
    """The words of a question and its pairs of neighbours, so that the order of words counts as well."""
    words = _tokens(text)
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    return frozenset(words + pairs)


def _similarity(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard index: shared shingles over all shingles; two empty texts are alike."""
    union = len(first | second)
    return len(first & second) / union if union else 1.0
