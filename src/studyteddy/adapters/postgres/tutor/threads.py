"""Threads in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from studyteddy.adapters.postgres.repository import OwnedRows, Values, page
from studyteddy.adapters.postgres.tables.tutor import threads
from studyteddy.application.ports.repositories.tutor import THREADS
from studyteddy.domain.ids import DocumentId, ThreadId, UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.domain.tutor.threads import Thread

_OF_OWNER = sa.select(threads).where(threads.c.owner == sa.bindparam("row_owner"))


class PostgresThreads(OwnedRows[Thread]):
    """The ``Threads`` port."""

    table = threads
    noun = "thread"

    @staticmethod
    def to_row(thread: Thread) -> Values:
        return {
            "id": thread.id,
            "owner": thread.owner,
            "title": thread.title,
            "mode": thread.mode.value,
            "document_ids": sorted(thread.document_ids),
            "message_count": thread.message_count,
            "version": thread.version,
            "created_at": thread.created_at,
            "updated_at": thread.updated_at,
        }

    @staticmethod
    def from_row(row: Any) -> Thread:
        return Thread(
            id=ThreadId(row.id),
            owner=UserId(row.owner),
            title=row.title,
            mode=Mode(row.mode),
            document_ids=frozenset(map(DocumentId, row.document_ids)),
            message_count=row.message_count,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def add(self, thread: Thread) -> None:
        self._add(thread)

    def get(self, owner: UserId, thread_id: ThreadId) -> Thread:
        return self._get(owner, thread_id)

    def save(self, thread: Thread) -> None:
        self._save(thread)

    def delete(self, owner: UserId, thread_id: ThreadId) -> None:
        self._delete(owner, thread_id)

    def page(self, owner: UserId, request: PageRequest) -> Page[Thread]:
        return page(
            self._connection,
            _OF_OWNER,
            {"row_owner": owner},
            request,
            order=THREADS,
            key=threads.c.updated_at,
            row_id=threads.c.id,
            as_text=str,
            from_text=datetime.fromisoformat,
            from_row=self.from_row,
            descending=True,
        )
