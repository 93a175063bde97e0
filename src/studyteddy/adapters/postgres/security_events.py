"""Security events in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from studyteddy.adapters.postgres.repository import page
from studyteddy.adapters.postgres.tables.security_events import security_events as table
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.security_events import Client, SecurityEvent, SecurityEventKind

_OF = sa.select(table).where(table.c.owner == sa.bindparam("of"))
_OLD = sa.select(table.c.id).where(table.c.at < sa.bindparam("before")).limit(sa.bindparam("at_most"))
_PURGE = sa.delete(table).where(table.c.id.in_(_OLD))


def _row(event: SecurityEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind,
        "owner": event.kept_for,
        "actor": event.actor,
        "device": event.client.device,
        "network": event.client.network,
        "detail": event.detail,
        "at": event.at,
    }


def _event(row: Any) -> SecurityEvent:
    return SecurityEvent(
        id=row.id,
        kind=SecurityEventKind(row.kind),
        owner=UserId(row.owner) if row.owner else None,
        actor=UserId(row.actor) if row.actor else None,
        client=Client(device=row.device, network=row.network),
        detail=row.detail,
        at=row.at,
    )


class PostgresSecurityEvents:
    """The ``SecurityEvents`` port. ``added`` are those of this unit of work."""

    def __init__(self, connection: sa.Connection, client: Callable[[], Client]) -> None:
        self._connection = connection
        self._client = client
        self.added: list[SecurityEvent] = []

    def add(
        self,
        kind: SecurityEventKind,
        *,
        owner: UserId | None,
        at: datetime,
        detail: str = "",
        actor: UserId | None = None,
    ) -> None:
        event = SecurityEvent.of(
            kind, id=uuid4(), owner=owner, client=self._client(), at=at, actor=actor, detail=detail
        )
        self._connection.execute(sa.insert(table), _row(event))
        self.added.append(event)

    def page(self, owner: UserId, request: PageRequest) -> Page[SecurityEvent]:
        return page(
            self._connection,
            _OF,
            {"of": owner},
            request,
            order="security_events",
            key=table.c.at,
            row_id=table.c.id,
            as_text=datetime.isoformat,
            from_text=datetime.fromisoformat,
            from_row=_event,
            descending=True,
        )

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE, {"before": before, "at_most": limit}).rowcount
