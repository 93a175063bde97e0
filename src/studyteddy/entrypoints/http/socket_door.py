"""Who gets in: everything that is checked while a socket is still a plain request, so that it can be refused as one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, request
from flask_openapi import APIBlueprint
from werkzeug.exceptions import BadRequest

from studyteddy.application.tickets import TICKET_SECONDS, Access, CheckAccess, IssueTicket, RedeemTicket
from studyteddy.domain.errors import Invalid, NotAllowed, NotAuthenticated
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import access
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.idempotency import keep_no_answer
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer
from studyteddy.entrypoints.http.slots import Slots

SUBPROTOCOL = "teddy.v1"
_TICKET = "ticket."
_KEY_BYTES = 16


class TicketOut(Answer):
    """A ticket for one socket: open it with the subprotocols ``teddy.v1`` and ``ticket.<ticket>``."""

    ticket: str
    expires_in: int


def ticket_blueprint(*, protect: Protect, issue: IssueTicket) -> APIBlueprint:
    """The route ``/ws/ticket``."""
    api = blueprint("socket_tickets", tag="socket", protect=protect, needs=Capability.STUDY)

    @api.post("/ws/ticket", summary="Get a ticket for the socket", responses={200: TicketOut})
    def issue_ticket() -> Any:
        keep_no_answer()
        ticket = issue(access=access())
        return TicketOut(ticket=ticket, expires_in=TICKET_SECONDS).json_ready()

    return api


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketDoor:
    """Checks Origin (403), the number of sockets (503), the ticket and its log-in (401), in this order.

    ``origins`` are pages of ours besides those of the host that was asked, such as ``https://study.example``.
    """

    redeem: RedeemTicket
    check_access: CheckAccess
    slots: Slots
    origins: Collection[str] = ()

    def guard(self, sockets: Blueprint) -> None:
        """Put the routes of a blueprint behind the door."""
        sockets.before_request(self._enter)
        sockets.teardown_request(self._leave)

    def _enter(self) -> None:
        self._check_origin()
        _check_handshake()
        self.slots.require_free()
        found = self.redeem(ticket=_ticket())
        self.check_access(access=found)
        self.slots.take(found.user_id)
        g.socket_access = found

    def _leave(self, _error: BaseException | None) -> None:
        served = g.pop("socket_access", None)
        if served is not None:
            self.slots.free(served.user_id)

    def _check_origin(self) -> None:
        origin = request.headers.get("Origin", "")
        parts = urlsplit(origin)
        ours = parts.scheme in ("http", "https") and parts.netloc == request.host
        if not ours and origin not in self.origins:
            raise NotAllowed("A socket can only be opened from Study Teddy's own pages.", code="foreign_origin")


def origin_of(url: str) -> str:
    """The origin of an address, as browsers state it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _check_handshake() -> None:
    """Refuse what could not be upgraded (RFC 6455, 4.2.1), rather than break in the middle of it."""
    if request.headers.get("Sec-WebSocket-Version") != "13":
        raise BadRequest("Use version 13 of the WebSocket protocol.")
    try:
        key = base64.b64decode(request.headers.get("Sec-WebSocket-Key", ""), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadRequest("The WebSocket key is missing or broken.")
    if SUBPROTOCOL not in _subprotocols():
        raise Invalid(f"Open the socket with the subprotocol {SUBPROTOCOL}.", code="unknown_subprotocol")


def _subprotocols() -> list[str]:
    return [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]


def _ticket() -> str:
    tickets = [name.removeprefix(_TICKET) for name in _subprotocols() if name.startswith(_TICKET)]
    if len(tickets) != 1 or not tickets[0]:
        raise NotAuthenticated(
            "Get a ticket (POST /ws/ticket) and open the socket with the subprotocol ticket.<ticket>.",
            code="ticket_missing",
        )
    return tickets[0]


def access_of_socket() -> Access:
    """Whom the socket of this request serves."""
    served: Access = g.socket_access
    return served
