"""The records of an archive: one line of JSON for each thing, under names that stay when the program changes its own.

Ids are numbers that count from 1 within their kind. Instants are in UTC. A record is validated by type here and by the
domain's own rules when it becomes a thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from studyteddy.adapters.account_archive.record_fields import (
    Digest,
    Instant,
    LocatorRecord,
    Number,
    Record,
    Small,
    Storable,
    Version,
    Whole,
    fields,
    id_of,
    locator_from,
    number_of,
    of_locator,
    plain,
)
from studyteddy.adapters.account_archive.stage_records import StageRecord, of_stage, stage_from
from studyteddy.domain.documents import Document, MediaType
from studyteddy.domain.flashcards.cards import NO_FLAG, Card, CardSource
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import CardProposal, ProposalStatus
from studyteddy.domain.ids import (
    CardId,
    ChunkId,
    DeckId,
    DocumentId,
    MessageId,
    ProposalId,
    StudySessionId,
    TaskId,
    ThreadId,
)
from studyteddy.domain.portability import MOST, NOBODY, Kind, Thing
from studyteddy.domain.scheduling import Schedule, SchedulerName
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.recurrence import parse
from studyteddy.domain.tasks.task import Priority, Task, TaskStatus
from studyteddy.domain.tutor.messages import Citation, Message, MessageStatus
from studyteddy.domain.tutor.prompt import Mode, Speaker
from studyteddy.domain.tutor.threads import Thread


class TaskRecord(Record):
    id: Number
    title: str
    description: str
    subject: str | None
    due_at: Instant | None
    priority: Priority
    estimated_minutes: Whole | None
    actual_minutes: Whole
    status: TaskStatus
    completed_at: Instant | None
    recurrence: str | None = Field(max_length=1_000)
    continued_by: Number | None
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_task(task: Task) -> Record:
    return TaskRecord(
        **plain(task, TaskRecord, "id", "recurrence", "continued_by"),
        id=task.id.int,
        recurrence=str(task.recurrence) if task.recurrence else None,
        continued_by=number_of(task.continued_by),
    )


def _task(record: TaskRecord) -> Task:
    given = fields(record) | {
        "id": TaskId(UUID(int=record.id)),
        "recurrence": parse(record.recurrence) if record.recurrence else None,
        "continued_by": id_of(record.continued_by, TaskId),
    }
    return Task(**given, owner=NOBODY)


class DocumentRecord(Record):
    """A document without what reading it found: it is read again."""

    id: Number
    filename: str
    media_type: MediaType
    size: int = Field(ge=1, le=2**53)
    sha256: Digest
    title: str
    subject: str | None
    created_at: Instant


def _of_document(document: Document) -> Record:
    return DocumentRecord(**plain(document, DocumentRecord, "id"), id=document.id.int)


def _document(record: DocumentRecord) -> Document:
    return Document.create(
        id=DocumentId(UUID(int=record.id)),
        owner=NOBODY,
        filename=record.filename,
        media_type=record.media_type,
        size=record.size,
        sha256=record.sha256,
        title=record.title,
        subject=record.subject,
        now=record.created_at,
    )


class DeckRecord(Record):
    id: Number
    name: str
    description: str
    scheduler: SchedulerName
    new_per_day: Whole
    reviews_per_day: Whole
    desired_retention: float
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_deck(deck: Deck) -> Record:
    return DeckRecord(**plain(deck, DeckRecord, "id"), id=deck.id.int)


def _deck(record: DeckRecord) -> Deck:
    return Deck(**fields(record) | {"id": DeckId(UUID(int=record.id))}, owner=NOBODY)


class SourceRecord(Record):
    """``chunk`` is the number of the passage in its document; 0 is none that is known."""

    document: Number | None
    chunk: int | None = Field(ge=0, le=MOST)
    locator: LocatorRecord | None
    title: str | None
    text: str | None


def _of_source(source: CardSource) -> SourceRecord:
    return SourceRecord(
        document=number_of(source.document_id),
        chunk=number_of(source.chunk_id),
        locator=of_locator(source.locator) if source.locator else None,
        title=source.title,
        text=source.text,
    )


def _source(record: SourceRecord) -> CardSource:
    return CardSource(
        document_id=id_of(record.document, DocumentId),
        chunk_id=id_of(record.chunk, ChunkId),
        locator=locator_from(record.locator) if record.locator else None,
        title=record.title,
        text=record.text,
    )


class ScheduleRecord(Record):
    repetitions: Whole
    interval_days: Whole
    ease_factor_hundredths: Whole
    due_on: date | None
    lapses: Whole
    last_reviewed_on: date | None
    again_on: date | None


def _of_schedule(schedule: Schedule) -> ScheduleRecord:
    return ScheduleRecord(**plain(schedule, ScheduleRecord))


def schedule_from(record: ScheduleRecord) -> Schedule:
    return Schedule(
        record.repetitions,
        record.interval_days,
        record.ease_factor_hundredths,
        record.due_on,
        record.lapses,
        record.last_reviewed_on,
        record.again_on,
    )


class CardRecord(Record):
    id: Number
    deck: Number
    front: str
    back: str
    tags: list[str]
    suspended: bool
    buried_until: date | None = None
    flag: int = NO_FLAG
    source: SourceRecord | None
    schedule: ScheduleRecord
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_card(card: Card) -> Record:
    return CardRecord(
        **plain(card, CardRecord, "id", "deck", "tags", "source", "schedule"),
        id=card.id.int,
        deck=card.deck_id.int,
        tags=list(card.tags),
        source=_of_source(card.source) if card.source else None,
        schedule=_of_schedule(card.schedule),
    )


def _card(record: CardRecord) -> Card:
    given = fields(record) | {
        "id": CardId(UUID(int=record.id)),
        "deck_id": DeckId(UUID(int=record.deck)),
        "tags": tuple(record.tags),
        "source": record.source and _source(record.source),
        "schedule": schedule_from(record.schedule),
    }
    del given["deck"]
    return Card(**given, owner=NOBODY)


class ProposalRecord(Record):
    id: Number
    deck: Number
    front: str
    back: str
    tags: list[str]
    source: SourceRecord
    status: ProposalStatus
    created_at: Instant


def _of_proposal(proposal: CardProposal) -> Record:
    return ProposalRecord(
        **plain(proposal, ProposalRecord, "id", "deck", "tags", "source"),
        id=proposal.id.int,
        deck=proposal.deck_id.int,
        tags=list(proposal.tags),
        source=_of_source(proposal.source),
    )


def _proposal(record: ProposalRecord) -> CardProposal:
    return CardProposal(
        id=ProposalId(UUID(int=record.id)),
        owner=NOBODY,
        deck_id=DeckId(UUID(int=record.deck)),
        front=record.front,
        back=record.back,
        tags=tuple(record.tags),
        source=_source(record.source),
        status=record.status,
        created_at=record.created_at,
    )


class PauseRecord(Record):
    start: Instant
    end: Instant


class SessionRecord(Record):
    id: Number
    subject: str | None
    task: Number | None
    planned_minutes: Small
    started_at: Instant
    pauses: list[PauseRecord] = Field(max_length=1_000)
    paused_at: Instant | None
    finished_at: Instant | None
    focus_score: Small | None
    notes: str
    closed_automatically: bool
    version: Version


def _of_session(session: StudySession) -> Record:
    return SessionRecord(
        **plain(session, SessionRecord, "id", "task", "pauses"),
        id=session.id.int,
        task=number_of(session.task_id),
        pauses=[PauseRecord(start=span.start, end=span.end) for span in session.pauses],
    )


def _session(record: SessionRecord) -> StudySession:
    given = fields(record) | {
        "id": StudySessionId(UUID(int=record.id)),
        "task_id": id_of(record.task, TaskId),
        "pauses": tuple(Span(start=pause.start, end=pause.end) for pause in record.pauses),
    }
    del given["task"]
    return StudySession(**given, owner=NOBODY)


class ThreadRecord(Record):
    id: Number
    title: str
    mode: Mode
    documents: list[Number] = Field(max_length=1_000)
    message_count: Annotated[int, Field(ge=0, le=2**31 - 2)]
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_thread(thread: Thread) -> Record:
    return ThreadRecord(
        **plain(thread, ThreadRecord, "id", "documents"),
        id=thread.id.int,
        documents=sorted(one.int for one in thread.document_ids),
    )


def _thread(record: ThreadRecord) -> Thread:
    given = fields(record) | {
        "id": ThreadId(UUID(int=record.id)),
        "document_ids": frozenset(DocumentId(UUID(int=one)) for one in record.documents),
    }
    del given["documents"]
    return Thread(**given, owner=NOBODY)


class CitationRecord(Record):
    number: Whole
    document: Number
    chunk: int = Field(ge=0, le=MOST)
    filename: Storable = Field(max_length=1_000)
    locator: LocatorRecord
    quote: Storable = Field(max_length=20_000)
    verified: bool


def _of_citation(citation: Citation) -> CitationRecord:
    return CitationRecord(
        **plain(citation, CitationRecord, "document", "chunk", "locator"),
        document=citation.document_id.int,
        chunk=citation.chunk_id.int,
        locator=of_locator(citation.locator),
    )


def _citation(record: CitationRecord) -> Citation:
    return Citation(
        number=record.number,
        document_id=DocumentId(UUID(int=record.document)),
        chunk_id=ChunkId(UUID(int=record.chunk)),
        filename=record.filename,
        locator=locator_from(record.locator),
        quote=record.quote,
        verified=record.verified,
    )


class MessageRecord(Record):
    id: Number
    thread: Number
    position: Annotated[int, Field(ge=1, le=2**31 - 1)]
    role: Speaker
    content: str
    status: MessageStatus
    mode: Mode
    documents: list[Number] = Field(max_length=1_000)
    client_id: str | None
    citations: list[CitationRecord] = Field(max_length=1_000)
    confidence: float | None
    model: Storable | None = Field(max_length=1_000)
    prompt_tokens: Whole | None
    completion_tokens: Whole | None
    latency_us: int | None = Field(ge=0, le=2**50)
    problem: Storable | None = Field(max_length=100)
    stage: StageRecord | None = None
    feedback_rating: Small | None
    feedback_reason: str | None = None
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_message(message: Message) -> Record:
    return MessageRecord(
        **plain(message, MessageRecord, "id", "thread", "documents", "citations", "latency_us", "stage"),
        id=message.id.int,
        thread=message.thread_id.int,
        documents=sorted(one.int for one in message.document_ids),
        citations=[_of_citation(one) for one in message.citations],
        latency_us=None if message.latency is None else message.latency // timedelta(microseconds=1),
        stage=of_stage(message.stage),
    )


def _message(record: MessageRecord) -> Message:
    given = fields(record) | {
        "id": MessageId(UUID(int=record.id)),
        "thread_id": ThreadId(UUID(int=record.thread)),
        "document_ids": frozenset(DocumentId(UUID(int=one)) for one in record.documents),
        "citations": tuple(_citation(one) for one in record.citations),
        "latency": None if record.latency_us is None else timedelta(microseconds=record.latency_us),
        "stage": stage_from(record.stage),
    }
    for name in ("thread", "documents", "latency_us"):
        del given[name]
    return Message(**given, owner=NOBODY)


@dataclass(frozen=True, slots=True)
class Codec:
    """How a kind of thing becomes a record, and a record a thing."""

    record: type[Record]
    written: Callable[[Any], Record]
    read: Callable[[Any], Thing]


CODECS: Mapping[Kind, Codec] = {
    Kind.TASK: Codec(TaskRecord, _of_task, _task),
    Kind.DOCUMENT: Codec(DocumentRecord, _of_document, _document),
    Kind.DECK: Codec(DeckRecord, _of_deck, _deck),
    Kind.CARD: Codec(CardRecord, _of_card, _card),
    Kind.PROPOSAL: Codec(ProposalRecord, _of_proposal, _proposal),
    Kind.STUDY_SESSION: Codec(SessionRecord, _of_session, _session),
    Kind.THREAD: Codec(ThreadRecord, _of_thread, _thread),
    Kind.MESSAGE: Codec(MessageRecord, _of_message, _message),
}
