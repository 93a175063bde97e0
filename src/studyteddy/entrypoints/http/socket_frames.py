"""The frames of the socket: one JSON object each, told apart by ``type``."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from studyteddy.domain.errors import FieldFault, Invalid
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.notifications import NotificationKind
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.domain.tutor.messages import MAX_CLIENT_ID, MAX_QUESTION
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.domain.tutor.threads import MAX_SCOPE
from studyteddy.entrypoints.http.errors import Problem
from studyteddy.entrypoints.http.locators import PassageOut
from studyteddy.entrypoints.http.messages import MessageOut
from studyteddy.entrypoints.http.schemas import Instant, Text

PROTOCOL = 1
MAX_FRAME = 64 * 1024

_Id = Annotated[Text, Field(min_length=1, max_length=MAX_CLIENT_ID)]


class _FromClient(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Chat(_FromClient):
    """Ask. Sending it again under the same ``id`` asks nothing anew; what is left out stays as the thread has it."""

    type: Literal["chat"]
    id: _Id
    message: Annotated[Text, Field(min_length=1, max_length=MAX_QUESTION)]
    thread_id: UUID | None = None
    document_ids: Annotated[list[UUID], Field(max_length=MAX_SCOPE)] | None = None
    mode: Mode | None = None


class Resume(_FromClient):
    """Hear an answer from a piece on."""

    type: Literal["resume"]
    message_id: UUID
    after_seq: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Cancel(_FromClient):
    """Stop an answer."""

    type: Literal["cancel"]
    message_id: UUID


class Filters(_FromClient):
    """What narrows a search."""

    document_ids: Annotated[list[UUID], Field(max_length=MAX_SCOPE)] | None = None
    subject: Annotated[Text, Field(min_length=1, max_length=100)] | None = None

    def wanted(self) -> SearchFilters:
        ids = None if self.document_ids is None else frozenset(map(DocumentId, self.document_ids))
        return SearchFilters(document_ids=ids, subject=self.subject)


class RagSearch(_FromClient):
    """Find passages."""

    type: Literal["rag-search"]
    id: _Id
    query: Annotated[Text, Field(min_length=1, max_length=2_000)]
    filters: Filters | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 8


class Ping(_FromClient):
    """Ask for a ``pong``."""

    type: Literal["ping"]


ClientFrame = Annotated[Chat | Resume | Cancel | RagSearch | Ping, Field(discriminator="type")]


class Ready(BaseModel):
    """The first frame."""

    type: Literal["ready"] = "ready"
    protocol: int = PROTOCOL
    user_id: UUID


class ChatProcessing(BaseModel):
    """The question ``id`` was taken."""

    type: Literal["chat-processing"] = "chat-processing"
    id: str
    job_id: UUID
    thread_id: UUID
    message_id: UUID


class ChatDelta(BaseModel):
    """The next piece of an answer; ``seq`` counts from 1."""

    type: Literal["chat-delta"] = "chat-delta"
    message_id: UUID
    seq: int
    text: str


class ChatResponse(BaseModel):
    """An answer at its end: complete, cancelled or interrupted. Its ``content`` replaces what the pieces said."""

    type: Literal["chat-response"] = "chat-response"
    message: MessageOut


class ChatError(BaseModel):
    """The question ``id`` was refused (no ``message_id``), or the answer has failed."""

    type: Literal["chat-error"] = "chat-error"
    id: str | None
    message_id: UUID | None
    problem: Problem


class RagResults(BaseModel):
    """The passages found for the search ``id``, best first."""

    type: Literal["rag-results"] = "rag-results"
    id: str
    results: list[PassageOut]


class DocumentProgress(BaseModel):
    """How far a document has been read."""

    model_config = ConfigDict(extra="allow")

    type: Literal["document-progress"] = "document-progress"
    document_id: UUID
    status: str
    progress: int
    error: str | None = None


class Notification(BaseModel):
    """Something that the student should know, as ``/notifications`` lists it."""

    type: Literal["notification"] = "notification"
    id: UUID
    kind: NotificationKind
    subject_id: UUID
    data: dict[str, Any]
    created_at: Instant
    read_at: Instant | None = None


class Pong(BaseModel):
    """The answer to a ``ping``."""

    type: Literal["pong"] = "pong"


class ErrorFrame(BaseModel):
    """A frame could not be understood or carried out; the socket stays open."""

    type: Literal["error"] = "error"
    id: str | None = None
    problem: Problem


ServerFrame = Annotated[
    Ready
    | ChatProcessing
    | ChatDelta
    | ChatResponse
    | ChatError
    | RagResults
    | DocumentProgress
    | Notification
    | Pong
    | ErrorFrame,
    Field(discriminator="type"),
]

_FRAMES: TypeAdapter[Chat | Resume | Cancel | RagSearch | Ping] = TypeAdapter(ClientFrame)
_ANSWERS: TypeAdapter[Any] = TypeAdapter(ServerFrame)


def read_frame(raw: str | bytes) -> Chat | Resume | Cancel | RagSearch | Ping:
    """The frame; ``Invalid`` with code ``bad_frame`` or ``unknown_frame_type`` for anything else."""
    if isinstance(raw, bytes):
        raise Invalid("Send each frame as text: one JSON object.", code="bad_frame")
    try:
        return _FRAMES.validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    if faults[0]["type"] in ("union_tag_invalid", "union_tag_not_found"):
        raise Invalid(
            "Give the frame one of these types: chat, resume, cancel, rag-search, ping.", code="unknown_frame_type"
        )
    if faults[0]["type"] == "json_invalid":
        raise Invalid("This frame is not valid JSON. Send one JSON object a frame.", code="bad_frame")
    raise Invalid(
        "Correct these fields of the frame and send it again.",
        code="bad_frame",
        faults=[FieldFault(".".join(map(str, fault["loc"][1:])) or "frame", fault["msg"]) for fault in faults],
    )


def protocol_schema() -> dict[str, Any]:
    """The JSON schema of both directions, for the documentation and for clients."""
    return {
        "protocol": PROTOCOL,
        "client": _FRAMES.json_schema(),
        "server": _ANSWERS.json_schema(mode="serialization"),
    }
