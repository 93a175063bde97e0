"""People as an outside provider knows them, and the addresses that a browser may be sent to afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from studyteddy.domain.ids import UserId

MAX_PATH = 500

# One slash, then no second one and no backslash, which browsers read as a slash: //elsewhere.example is another site.
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedIdentity:
    """Whom a provider has logged in: ``issuer`` and ``subject`` together name the person for ever (OpenID Connect
    Core, 5.7). ``email`` is as the provider writes it, empty where it tells none."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideIdentity:
    """That an account and somebody at a provider are the same person. An account has one for each provider."""

    issuer: str
    subject: str
    user_id: UserId
    email: str
    created_at: datetime


def own_path(path: str, *, otherwise: str) -> str:
    """A path of this site, or ``otherwise`` for what leads elsewhere."""
    return path if len(path) <= MAX_PATH and _OWN_PATH.fullmatch(path) else otherwise
