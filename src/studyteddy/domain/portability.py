"""Moving what somebody has to another account: everything under other ids, with the same references among it.

An export counts things from 1 and calls each by its number; an import gives each number an id of its own. Both are the
same renaming. Since numbers follow the order of ids, and new ids that of the numbers, an account that was imported is
exported with the same numbers again, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar, cast
from uuid import UUID

from studyteddy.domain.documents import Document
from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.cards import Card, CardSource
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import CardProposal
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import ChunkId, DocumentId, ReviewId, UserId
from studyteddy.domain.retrieval.chunking import chunk_id
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.scheduling import SCHEDULERS, Schedule
from studyteddy.domain.study_sessions import StudySession
from studyteddy.domain.tasks.task import Task
from studyteddy.domain.tutor.hints import Ladder
from studyteddy.domain.tutor.messages import Citation, Message, MessageStatus, Stage
from studyteddy.domain.tutor.quiz import Quiz
from studyteddy.domain.tutor.threads import Thread

MOST = 2**32 - 1
"""The highest number of a thing."""

NOBODY = UserId(UUID(int=0))
"""Whose things are while they belong to no account of this Study Teddy."""

_CHUNKS_LOOKED_AT = 50_000


class Kind(StrEnum):
    """What somebody can have many of. Each comes after those that it refers to."""

    TASK = "task"
    DOCUMENT = "document"
    DECK = "deck"
    CARD = "card"
    PROPOSAL = "proposal"
    STUDY_SESSION = "study_session"
    THREAD = "thread"
    MESSAGE = "message"


Thing = Task | Document | Deck | Card | CardProposal | StudySession | Thread | Message
T = TypeVar("T", bound=Thing)
I = TypeVar("I")  # noqa: E741 - an id of some kind

Name = Callable[[Kind, UUID], UUID]
"""The other name of a thing."""


class Numbers:
    """Numbers for ids, from 1 in the order in which each kind is told of.

    Things that are gone may still be spoken of, as by a session of a task that was deleted. They get the next numbers
    when they are met.
    """

    def __init__(self) -> None:
        self._numbers: dict[Kind, dict[UUID, UUID]] = {kind: {} for kind in Kind}

    def __call__(self, kind: Kind, named: UUID) -> UUID:
        known = self._numbers[kind]
        if named not in known:
            known[named] = UUID(int=len(known) + 1)
        return known[named]


def renamed(thing: T, name: Name, owner: UserId, chunks: ChunkNames) -> T:
    """The same thing as another person's, with other names for it and for all that it speaks of."""
    match thing:
        case Task():
            named: Thing = replace(
                thing,
                id=_of(name, Kind.TASK, thing.id),
                owner=owner,
                continued_by=_of(name, Kind.TASK, thing.continued_by),
            )
        case Document():
            named = replace(thing, id=_of(name, Kind.DOCUMENT, thing.id), owner=owner)
        case Deck():
            named = replace(thing, id=_of(name, Kind.DECK, thing.id), owner=owner)
        case Card():
            named = replace(
                thing,
                id=_of(name, Kind.CARD, thing.id),
                owner=owner,
                deck_id=_of(name, Kind.DECK, thing.deck_id),
                source=None if thing.source is None else _source(thing.source, name, chunks),
            )
        case CardProposal():
            named = replace(
                thing,
                id=_of(name, Kind.PROPOSAL, thing.id),
                owner=owner,
                deck_id=_of(name, Kind.DECK, thing.deck_id),
                source=_source(thing.source, name, chunks),
            )
        case StudySession():
            named = replace(
                thing,
                id=_of(name, Kind.STUDY_SESSION, thing.id),
                owner=owner,
                task_id=_of(name, Kind.TASK, thing.task_id),
            )
        case Thread():
            named = replace(
                thing,
                id=_of(name, Kind.THREAD, thing.id),
                owner=owner,
                document_ids=_documents(thing.document_ids, name),
            )
        case Message():
            named = replace(
                thing,
                id=_of(name, Kind.MESSAGE, thing.id),
                owner=owner,
                thread_id=_of(name, Kind.THREAD, thing.thread_id),
                document_ids=_documents(thing.document_ids, name),
                citations=tuple(_citation(one, name, chunks) for one in thing.citations),
                stage=_stage(thing.stage, name, chunks),
            )
    return cast(T, named)


def _of(name: Name, kind: Kind, named: I) -> I:
    return cast(I, None if named is None else name(kind, cast(UUID, named)))


