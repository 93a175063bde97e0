"""The log of security events over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint

from studyteddy.application.security_events import ListSecurityEvents
from studyteddy.domain.security_events import NOBODY, SecurityEvent, SecurityEventKind
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Instant, PageOut, PageQuery, present_page

ORDER = "security_events"


class SecurityEventOut(Answer):
    """What happened to an account, and from where. ``by_admin`` tells that an administrator did it; from where is then
    left out for the person.
    """

    id: UUID
    kind: SecurityEventKind
    at: Instant
    device: str
    network: str
    detail: str
    by_admin: bool


def present_event(event: SecurityEvent) -> SecurityEventOut:
    return SecurityEventOut(
        id=event.id,
        kind=event.kind,
        at=event.at,
        device=event.client.device,
        network=event.client.network,
        detail=event.detail,
        by_admin=event.actor is not None,
    )


def _for_the_owner(event: SecurityEvent) -> SecurityEventOut:
    """Without the whereabouts of an administrator, which are not the person's business."""
    return present_event(event if event.actor is None else replace(event, client=NOBODY))


def security_events_blueprint(*, protect: Protect, listing: ListSecurityEvents) -> APIBlueprint:
    """The route ``/users/me/security-events``."""
    api = blueprint("security_events", tag="accounts", protect=protect)

    @api.get(
        "/users/me/security-events",
        summary="List what happened to my account",
        responses={200: PageOut[SecurityEventOut]},
    )
    def list_my_security_events(query: PageQuery) -> Any:
        return present_page(listing(owner=owner(), request=query.request(ORDER)), _for_the_owner)

    return api
