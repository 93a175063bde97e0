"""Letters to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from studyteddy.domain.ids import UserId


class LetterKind(StrEnum):
    """What a letter is about; each has a subject, a plain text and an HTML text of its own."""

    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    TASK_DUE = "task_due"
    REVIEWS_DUE = "reviews_due"
    WEEKLY_DIGEST = "weekly_digest"
    DOCUMENT_READY = "document_ready"
    DOCUMENT_FAILED = "document_failed"
    LEECH = "leech"


LetterValue = str | int | Sequence[Mapping[str, str | int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter before it has words. ``values`` fill the text of its kind; addresses in them are whole URLs.

    ``owner`` is whose account it is about. ``number`` is the same however often the letter is handed over, so that a
    mailbox can tell a copy (it becomes the Message-ID). ``unsubscribe_url`` is there for what a person can switch off,
    and None for what concerns the account. ``language`` is a code such as ``de``; a mailer that doesn't know it writes
    English.
    """

    number: str
    owner: UserId
    kind: LetterKind
    to: str
    name: str
    values: Mapping[str, LetterValue] = field(default_factory=dict)
    unsubscribe_url: str | None = None
    language: str = "en"


class Mailer(Protocol):
    """Hands letters to a mail server, or to whatever stands for one. It blocks for as long as that takes (seconds)."""

    def send(self, letter: Letter) -> None:
        """Hand it over, or raise: ``Unavailable`` (code ``mail_unavailable``) when trying later may help, ``Invalid``
        (code ``mail_refused``) when this address will never take it."""
        ...

    def forget(self, owner: UserId) -> None:
        """Keep no copy of letters about this person. What was handed to a mail server is out of reach."""
        ...
