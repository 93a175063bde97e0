"""The records of an archive: one line of JSON for each thing, under names that stay when the program changes its own.

Ids are numbers that count from 1 within their kind. Instants are in UTC. A record is validated by type here and by the
domain's own rules when it becomes a thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from studyteddy.domain.documents import Document, Locator, LocatorUnit, MediaType
from studyteddy.domain.flashcards.cards import Card, CardSource
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



def in_utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[AwareDatetime, PlainSerializer(in_utc, str)]
Number = Annotated[int, Field(ge=1, le=MOST)]
Small = Annotated[int, Field(ge=-(2**15), le=2**15 - 1)]
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Record(BaseModel):
    """A line. Unknown fields are refused, and nothing is guessed."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


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
        **_plain(task, TaskRecord, "id", "recurrence", "continued_by"),
        id=task.id.int,
        recurrence=str(task.recurrence) if task.recurrence else None,
        continued_by=_number(task.continued_by),
    )


def _task(record: TaskRecord) -> Task:
    fields = _fields(record) | {
        "id": TaskId(UUID(int=record.id)),
        "recurrence": parse(record.recurrence) if record.recurrence else None,
        "continued_by": _id(record.continued_by, TaskId),
    }
    return Task(**fields, owner=NOBODY)


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
    return DocumentRecord(**_plain(document, DocumentRecord, "id"), id=document.id.int)


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
    return DeckRecord(**_plain(deck, DeckRecord, "id"), id=deck.id.int)


def _deck(record: DeckRecord) -> Deck:
    return Deck(**_fields(record) | {"id": DeckId(UUID(int=record.id))}, owner=NOBODY)


class LocatorRecord(Record):
    unit: LocatorUnit
    number: Whole
    label: str | None = Field(max_length=10_000)
    char_start: Whole
    char_end: Whole


def _of_locator(locator: Locator) -> LocatorRecord:
    return LocatorRecord(**_plain(locator, LocatorRecord))


def _locator(record: LocatorRecord) -> Locator:
    return Locator(**_fields(record))


class SourceRecord(Record):
    """``chunk`` is the number of the passage in its document; 0 is none that is known."""

    document: Number | None
    chunk: int | None = Field(ge=0, le=MOST)
    locator: LocatorRecord | None
    title: str | None
    text: str | None


def _of_source(source: CardSource) -> SourceRecord:
    return SourceRecord(
        document=_number(source.document_id),
        chunk=_number(source.chunk_id),
        locator=_of_locator(source.locator) if source.locator else None,
        title=source.title,
        text=source.text,
    )


def _source(record: SourceRecord) -> CardSource:
    return CardSource(
        document_id=_id(record.document, DocumentId),
        chunk_id=_id(record.chunk, ChunkId),
        locator=_locator(record.locator) if record.locator else None,
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
    return ScheduleRecord(**_plain(schedule, ScheduleRecord))


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
    source: SourceRecord | None
    schedule: ScheduleRecord
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_card(card: Card) -> Record:
    return CardRecord(
        **_plain(card, CardRecord, "id", "deck", "tags", "source", "schedule"),
        id=card.id.int,
        deck=card.deck_id.int,
        tags=list(card.tags),
        source=_of_source(card.source) if card.source else None,
        schedule=_of_schedule(card.schedule),
    )


def _card(record: CardRecord) -> Card:
    fields = _fields(record) | {
        "id": CardId(UUID(int=record.id)),
        "deck_id": DeckId(UUID(int=record.deck)),
        "tags": tuple(record.tags),
        "source": record.source and _source(record.source),
        "schedule": schedule_from(record.schedule),
    }
    del fields["deck"]
    return Card(**fields, owner=NOBODY)


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
        **_plain(proposal, ProposalRecord, "id", "deck", "tags", "source"),
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
        **_plain(session, SessionRecord, "id", "task", "pauses"),
        id=session.id.int,
        task=_number(session.task_id),
        pauses=[PauseRecord(start=span.start, end=span.end) for span in session.pauses],
    )


def _session(record: SessionRecord) -> StudySession:
    fields = _fields(record) | {
        "id": StudySessionId(UUID(int=record.id)),
        "task_id": _id(record.task, TaskId),
        "pauses": tuple(Span(start=pause.start, end=pause.end) for pause in record.pauses),
    }
    del fields["task"]
    return StudySession(**fields, owner=NOBODY)


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
        **_plain(thread, ThreadRecord, "id", "documents"),
        id=thread.id.int,
        documents=sorted(one.int for one in thread.document_ids),
    )


def _thread(record: ThreadRecord) -> Thread:
    fields = _fields(record) | {
        "id": ThreadId(UUID(int=record.id)),
        "document_ids": frozenset(DocumentId(UUID(int=one)) for one in record.documents),
    }
    del fields["documents"]
    return Thread(**fields, owner=NOBODY)


class CitationRecord(Record):
    number: Whole
    document: Number
    chunk: int = Field(ge=0, le=MOST)
    filename: str = Field(max_length=1_000)
    locator: LocatorRecord
    quote: str = Field(max_length=20_000)
    verified: bool


def _of_citation(citation: Citation) -> CitationRecord:
    return CitationRecord(
        **_plain(citation, CitationRecord, "document", "chunk", "locator"),
        document=citation.document_id.int,
        chunk=citation.chunk_id.int,
        locator=_of_locator(citation.locator),
    )


def _citation(record: CitationRecord) -> Citation:
    return Citation(
        number=record.number,
        document_id=DocumentId(UUID(int=record.document)),
        chunk_id=ChunkId(UUID(int=record.chunk)),
        filename=record.filename,
        locator=_locator(record.locator),
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
    model: str | None = Field(max_length=1_000)
    prompt_tokens: Whole | None
    completion_tokens: Whole | None
    latency_us: int | None = Field(ge=0, le=2**50)
    problem: str | None = Field(max_length=100)
    feedback_rating: Small | None
    version: Version
    created_at: Instant
    updated_at: Instant


def _of_message(message: Message) -> Record:
    return MessageRecord(
        **_plain(message, MessageRecord, "id", "thread", "documents", "citations", "latency_us"),
        id=message.id.int,
        thread=message.thread_id.int,
        documents=sorted(one.int for one in message.document_ids),
        citations=[_of_citation(one) for one in message.citations],
        latency_us=None if message.latency is None else message.latency // timedelta(microseconds=1),
    )


def _message(record: MessageRecord) -> Message:
    fields = _fields(record) | {
        "id": MessageId(UUID(int=record.id)),
        "thread_id": ThreadId(UUID(int=record.thread)),
        "document_ids": frozenset(DocumentId(UUID(int=one)) for one in record.documents),
        "citations": tuple(_citation(one) for one in record.citations),
        "latency": None if record.latency_us is None else timedelta(microseconds=record.latency_us),
    }
    for name in ("thread", "documents", "latency_us"):
        del fields[name]
    return Message(**fields, owner=NOBODY)


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


def _plain(thing: object, record: type[Record], *others: str) -> dict[str, Any]:
    """The fields that a thing and its record have alike."""
    return {name: getattr(thing, name) for name in record.model_fields if name not in others}


def _fields(record: Record) -> dict[str, Any]:
    """The fields as they are, records within left as such; instants in UTC."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name in type(record).model_fields
        for value in (getattr(record, name),)
    }


def _number(named: UUID | None) -> int | None:
    return None if named is None else named.int


def _id(number: int | None, of: Callable[[UUID], Any]) -> Any:
    return None if number is None else of(UUID(int=number))
