"""What is written to the queue: which job waits, and in which version of this format."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from studyteddy.application.ports.jobs import WakeUp
from studyteddy.domain.ids import JobId

VERSION = 1
"""Raised when an older worker could no longer make sense of a message. It drops such a one, and the job's row stays
queued until a worker that understands takes it."""


class UnreadableMessage(Exception):
    """Not a wake-up, or not in a version that is known here. The text says why, without what was sent."""


def to_message(wake_up: WakeUp) -> dict[str, object]:
    return {
        "v": VERSION,
        "job_id": str(wake_up.job_id),
        "kind": wake_up.kind,
        "request_id": wake_up.request_id,
    }


def from_message(message: object) -> WakeUp:
    """The wake-up in a message; fields that a newer sender adds are passed over. Raises ``UnreadableMessage``."""
    if not isinstance(message, Mapping):
        raise UnreadableMessage("it is not an object")
    version = message.get("v")
    if version != VERSION or isinstance(version, bool):
        raise UnreadableMessage(f"its version is not {VERSION}")
    kind, request_id = message.get("kind"), message.get("request_id")
    try:
        job_id = UUID(message["job_id"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise UnreadableMessage("it names no job") from None
    if not isinstance(kind, str):
        raise UnreadableMessage("it names no kind of job")
    return WakeUp(JobId(job_id), kind, request_id if isinstance(request_id, str) else None)
