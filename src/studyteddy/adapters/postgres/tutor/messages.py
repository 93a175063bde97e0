"""What was said in threads, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.tutor import answer_deltas, messages
from studyteddy.adapters.postgres.tutor.stored_json import (
    citation_from_json,
    citation_to_json,
    stage_from_json,
    stage_to_json,
)
from studyteddy.application.ports.repositories.tutor import MESSAGES
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import DocumentId, MessageId, ThreadId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tutor.messages import AnswerDelta, Message, MessageStatus
from studyteddy.domain.tutor.prompt import Mode, Speaker

_C = messages.c
_MINE = _C.owner == sa.bindparam("row_owner")
_IN_THREAD = sa.select(messages).where(_MINE, _C.thread_id == sa.bindparam("row_thread"))
_BY_CLIENT_ID = sa.select(messages).where(_MINE, _C.client_id == sa.bindparam("row_client_id"))
_AT = _IN_THREAD.where(_C.position == sa.bindparam("row_position"))
_BEFORE = (
    _IN_THREAD.where(_C.position < sa.bindparam("row_position"))
    .order_by(_C.position.desc())
    .limit(sa.bindparam("row_limit"))
)
_ADD = insert(messages).on_conflict_do_nothing().returning(_C.id)
_COUNT_RUNNING = sa.select(sa.func.count()).where(
    _MINE, _C.status.in_([MessageStatus.QUEUED.value, MessageStatus.STREAMING.value])
)
_APPEND = (
    insert(answer_deltas)
    .from_select(
        ["message_id", "seq", "text"],
        sa.select(
            _C.id,
            sa.bindparam("delta_seq", type_=sa.Integer),
            sa.bindparam("delta_text", type_=sa.Text),
        ).where(_MINE, _C.id == sa.bindparam("row_id")),
    )
    .on_conflict_do_nothing()
)
_DELTAS = (
    sa.select(answer_deltas.c.seq, answer_deltas.c.text)
    .join(messages, _C.id == answer_deltas.c.message_id)
    .where(_MINE, _C.id == sa.bindparam("row_id"), answer_deltas.c.seq > sa.bindparam("after_seq"))
    .order_by(answer_deltas.c.seq)
)


class PostgresMessages(OwnedRows[Message]):
    """The ``Messages`` port."""

    table = messages
    noun = "message"

    @staticmethod
    def to_row(message: Message) -> Values:
        return {
            "id": message.id,
            "owner": message.owner,
            "thread_id": message.thread_id,
            "position": message.position,
            "role": message.role.value,
            "content": message.content,
            "status": message.status.value,
            "mode": message.mode.value,
            "document_ids": sorted(message.document_ids),
            "client_id": message.client_id,
            "citations": [citation_to_json(citation) for citation in message.citations],
            "confidence": message.confidence,
            "model": message.model,
            "prompt_tokens": message.prompt_tokens,
            "completion_tokens": message.completion_tokens,
            "latency": message.latency,
            "problem": message.problem,
            "stage": stage_to_json(message.stage),
            "feedback_rating": message.feedback_rating,
            "feedback_reason": message.feedback_reason,
            "version": message.version,
            "created_at": message.created_at,
            "updated_at": message.updated_at,
        }

    @staticmethod
    def from_row(row: Any) -> Message:
        return Message(
            id=MessageId(row.id),
            owner=UserId(row.owner),
            thread_id=ThreadId(row.thread_id),
            position=row.position,
            role=Speaker(row.role),
            content=row.content,
            status=MessageStatus(row.status),
            mode=Mode(row.mode),
            document_ids=frozenset(map(DocumentId, row.document_ids)),
            client_id=row.client_id,
            citations=tuple(map(citation_from_json, row.citations)),
            confidence=row.confidence,
            model=row.model,
            prompt_tokens=row.prompt_tokens,
            completion_tokens=row.completion_tokens,
            latency=row.latency,
            problem=row.problem,
            stage=stage_from_json(row.stage),
            feedback_rating=row.feedback_rating,
            feedback_reason=row.feedback_reason,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def add(self, message: Message) -> None:
        if self._connection.execute(_ADD, self.to_row(message)).one_or_none() is not None:
            return
        if message.client_id is not None and self.by_client_id(message.owner, message.client_id) is not None:
            raise Conflict("This message was sent before.", code="already_sent")
        raise Conflict(
            "The last question of this thread is still being answered. Wait for it or cancel it.",
            code="answer_running",
        )

    def get(self, owner: UserId, message_id: MessageId) -> Message:
        return self._get(owner, message_id)

    def save(self, message: Message) -> None:
        self._save(message)

    def by_client_id(self, owner: UserId, client_id: str) -> Message | None:
        values = {"row_owner": owner, "row_client_id": client_id}
        row = self._connection.execute(_BY_CLIENT_ID, values).one_or_none()
        return self.from_row(row) if row is not None else None

    def at(self, owner: UserId, thread_id: ThreadId, position: int) -> Message:
        values = {"row_owner": owner, "row_thread": thread_id, "row_position": position}
        row = self._connection.execute(_AT, values).one_or_none()
        if row is None:
            raise self._missing()
        return self.from_row(row)

    def before(self, owner: UserId, thread_id: ThreadId, position: int, *, limit: int) -> Sequence[Message]:
        values = {"row_owner": owner, "row_thread": thread_id, "row_position": position, "row_limit": limit}
        return [self.from_row(row) for row in self._connection.execute(_BEFORE, values)][::-1]

    def page(self, owner: UserId, thread_id: ThreadId, request: PageRequest) -> Page[Message]:
        return page(
            self._connection,
            _IN_THREAD,
            {"row_owner": owner, "row_thread": thread_id},
            request,
            order=MESSAGES,
            key=_C.position,
            row_id=_C.id,
            as_text=str,
            from_text=int,
            from_row=self.from_row,
        )

    def running(self, owner: UserId) -> int:
        return self._connection.execute(_COUNT_RUNNING, {"row_owner": owner}).scalar_one()

    def append_delta(self, message: Message, delta: AnswerDelta) -> None:
        self._connection.execute(
            _APPEND,
            {"row_owner": message.owner, "row_id": message.id, "delta_seq": delta.seq, "delta_text": delta.text},
        )

    def deltas(self, owner: UserId, message_id: MessageId, *, after_seq: int = 0) -> Sequence[AnswerDelta]:
        values = {"row_owner": owner, "row_id": message_id, "after_seq": after_seq}
        return [AnswerDelta(seq=row.seq, text=row.text) for row in self._connection.execute(_DELTAS, values)]
