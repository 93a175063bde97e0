"""Citations and stages as the JSON that their columns hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.hints import Ladder, Rung
from studyteddy.domain.tutor.messages import Citation, Stage
from studyteddy.domain.tutor.quiz import Quiz, QuizQuestion
from studyteddy.domain.tutor.sentences import Span

Json = Mapping[str, Any]


def citation_to_json(citation: Citation) -> Json:
    return {
        "number": citation.number,
        "chunk_id": str(citation.chunk_id),
        "document_id": str(citation.document_id),
        "filename": citation.filename,
        "locator": _locator_to_json(citation.locator),
        "quote": citation.quote,
        "verified": citation.verified,
    }


def citation_from_json(row: Json) -> Citation:
    return Citation(
        number=row["number"],
        chunk_id=ChunkId(UUID(row["chunk_id"])),
        document_id=DocumentId(UUID(row["document_id"])),
        filename=row["filename"],
        locator=_locator_from_json(row["locator"]),
        quote=row["quote"],
        verified=row["verified"],
    )


def stage_to_json(stage: Stage | None) -> Json | None:
    if isinstance(stage, Quiz):
        question = stage.question
        return {
            "kind": "quiz",
            "topic": stage.topic,
            "question": question
            and {
                "passage": _passage_to_json(question.passage),
                "sentence": [question.sentence.start, question.sentence.end],
                "gap": [question.gap.start, question.gap.end],
            },
            "asked": list(stage.asked),
            "right": stage.right,
            "judged": stage.judged,
        }
    if isinstance(stage, Ladder):
        return {
            "kind": "ladder",
            "question": stage.question,
            "passage": _passage_to_json(stage.passage),
            "sentence": [stage.sentence.start, stage.sentence.end],
            "added": list(stage.added),
            "held": list(stage.held),
            "rung": stage.rung.value,
            "solved": stage.solved,
        }
    return None


def stage_from_json(row: Json | None) -> Stage | None:
    if row is None:
        return None
    if row["kind"] == "quiz":
        return Quiz(
            topic=row["topic"],
            question=_question_from_json(row["question"]) if row["question"] else None,
            asked=tuple(row["asked"]),
            right=row["right"],
            judged=row["judged"],
        )
    return Ladder(
        question=row["question"],
        passage=_passage_from_json(row["passage"]),
        sentence=Span(*row["sentence"]),
        added=tuple(row["added"]),
        held=tuple(row["held"]),
        rung=Rung(row["rung"]),
        solved=row["solved"],
    )


def _question_from_json(row: Json) -> QuizQuestion:
    return QuizQuestion(
        passage=_passage_from_json(row["passage"]), sentence=Span(*row["sentence"]), gap=Span(*row["gap"])
    )


def _passage_to_json(passage: Passage) -> Json:
    return {
        "chunk_id": str(passage.chunk_id),
        "document_id": str(passage.document_id),
        "filename": passage.filename,
        "title": passage.title,
        "locator": _locator_to_json(passage.locator),
        "text": passage.text,
        "score": passage.score,
    }


def _passage_from_json(row: Json) -> Passage:
    return Passage(
        chunk_id=ChunkId(UUID(row["chunk_id"])),
        document_id=DocumentId(UUID(row["document_id"])),
        filename=row["filename"],
        title=row["title"],
        locator=_locator_from_json(row["locator"]),
        text=row["text"],
        score=row["score"],
    )


def _locator_to_json(locator: Locator) -> Json:
    return {
        "unit": locator.unit.value,
        "number": locator.number,
        "label": locator.label,
        "char_start": locator.char_start,
        "char_end": locator.char_end,
    }


def _locator_from_json(row: Json) -> Locator:
    return Locator(
        unit=LocatorUnit(row["unit"]),
        number=row["number"],
        label=row["label"],
        char_start=row["char_start"],
        char_end=row["char_end"],
    )
