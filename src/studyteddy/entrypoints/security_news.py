"""Who hears of security events besides the database: whoever reads the log, and the connections that are open."""

from __future__ import annotations

import structlog

from studyteddy.application.ports.events import ACCESS_CHANGED, USER_CHANNEL, Events
from studyteddy.domain.security_events import ENDS_ACCESS, SecurityEvent

log = structlog.get_logger(__name__)


class SecurityNews:
    """Called with each security event once it is committed. Its line is JSON, so nothing in it can begin another. The
    detail is left out of it: that may be in a person's own words.
    """

    def __init__(self, events: Events) -> None:
        self._events = events

    def __call__(self, event: SecurityEvent) -> None:
        log.info(
            "security",
            kind=str(event.kind),
            owner=str(event.owner) if event.owner else None,
            actor=str(event.actor) if event.actor else None,
            device=event.client.device,
            network=event.client.network,
        )
        if event.kind in ENDS_ACCESS and event.owner is not None:
            self._events.publish(event.owner, USER_CHANNEL, ACCESS_CHANGED, {})
