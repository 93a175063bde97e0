"""What is said in a thread: questions, and answers with their checked citations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from studyteddy.domain.documents import Locator
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.ids import ChunkId, DocumentId, MessageId, ThreadId, UserId
from studyteddy.domain.text_rules import require_storable, require_text, stripped_or_none
from studyteddy.domain.tutor.hints import Ladder
from studyteddy.domain.tutor.prompt import Mode, Speaker, Turn
from studyteddy.domain.tutor.quiz import Quiz

MAX_QUESTION = 4_000
MAX_ANSWER = 50_000
"""Characters. A model that talks on is stopped here: an answer longer than this helps nobody and costs all the same."""

MAX_CLIENT_ID = 100
MAX_REASON = 500

Stage = Quiz | Ladder
"""What a mode keeps in mind for the next turn."""


class MessageStatus(StrEnum):
    """How far a message is. Questions are complete from the start."""

    COMPLETE = "complete"
    QUEUED = "queued"
    STREAMING = "streaming"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def running(self) -> bool:
        """Whether more is still to come."""
        return self in (MessageStatus.QUEUED, MessageStatus.STREAMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where the answer's ``[number]`` comes from.

    When ``verified``, ``quote`` stands word for word in the passage and ``locator`` gives its range. Otherwise it is
    what the model put into quotation marks although the passage doesn't say it, and the locator is the passage's.
    """

    number: int
    chunk_id: ChunkId
    document_id: DocumentId
    filename: str
    locator: Locator
    quote: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDelta:
    """A piece of an answer as it was streamed; ``seq`` counts from 1 in its message."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an answer took: tokens as the provider counted them, and the time from the question to the last word."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    latency: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something said in a thread, at ``position`` (from 1).

    A question carries the ``client_id`` under which it was sent, so that sending it again adds nothing. An answer
    carries the scope it was asked in (``mode`` and ``document_ids``, empty for all documents), ``problem`` (a stable
    code, set exactly when it failed), ``stage``: what its mode keeps in mind for the next turn, and how its student
    rated it and why.
    """

    id: MessageId
    owner: UserId
    thread_id: ThreadId
    position: int
    role: Speaker
    content: str
    status: MessageStatus
    mode: Mode
    document_ids: frozenset[DocumentId] = frozenset()
    client_id: str | None = None
    citations: tuple[Citation, ...] = ()
    confidence: float | None = None
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    latency: timedelta | None = None
    problem: str | None = None
    stage: Stage | None = None
    feedback_rating: int | None = None
    feedback_reason: str | None = None
    version: int = 1
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        if self.role is Speaker.USER:
            require_text("message", self.content, limit=MAX_QUESTION)
        if self.client_id is not None:
            require_text("id", self.client_id, limit=MAX_CLIENT_ID)
        require_storable("content", self.content, limit=MAX_ANSWER)
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise Invalid("Confidence runs from 0 to 1.")
        if (self.status is MessageStatus.FAILED) != (self.problem is not None):
            raise Invalid("A message has a problem exactly when it has failed.")
        if self.feedback_rating is not None and not 1 <= self.feedback_rating <= 5:
            raise Invalid.field("rating", "Rate an answer with 1 (useless) to 5 (just right).")
        if self.feedback_reason is not None:
            require_text("reason", self.feedback_reason, limit=MAX_REASON)
            if self.feedback_rating is None:
                raise Invalid.field("reason", "A reason comes with a rating.")

    def _changed(self, now: datetime, **changes: object) -> Message:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    def started(self, now: datetime) -> Message:
        """Being answered; starting twice is fine, since a killed worker is followed by another."""
        self._require_running()
        return self._changed(now, status=MessageStatus.STREAMING)

    def settled(
        self,
        status: MessageStatus,
        *,
        content: str,
        citations: tuple[Citation, ...] = (),
        confidence: float | None = None,
        cost: Cost | None = None,
        stage: Stage | None = None,
        problem: str | None = None,
        now: datetime,
    ) -> Message:
        """The answer as it stays. ``Conflict`` (``answer_settled``) when it's at its end already."""
        self._require_running()
        return self._changed(
            now,
            status=status,
            content=content,
            citations=citations,
            confidence=confidence,
            model=cost.model if cost else None,
            prompt_tokens=cost.prompt_tokens if cost else None,
            completion_tokens=cost.completion_tokens if cost else None,
            latency=cost.latency if cost else None,
            stage=stage,
            problem=problem,
        )

    def rated(self, rating: int, now: datetime, reason: str | None = None) -> Message:
        """The answer with the student's rating, 1..5, and why; rating again replaces both."""
        if self.role is not Speaker.ASSISTANT or self.status.running:
            raise Conflict("Only an answer that is at its end can be rated.", code="not_rateable")
        return self._changed(now, feedback_rating=rating, feedback_reason=stripped_or_none(reason))

    def as_turn(self) -> Turn:
        return Turn(speaker=self.role, text=self.content)

    def _require_running(self) -> None:
        if not self.status.running:
            raise Conflict("This answer is at its end already.", code="answer_settled")
