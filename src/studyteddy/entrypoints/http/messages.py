"""Messages of the tutor as JSON, the same over HTTP, server-sent events and the socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from studyteddy.domain.errors import Unavailable
from studyteddy.domain.tutor.messages import Citation, Message, MessageStatus
from studyteddy.domain.tutor.prompt import Mode, Speaker
from studyteddy.entrypoints.http.errors import problem_of
from studyteddy.entrypoints.http.locators import LocatorOut, present_locator
from studyteddy.entrypoints.http.schemas import Answer, Instant

_REASONS = {
    "provider_unavailable": "The language model did not answer. Ask again in a moment.",
    "rate_limited": "The language model takes no more questions for now. Ask again in a few minutes.",
    "provider_rejected_key": "The language model refuses the key of this server. Whoever runs it has to correct it.",
    "provider_refused": "The language model refuses to answer this. Put the question in other words.",
    "database_unavailable": "The database did not answer. Ask again in a few seconds.",
}
_OURS = "Something went wrong on our side. Ask again; the question is kept."


class CitationOut(Answer):
    """What stands behind ``[number]`` of an answer; ``verified`` when ``quote`` stands word for word in the passage."""

    number: int
    chunk_id: UUID
    document_id: UUID
    filename: str
    locator: LocatorOut
    quote: str
    verified: bool


class MessageOut(Answer):
    """A question or an answer. ``confidence`` (0..1) and what follows are null where they say nothing."""

    id: UUID
    thread_id: UUID
    role: Speaker
    content: str
    status: MessageStatus
    mode: Mode
    citations: list[CitationOut]
    confidence: float | None
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_ms: int | None
    feedback_rating: int | None
    feedback_reason: str | None
    problem: str | None
    created_at: Instant


def present_message(message: Message) -> MessageOut:
    return MessageOut(
        id=message.id,
        thread_id=message.thread_id,
        role=message.role,
        content=message.content,
        status=message.status,
        mode=message.mode,
        citations=[_citation(citation) for citation in message.citations],
        confidence=None if message.confidence is None else round(message.confidence, 4),
        model=message.model,
        prompt_tokens=message.prompt_tokens,
        completion_tokens=message.completion_tokens,
        latency_ms=None if message.latency is None else round(message.latency.total_seconds() * 1000),
        feedback_rating=message.feedback_rating,
        feedback_reason=message.feedback_reason,
        problem=message.problem,
        created_at=message.created_at,
    )


def _citation(citation: Citation) -> CitationOut:
    return CitationOut(
        number=citation.number,
        chunk_id=citation.chunk_id,
        document_id=citation.document_id,
        filename=citation.filename,
        locator=present_locator(citation.locator),
        quote=citation.quote,
        verified=citation.verified,
    )


def failure(message: Message) -> Unavailable:
    """Why an answer failed, as an error that can be told."""
    code = message.problem or "internal_error"
    return Unavailable(_REASONS.get(code, _OURS), code=code)


def failure_document(message: Message) -> dict[str, Any]:
    """The same as a problem document, for streams."""
    return problem_of(failure(message), instance=f"/messages/{message.id}")
