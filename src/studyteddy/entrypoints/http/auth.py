"""Who is calling: the guard of every blueprint that needs a person."""

from __future__ import annotations

import re

import structlog
from flask import g, request

from studyteddy.application.accounts import Authenticate, Caller
from studyteddy.application.tickets import Access
from studyteddy.domain.errors import NotAuthenticated, StaleVersion
from studyteddy.domain.ids import UserId
from studyteddy.domain.permissions import Capability, require

_VERSION = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*')


# RFC 9110, 9.2.1. Whatever else a method is called may change something; a header that names another one is not read.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Run before each request of a protected blueprint: no bearer token that is good for what the blueprint is for and
    for the method, no handler. Nowhere else is asked who may do what.
    """

    def __init__(self, authenticate: Authenticate) -> None:
        self._authenticate = authenticate

    def __call__(self, capability: Capability) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotAuthenticated("Log in first and send the access token as 'Authorization: Bearer ...'.")
        g.caller = self._authenticate(access_token=token.strip())
        structlog.contextvars.bind_contextvars(user_id=str(g.caller.user.id))
        user, scopes = g.caller.user, g.caller.scopes
        require(capability, roles=user.roles, scopes=scopes, changes=request.method not in _SAFE)


def caller() -> Caller:
    """The person behind this request."""
    found: Caller = g.caller
    return found


def owner() -> UserId:
    """Whose data this request may touch."""
    return caller().user.id


def access() -> Access:
    """What a connection that stays open rests on."""
    by = caller()
    return Access(
        user_id=by.user.id, session_id=by.log_in, api_token_id=by.api_token.id if by.api_token is not None else None
    )


def expected_version() -> int | None:
    """The version of ``If-Match``, None without one. A tag that no version ever had is stale."""
    stated = request.headers.get("If-Match")
    if stated is None or stated.strip() == "*":
        return None
    match = _VERSION.fullmatch(stated)
    if match is None:
        raise StaleVersion('Send If-Match with the version as you got it, for example "3".')
    return int(match.group(1))
