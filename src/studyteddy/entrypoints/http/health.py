"""Is the process up, and can it work?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Blueprint

log = structlog.get_logger(__name__)

Check = Callable[[], None]
"""Returns when the dependency works, raises when it doesn't."""


def health_blueprint(checks: Mapping[str, Check]) -> Blueprint:
    """``/health/live`` says that the process answers; ``/health/ready`` tries each dependency and names it."""
    health = Blueprint("health", __name__)

    @health.get("/health/live")
    def live() -> Any:
        return {"status": "ok"}

    @health.get("/health/ready")
    def ready() -> Any:
        states = {name: _state(check) for name, check in checks.items()}
        well = all(state == "ok" for state in states.values())
        return {"status": "ok" if well else "unavailable", "checks": states}, 200 if well else 503

    return health


def _state(check: Check) -> str:
    try:
        check()
    except Exception as fault:  # noqa: BLE001 - whatever is wrong, the answer is the same: not ready
        log.warning("health.not_ready", fault=repr(fault))
        return "unavailable"
    return "ok"
