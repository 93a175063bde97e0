"""Everything that somebody has, in one file that is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO, TypeVar, cast
from uuid import UUID

from studyteddy.application.ports.account_archives import About, AccountArchives, AccountWriter, Preferences
from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.application.ports.repositories.belongings import Belongings
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import NotFound
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import MAX_LIMIT, Page, PageRequest
from studyteddy.domain.portability import (
    NOBODY,
    ChunkNumbers,
    Kind,
    Numbers,
    Thing,
    renamed,
    renamed_log,
    settled,
)
from studyteddy.domain.security_events import SecurityEventKind
from studyteddy.domain.tasks.task import Task
from studyteddy.domain.tutor.messages import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAccount:
    """The file, piece by piece. What is in the database is that of one moment, and read before the first piece comes;
    the bytes of documents follow as they are asked for. Those of a document that is deleted meanwhile are lacking.
    """

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    archives: AccountArchives
    clock: Clock

    def __call__(self, *, owner: UserId) -> Iterator[bytes]:
        with ExitStack() as stack:
            archive = stack.enter_context(self.archives.writing())
            with self.unit_of_work() as uow:
                uow.belongings.hold_still()
                documents = _Written(uow, owner, archive).documents()
                _write_account(uow, owner, archive, self.clock)
            with self.unit_of_work() as uow:
                uow.security_events.add(SecurityEventKind.DATA_EXPORTED, owner=owner, at=self.clock())
                uow.commit()
            kept = stack.pop_all()
        return self._pieces(kept, archive, documents)

    def _pieces(
        self, kept: ExitStack, archive: AccountWriter, documents: list[tuple[Document, Document]]
    ) -> Iterator[bytes]:
        with kept:
            yield from archive.pieces((numbered, self._original(document)) for document, numbered in documents)

    def _original(self, document: Document) -> BinaryIO | None:
        try:
            return self.objects.open(document.storage_key)
        except NotFound:
            return None


def _write_account(uow: UnitOfWork, owner: UserId, archive: AccountWriter, clock: Clock) -> None:
    user = uow.users.get(owner)
    archive.account(
        About(
            user=user,
            log_ins=uow.auth_sessions.live_of(owner, clock()),
            api_tokens=uow.api_tokens.of(owner),
            calendar_feed_since=uow.calendar_feeds.made_at(owner),
            security_events=_all(lambda request: uow.security_events.page(owner, request)),
            notifications=_all(lambda request: uow.notifications.page(owner, request, unread=False)),
        )
    )
    archive.preferences(
        Preferences(
            display_name=user.display_name,
            time_zone=user.time_zone,
            day_starts_at=user.day_starts_at,
            weekly_budget=user.weekly_budget,
            notifications=uow.notification_settings.get(owner),
        )
    )


def _all(page: Callable[[PageRequest], Page[T]]) -> Iterator[T]:
    """What is read page by page."""
    request: PageRequest | None = PageRequest(limit=MAX_LIMIT)
    while request is not None:
        found = page(request)
        yield from found.items
        request = PageRequest(limit=MAX_LIMIT, after=found.next) if found.next else None


class _Written:
    """The rows of one person, written to an archive under their numbers."""

    def __init__(self, uow: UnitOfWork, owner: UserId, archive: AccountWriter) -> None:
        self._rows: Belongings = uow.belongings
        self._owner = owner
        self._archive = archive
        self._number = Numbers()
        self._chunks = ChunkNumbers()

    def documents(self) -> list[tuple[Document, Document]]:
        """Write everything; give the documents, with and without their numbers, whose bytes are to follow."""
        for kind in Kind:
            for named in self._rows.ids(self._owner, kind):
                self._number(kind, named)
        for kind in Kind:
            self._archive.things(kind, self._numbered(self._rows.things(self._owner, kind)))
        self._archive.log(self._log(self._rows.reviews(self._owner)))
        self._archive.table_of_tasks(cast(Iterable[Task], self._rows.things(self._owner, Kind.TASK)))
        for deck in cast(Iterable[Deck], list(self._rows.things(self._owner, Kind.DECK))):
            cards: Iterable[Card] = self._rows.cards(self._owner, deck.id)
            self._archive.table_of_deck(renamed(deck, self._number, NOBODY, self._chunks), cards)
        documents = cast(Iterable[Document], self._rows.things(self._owner, Kind.DOCUMENT))
        return [(one, renamed(one, self._number, NOBODY, self._chunks)) for one in documents]

    def _numbered(self, things: Iterable[Thing]) -> Iterator[Thing]:
        for thing in things:
            kept = settled(thing) if isinstance(thing, Message) else thing
            yield renamed(kept, self._number, NOBODY, self._chunks)

    def _log(self, reviews: Iterable[Review]) -> Iterator[Review]:
        for _, log in groupby(reviews, key=lambda review: review.card_id):
            yield from renamed_log(list(log), self._number, NOBODY, _number_of_pass)


def _number_of_pass(number: int) -> UUID:
    return UUID(int=number)
