"""Who is calling: the guard of every blueprint that needs a person."""

from __future__ import annotations

import re

import structlog
from flask import g, request

from studyteddy.application.accounts import Authenticate, Caller
from studyteddy.domain.errors import NotAuthenticated, StaleVersion
from studyteddy.domain.ids import UserId

_VERSION = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*')


class Guard:
    """Run before each request of a protected blueprint: no valid bearer token, no handler."""

    def __init__(self, authenticate: Authenticate) -> None:
        self._authenticate = authenticate

    def __call__(self) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotAuthenticated("Log in first and send the access token as 'Authorization: Bearer ...'.")
        g.caller = self._authenticate(access_token=token.strip())
        structlog.contextvars.bind_contextvars(user_id=str(g.caller.user.id))


def caller() -> Caller:
    """The person behind this request."""
    found: Caller = g.caller
    return found


def owner() -> UserId:
    """Whose data this request may touch."""
    return caller().user.id


def expected_version() -> int | None:
    """The version of ``If-Match``, None without one. A tag that no version ever had is stale."""
    stated = request.headers.get("If-Match")
    if stated is None or stated.strip() == "*":
        return None
    match = _VERSION.fullmatch(stated)
    if match is None:
        raise StaleVersion('Send If-Match with the version as you got it, for example "3".')
    return int(match.group(1))
