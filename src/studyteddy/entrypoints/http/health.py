"""Is the process up, and can it work?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

import structlog
from flask import Blueprint

log = structlog.get_logger(__name__)

LIMIT_SECONDS = 1.0
"""A dependency that says nothing for so long counts as gone."""
FRESH_SECONDS = 0.5
"""Who asks again sooner gets the same answer: probes must not become a load of their own."""


class State(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


class Degraded(Exception):
    """It works, but somebody should look; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``look`` returns what there is to say when all is well, raises ``Degraded``, or anything else when it's gone.

    Without a ``needed`` one no request can be answered. The others hold up a part of the work, which catches up later.
    """

    name: str
    look: Callable[[], str | None]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    state: State
    words: str | None = None


def health_blueprint(checks: Iterable[Check]) -> Blueprint:
    """``/health/live`` says that the process answers; ``/health/ready`` tries each dependency and names it.

    It answers within a second or so, with 503 while a needed dependency is gone. One that hangs holds one thread.
    """
    health = Blueprint("health", __name__)
    probes = [_Probe(check) for check in checks]

    @health.get("/health/live")
    def live() -> Any:
        return {"status": State.OK}

    @health.get("/health/ready")
    def ready() -> Any:
        for probe in probes:
            probe.begin()
        until = monotonic() + LIMIT_SECONDS
        outcomes = {probe.check.name: probe.outcome(until) for probe in probes}
        needed = {probe.check.name for probe in probes if probe.check.needed}
        status = _overall(outcomes, needed)
        details = {name: outcome.words for name, outcome in outcomes.items() if outcome.words}
        states = {name: outcome.state for name, outcome in outcomes.items()}
        answer = {"status": status, "checks": states, "details": details}
        return (answer, 503, {"Retry-After": "5"}) if status is State.UNAVAILABLE else answer

    return health


def _overall(outcomes: dict[str, Outcome], needed: set[str]) -> State:
    if any(outcomes[name].state is State.UNAVAILABLE for name in needed):
        return State.UNAVAILABLE
    well = all(outcome.state is State.OK for outcome in outcomes.values())
    return State.OK if well else State.DEGRADED


class _Probe:
    """Looks at one dependency in a thread of its own, one look at a time."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._lock = threading.Lock()
        self._looking = False
        self._looked_at = float("-inf")
        self._done = threading.Event()
        self._outcome = Outcome(State.UNAVAILABLE)

    def begin(self) -> None:
        with self._lock:
            if self._looking or monotonic() - self._looked_at < FRESH_SECONDS:
                return
            self._looking = True
            self._done.clear()
        threading.Thread(target=self._look, name=f"health-{self.check.name}", daemon=True).start()

    def outcome(self, until: float) -> Outcome:
        if not self._done.wait(max(0.0, until - monotonic())):
            return Outcome(State.UNAVAILABLE, f"no answer within {LIMIT_SECONDS:g} s")
        return self._outcome

    def _look(self) -> None:
        outcome = _seen(self.check)
        with self._lock:
            self._outcome, self._looked_at, self._looking = outcome, monotonic(), False
            self._done.set()


def _seen(check: Check) -> Outcome:
    try:
        return Outcome(State.OK, check.look())
    except Degraded as why:
        return Outcome(State.DEGRADED, str(why))
    except Exception as fault:  # noqa: BLE001 - whatever is wrong, the answer is the same; the log has the reason
        log.warning("health.not_ready", check=check.name, fault=repr(fault))
        return Outcome(State.UNAVAILABLE)
