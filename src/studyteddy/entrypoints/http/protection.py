"""What every route of a known person gets: the guard first, then a limit, then safety for retries."""

from __future__ import annotations

from collections.abc import Callable

from flask_openapi import APIBlueprint

from studyteddy.application.attempts import LimitRequests
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import Guard, owner
from studyteddy.entrypoints.http.idempotency import RetrySafety

Protect = Callable[[APIBlueprint, Capability], None]
"""Puts a blueprint's routes behind what they are for."""


def protection(guard: Guard, limit: LimitRequests, retry_safety: RetrySafety) -> Protect:
    """A function that protects blueprints; hooks run in the order in which they are added."""

    def protect(api: APIBlueprint, capability: Capability) -> None:
        api.before_request(lambda: guard(capability))
        api.before_request(lambda: limit(owner=owner()))
        api.before_request(retry_safety.before)
        api.after_request(retry_safety.after)
        api.teardown_request(retry_safety.forget)

    return protect