def _documents(named: Iterable[DocumentId], name: Name) -> frozenset[DocumentId]:
    """In their order, so that those that are gone are numbered alike each time."""
    return frozenset(_of(name, Kind.DOCUMENT, one) for one in sorted(named))


def _source(source: CardSource, name: Name, chunks: ChunkNames) -> CardSource:
    if source.document_id is None:
        return source
    document_id = _of(name, Kind.DOCUMENT, source.document_id)
    return replace(
        source,
        document_id=document_id,
        chunk_id=source.chunk_id and chunks(source.document_id, document_id, source.chunk_id),
    )


def _citation(citation: Citation, name: Name, chunks: ChunkNames) -> Citation:
    document_id = _of(name, Kind.DOCUMENT, citation.document_id)
    return replace(
        citation, document_id=document_id, chunk_id=chunks(citation.document_id, document_id, citation.chunk_id)
    )


def _stage(stage: Stage | None, name: Name, chunks: ChunkNames) -> Stage | None:
    if isinstance(stage, Ladder):
        return replace(stage, passage=_passage(stage.passage, name, chunks))
    if isinstance(stage, Quiz) and stage.question is not None:
        question = replace(stage.question, passage=_passage(stage.question.passage, name, chunks))
        return replace(stage, question=question)
    return stage


def _passage(passage: Passage, name: Name, chunks: ChunkNames) -> Passage:
    document_id = _of(name, Kind.DOCUMENT, passage.document_id)
    return replace(
        passage, document_id=document_id, chunk_id=chunks(passage.document_id, document_id, passage.chunk_id)
    )


ChunkNames = Callable[[DocumentId, DocumentId, ChunkId], ChunkId]
"""The other name of a chunk, by the name of its document before and after."""


class ChunkNumbers:
    """Numbers for chunks: each is named by its place in its document, and 0 is none that we know of.

    Ids of chunks follow from those of their documents, so their places can be told even of documents that are gone.
    """

    def __init__(self) -> None:
        self._document: DocumentId | None = None
        self._places: dict[ChunkId, int] = {}

    def __call__(self, before: DocumentId, _after: DocumentId, chunk: ChunkId) -> ChunkId:
        if before != self._document:
            self._document, self._places = before, {}
        while chunk not in self._places and len(self._places) < _CHUNKS_LOOKED_AT:
            self._places[chunk_id(before, len(self._places))] = len(self._places) + 1
        return ChunkId(UUID(int=self._places.get(chunk, 0)))


def numbered_chunk(_before: DocumentId, after: DocumentId, chunk: ChunkId) -> ChunkId:
    """The id that the chunk of this number gets when its document is read again."""
    return chunk_id(after, chunk.int - 1)


def settled(message: Message) -> Message:
    """A message as it can be taken along: an answer that is still being written is one that was interrupted there."""
    return replace(message, status=MessageStatus.INTERRUPTED) if message.status.running else message


def renamed_log(log: Sequence[Review], name: Name, owner: UserId, new_pass: Callable[[int], UUID]) -> list[Review]:
    """All passes over one card, in order, as another person's; ``new_pass`` names the pass of a number from 1."""
    passes = {row.id: ReviewId(new_pass(number)) for number, row in enumerate(log, 1)}
    cards = {card: _of(name, Kind.CARD, card) for card in dict.fromkeys(row.card_id for row in log)}
    decks = {deck: _of(name, Kind.DECK, deck) for deck in dict.fromkeys(row.deck_id for row in log)}
    return [
        # Written out, since there may be a million of them and ``replace`` takes twice the time.
        Review(
            id=passes[row.id],
            owner=owner,
            card_id=cards[row.card_id],
            deck_id=decks[row.deck_id],
            reviewed_at=row.reviewed_at,
            study_day=row.study_day,
            quality=row.quality,
            took_ms=row.took_ms,
            kind=row.kind,
            scheduler=row.scheduler,
            before=row.before,
            after=row.after,
            previous=passes.get(row.previous) if row.previous else None,
            suspended_card=row.suspended_card,
            undone_at=row.undone_at,
        )
        for row in log
    ]


def with_log(card: Card, log: Sequence[Review]) -> Card:
    """The card with its last review that stands. ``Invalid`` (``log_mismatch``) unless replaying the log gives exactly
    the schedule that the card has."""
    standing = [row for row in log if row.undone_at is None]
    schedule = Schedule()
    for row in standing:
        schedule = SCHEDULERS[row.scheduler](schedule, row.quality, row.study_day).schedule
    if schedule != card.schedule:
        raise Invalid("A card is not scheduled as its review log says.", code="log_mismatch")
    return replace(card, last_review_id=standing[-1].id if standing else None)
