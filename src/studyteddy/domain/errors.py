"""What can go wrong, in words that a person can act on.

Every error carries a stable ``code`` for programs and a sentence for people. Nothing here knows HTTP:
one table in ``entrypoints/http/errors.py`` turns a kind of error into a status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong field of an input: its name (dotted path) and what would be right."""

    field: str
    message: str


class StudyTeddyError(Exception):
    """Base of all errors that the core raises on purpose."""

    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code


class NotFound(StudyTeddyError):
    """The thing does not exist, or belongs to somebody else: callers can't tell which."""

    default_code = "not_found"


class Conflict(StudyTeddyError):
    """The request makes sense but not in the present state."""

    default_code = "conflict"


class StaleVersion(Conflict):
    """A write was based on a version that is no longer the newest."""

    default_code = "stale_version"


class Invalid(StudyTeddyError):
    """The input breaks a rule; ``faults`` name the fields where that is known."""

    default_code = "invalid"

    def __init__(self, message: str, *, code: str | None = None, faults: Sequence[FieldFault] = ()) -> None:
        super().__init__(message, code=code)
        self.faults = tuple(faults)

    @classmethod
    def field(cls, name: str, message: str, *, code: str | None = None) -> Invalid:
        """An error about exactly one field."""
        return cls(message, code=code, faults=(FieldFault(name, message),))


class UnsupportedType(Invalid):
    """The bytes are of a kind that can't be read, or not of the kind that their name promises."""

    default_code = "unsupported_type"


class TooLarge(Invalid):
    """The input is larger than the limit named in the message."""

    default_code = "too_large"


class NotAuthenticated(StudyTeddyError):
    """Nobody, or somebody whose credentials are no longer good."""

    default_code = "not_authenticated"


class NotAllowed(StudyTeddyError):
    """Known, but not entitled to this."""

    default_code = "not_allowed"


class WrongPassword(NotAllowed):
    """Somebody who is logged in can't show that they know their password."""

    default_code = "wrong_password"


class RateLimited(StudyTeddyError):
    """Too many requests; try again after ``retry_after`` seconds."""

    default_code = "rate_limited"

    def __init__(self, message: str, *, code: str | None = None, retry_after: float = 1.0) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(StudyTeddyError):
    """Something that Study Teddy depends on does not answer now; trying later may help."""

    default_code = "unavailable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: float = 5.0) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
