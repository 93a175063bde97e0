"""What every route of a logged-in person gets: the guard first, then a limit, then safety for retries."""

from __future__ import annotations

from collections.abc import Callable

from flask_openapi import APIBlueprint

from studyteddy.application.attempts import LimitRequests
from studyteddy.entrypoints.http.auth import Guard, owner
from studyteddy.entrypoints.http.idempotency import RetrySafety

Protect = Callable[[APIBlueprint], None]
"""Puts a blueprint's routes behind a log-in."""


def protection(guard: Guard, limit: LimitRequests, retry_safety: RetrySafety) -> Protect:
    """A function that protects blueprints; hooks run in the order in which they are added."""

    def protect(api: APIBlueprint) -> None:
        api.before_request(guard)
        api.before_request(lambda: limit(owner=owner()))
        api.before_request(retry_safety.before)
        api.after_request(retry_safety.after)
        api.teardown_request(retry_safety.forget)

    return protect
