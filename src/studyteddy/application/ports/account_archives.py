"""What somebody takes along: one file with everything, written piece by piece and read with mistrust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from studyteddy.domain import notifications
from studyteddy.domain.accounts import AuthSession, User
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.documents import Document
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.portability import Kind, Thing
from studyteddy.domain.security_events import SecurityEvent
from studyteddy.domain.tasks.task import Task

FORMAT = 3
"""The version of the form; a reader takes older ones as well and refuses what is newer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The settings of a person that they take along. An archive of the first form knows none of ``notifications``."""

    display_name: str
    time_zone: str
    day_starts_at: int
    weekly_budget: tuple[int, ...]
    notifications: notifications.Preferences | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What else is kept of a person, for people to read: nothing of it can be brought to another account."""

    user: User
    log_ins: Sequence[AuthSession]
    api_tokens: Sequence[ApiToken]
    calendar_feed_since: datetime | None
    security_events: Iterable[SecurityEvent]
    notifications: Iterable[notifications.Notification]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an archive says of itself. ``digest`` is the same for two archives of the same content, whatever account and
    Study Teddy they come from; ``sums`` hold the SHA-256 of each part of it. ``lacking`` are the numbers of documents
    whose bytes were gone.
    """

    counts: Mapping[str, int]
    digest: str
    sums: Mapping[str, str]
    lacking: tuple[int, ...] = ()


class AccountWriter(Protocol):
    """An archive being written. Everything is named by numbers, and each kind is written once."""

    def account(self, about: About) -> None:
        """Who it is of; no secret and nothing that an import takes."""
        ...

    def preferences(self, preferences: Preferences) -> None: ...

    def things(self, kind: Kind, things: Iterable[Thing]) -> None: ...

    def log(self, reviews: Iterable[Review]) -> None: ...

    def table_of_tasks(self, tasks: Iterable[Task]) -> None:
        """The tasks once more, for a spreadsheet, which must take no text for a formula."""
        ...

    def table_of_deck(self, deck: Deck, cards: Iterable[Card]) -> None: ...

    def pieces(self, originals: Iterable[tuple[Document, BinaryIO | None]]) -> Iterator[bytes]:
        """The file, piece by piece, with the bytes of the documents at its end. Each stream is closed after it was
        read; None stands for bytes that are gone."""
        ...


class AccountReader(Protocol):
    """An archive whose directory and manifest were found to be in order.

    Whatever is read raises ``Invalid``: ``damaged_export``, or what the domain says of a value.
    """

    contents: Contents

    def check(self) -> None:
        """Read everything and compare it with its checksums."""
        ...

    def preferences(self) -> Preferences: ...

    def things(self, kind: Kind) -> Iterator[Thing]:
        """All of one kind, by rising numbers."""
        ...

    def log(self) -> Iterator[Review]: ...

    def original(self, document: Document) -> BinaryIO:
        """The bytes of a document, to be read once and closed; they are compared with the checksum."""
        ...


class AccountArchives(Protocol):
    """Archives of accounts."""

    def writing(self) -> AbstractContextManager[AccountWriter]:
        """An archive to be written. Its pieces have to be taken within the context."""
        ...

    def reading(self, content: BinaryIO) -> AbstractContextManager[AccountReader]:
        """Judge an archive before anything is unpacked; ``content`` can seek.

        Raises ``Invalid``: ``not_an_export``, ``newer_export``, ``damaged_export``; and ``TooLarge``
        (``expands_too_much``) for one that would unpack to more than is taken.
        """
        ...
