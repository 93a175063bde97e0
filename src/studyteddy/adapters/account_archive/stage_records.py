"""What a quiz or a ladder of hints has in mind for the next turn, as records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studyteddy.adapters.account_archive.record_fields import (
    LocatorRecord,
    Number,
    Record,
    Storable,
    Whole,
    id_of,
    locator_from,
    of_locator,
)
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.portability import MOST
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.hints import Ladder, Rung
from studyteddy.domain.tutor.messages import Stage
from studyteddy.domain.tutor.quiz import Quiz, QuizQuestion
from studyteddy.domain.tutor.sentences import Span

_LONGEST = 100_000
Text = Annotated[Storable, Field(max_length=_LONGEST)]
Words = Annotated[list[Text], Field(max_length=1_000)]


class PassageRecord(Record):
    """A passage as it was when it was chosen; ``chunk`` as in a citation."""

    document: Number
    chunk: int = Field(ge=0, le=MOST)
    filename: Text
    title: Text
    locator: LocatorRecord
    text: Text
    score: float


class SpanRecord(Record):
    start: Whole
    end: Whole


class QuestionRecord(Record):
    passage: PassageRecord
    sentence: SpanRecord
    gap: SpanRecord


class QuizRecord(Record):
    kind: Literal["quiz"] = "quiz"
    topic: Text
    question: QuestionRecord | None
    asked: Words
    right: Whole
    judged: Whole


class LadderRecord(Record):
    kind: Literal["ladder"] = "ladder"
    question: Text
    passage: PassageRecord
    sentence: SpanRecord
    added: Words
    held: Words
    rung: Whole
    solved: bool


StageRecord = Annotated[QuizRecord | LadderRecord, Field(discriminator="kind")]


def of_stage(stage: Stage | None) -> QuizRecord | LadderRecord | None:
    if isinstance(stage, Quiz):
        return QuizRecord(
            topic=stage.topic,
            question=_of_question(stage.question) if stage.question else None,
            asked=list(stage.asked),
            right=stage.right,
            judged=stage.judged,
        )
    if isinstance(stage, Ladder):
        return LadderRecord(
            question=stage.question,
            passage=_of_passage(stage.passage),
            sentence=_of_span(stage.sentence),
            added=list(stage.added),
            held=list(stage.held),
            rung=stage.rung.value,
            solved=stage.solved,
        )
    return None


def stage_from(record: QuizRecord | LadderRecord | None) -> Stage | None:
    if isinstance(record, QuizRecord):
        return Quiz(
            topic=record.topic,
            question=_question(record.question) if record.question else None,
            asked=tuple(record.asked),
            right=record.right,
            judged=record.judged,
        )
    if isinstance(record, LadderRecord):
        return Ladder(
            question=record.question,
            passage=_passage(record.passage),
            sentence=_span(record.sentence),
            added=tuple(record.added),
            held=tuple(record.held),
            rung=Rung(record.rung),
            solved=record.solved,
        )
    return None


def _of_question(question: QuizQuestion) -> QuestionRecord:
    return QuestionRecord(
        passage=_of_passage(question.passage), sentence=_of_span(question.sentence), gap=_of_span(question.gap)
    )


def _question(record: QuestionRecord) -> QuizQuestion:
    return QuizQuestion(passage=_passage(record.passage), sentence=_span(record.sentence), gap=_span(record.gap))


def _of_passage(passage: Passage) -> PassageRecord:
    return PassageRecord(
        document=passage.document_id.int,
        chunk=passage.chunk_id.int,
        filename=passage.filename,
        title=passage.title,
        locator=of_locator(passage.locator),
        text=passage.text,
        score=passage.score,
    )


def _passage(record: PassageRecord) -> Passage:
    return Passage(
        document_id=id_of(record.document, DocumentId),
        chunk_id=id_of(record.chunk, ChunkId),
        filename=record.filename,
        title=record.title,
        locator=locator_from(record.locator),
        text=record.text,
        score=record.score,
    )


def _of_span(span: Span) -> SpanRecord:
    return SpanRecord(start=span.start, end=span.end)


def _span(record: SpanRecord) -> Span:
    return Span(record.start, record.end)
