"""Where security events are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.security_events import SecurityEvent, SecurityEventKind


class SecurityEvents(Protocol):
    """A log that only grows until its lines are old. The events of a person go with their account."""

    def add(
        self,
        kind: SecurityEventKind,
        *,
        owner: UserId | None,
        at: datetime,
        detail: str = "",
        actor: UserId | None = None,
    ) -> None:
        """Append an event; where it came from is taken from the request at hand.

        ``owner`` is None where the event belongs to no account, as a log-in to an unknown address does. ``detail`` is
        a few words for the owner, such as the name of a token: never a secret, never what somebody typed at a log-in.
        """
        ...

    def page(self, owner: UserId, request: PageRequest) -> Page[SecurityEvent]:
        """The events of one account, newest first."""
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` events that are older than an instant, and tell how many."""
        ...
