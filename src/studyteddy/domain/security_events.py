"""What happened to an account that its owner may want to know: who came in, and who changed what opens it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from studyteddy.domain.ids import UserId

MAX_DEVICE = 120
MAX_DETAIL = 200
_V4_PREFIX, _V6_PREFIX = 24, 48


class SecurityEventKind(StrEnum):
    """What happened, as programs read it."""

    REGISTERED = "registered"
    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    LOGGED_OUT = "logged_out"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 - the name of an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_VERIFIED = "email_verified"
    API_TOKEN_MADE = "api_token_made"  # noqa: S105
    API_TOKEN_DELETED = "api_token_deleted"  # noqa: S105
    ROLES_CHANGED = "roles_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    GOOGLE_LINKED = "google_linked"
    GOOGLE_UNLINKED = "google_unlinked"
    DATA_EXPORTED = "data_exported"
    ACCOUNT_DELETED = "account_deleted"


ENDS_ACCESS = frozenset(
    {
        SecurityEventKind.LOGGED_OUT,
        SecurityEventKind.REFRESH_TOKEN_REUSED,
        SecurityEventKind.PASSWORD_CHANGED,
        SecurityEventKind.PASSWORD_RESET,
        SecurityEventKind.API_TOKEN_DELETED,
        SecurityEventKind.ACCOUNT_DISABLED,
        SecurityEventKind.ACCOUNT_DELETED,
    }
)
"""After these a credential may be void that was good before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The device and the network that a request came from, kept so short that they name no person."""

    device: str = ""
    network: str = ""

    @classmethod
    def of(cls, *, device: str, address: str) -> Client:
        """``device`` is what the program calls itself; of ``address`` only the network is kept, as in 192.0.2.0/24."""
        return cls(device=_one_line(device, MAX_DEVICE), network=_network(address))


NOBODY = Client()
"""No request: a command, or a worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """One line of the log. It never holds a password, a token or an address that was typed in.

    ``owner`` is whose account it is about, None when there is no such account (any more); ``actor`` is the
    administrator who did it, None when the owner or an operator did.
    """

    id: UUID
    kind: SecurityEventKind
    owner: UserId | None
    actor: UserId | None
    client: Client
    detail: str
    at: datetime

    @property
    def kept_for(self) -> UserId | None:
        """Whose account the line is kept with: one that is deleted takes its lines along, all but this last one."""
        return None if self.kind is SecurityEventKind.ACCOUNT_DELETED else self.owner

    @classmethod
    def of(
        cls,
        kind: SecurityEventKind,
        *,
        id: UUID,
        owner: UserId | None,
        client: Client,
        at: datetime,
        actor: UserId | None = None,
        detail: str = "",
    ) -> SecurityEvent:
        """An event with its detail on one line."""
        short = _one_line(detail, MAX_DETAIL)
        return cls(id=id, kind=kind, owner=owner, actor=actor, client=client, detail=short, at=at)


def _one_line(text: str, limit: int) -> str:
    """At most ``limit`` characters, with what can't be seen written as escapes: nobody forges a second line."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text[:limit])[:limit]


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    prefix = _V4_PREFIX if known.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network((known, prefix), strict=False))
