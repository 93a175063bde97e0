"""Security events in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from studyteddy.adapters.in_memory.repository import page
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.security_events import Client, SecurityEvent, SecurityEventKind

_TABLE = "security_events"


class InMemorySecurityEvents:
    """The ``SecurityEvents`` port over a store. ``added`` are those of this unit of work."""

    def __init__(self, store: Store, journal: Journal, client: Callable[[], Client]) -> None:
        self._rows: dict[UUID, SecurityEvent] = store.table(_TABLE)
        self._journal = journal
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
        self._journal.put(_TABLE, event.id, replace(event, owner=event.kept_for))
        self.added.append(event)

    def page(self, owner: UserId, request: PageRequest) -> Page[SecurityEvent]:
        mine = (event for event in self._rows.values() if event.owner == owner)
        return page(
            mine,
            request,
            order="security_events",
            key=lambda event: event.at,
            as_text=datetime.isoformat,
            from_text=datetime.fromisoformat,
            descending=True,
        )

    def purge(self, *, before: datetime, limit: int) -> int:
        old = [event.id for event in self._rows.values() if event.at < before][:limit]
        for event_id in old:
            self._journal.remove(_TABLE, event_id)
        return len(old)
