"""Bringing an export into an empty account: all of it or nothing, and nothing on trust."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby, islice
from typing import BinaryIO, TypeVar, cast
from uuid import UUID

from studyteddy.application.ports.account_archives import AccountArchives, AccountReader, Contents, Preferences
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.application.ports.text_extractor import TextExtractor
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.documents import Document
from studyteddy.domain.errors import Conflict, Invalid, NotFound, RateLimited, StudyTeddyError, TooLarge, Unavailable
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.decks import Deck
from studyteddy.domain.flashcards.proposals import CardProposal
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import JobId, UserId
from studyteddy.domain.portability import MOST, Kind, Thing, numbered_chunk, renamed, renamed_log, settled, with_log
from studyteddy.domain.storage_quota import NO_QUOTA, StorageQuota, StorageUse
from studyteddy.domain.study_sessions import StudySession
from studyteddy.domain.tasks.task import Task
from studyteddy.domain.tutor.messages import Message
from studyteddy.domain.tutor.threads import Thread

_AT_ONCE = 500
_HEAD = 8_192
_PIECE = 1 << 20
_MEGABYTE = 1 << 20
_NUMBER_OF_KIND = {kind: number for number, kind in enumerate(Kind, 1)}
T = TypeVar("T")
Progress = Callable[[int], bool]
"""Told the share of the work that is done, in percent; False means stop."""


@dataclass(frozen=True, slots=True)
class ImportIds:
    """The ids that the things of one import get: they follow from its own id and their numbers.

    So an import that runs once more gives the same ids, and nothing has to be remembered for a million of them. Like
    the import's own id they begin with its time; 8 bits at their end tell the kind and 32 the number.
    """

    job_id: JobId

    def __call__(self, kind: Kind, named: UUID) -> UUID:
        return self._id(_NUMBER_OF_KIND[kind], named.int)

    def review(self, number: int) -> UUID:
        return self._id(0, number)

    def job(self, number: int) -> UUID:
        return self._id(255, number)

    def _id(self, kind: int, number: int) -> UUID:
        if not 1 <= number <= MOST:
            raise Invalid("The export counts too far.", code="damaged_export")
        return UUID(int=self.job_id.int >> 40 << 40 | kind << 32 | number)


class _Stopped(Exception):
    """Somebody else has the job, or it was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """Read an export into an empty account; shared by every way to bring one.

    Raises ``Conflict`` (``account_not_empty``), ``Invalid`` and ``TooLarge``: what an archive says, ``log_mismatch``
    where a card is not scheduled as its log says, ``quota_exceeded`` for documents beyond the ``quota``, and what the
    domain says of a value. Nothing is kept then. Documents are queued to be read again. Doing it once more under the
    same ids changes nothing.
    """

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    archives: AccountArchives
    extractor: TextExtractor
    clock: Clock
    max_size: int
    quota: StorageQuota = NO_QUOTA

    def __call__(self, *, owner: UserId, content: BinaryIO, ids: ImportIds, beat: Progress) -> Contents | None:
        """What was read; None when ``beat`` said stop."""
        with self.archives.reading(content) as archive:
            archive.check()
            if not beat(20):
                return None
            documents = self._documents(owner, archive, ids)
            try:
                for done, document in enumerate(documents):
                    self._keep(archive, *document)
                    if not beat(20 + 40 * done // len(documents)):
                        raise _Stopped
                self._commit(owner, archive, ids, [document for document, _ in documents], beat)
            except _Stopped:
                if self._is_leaving(owner):
                    self._forget(owner, (document for document, _ in documents))
                return None
            except BaseException as fault:
                if not isinstance(fault, Unavailable | RateLimited):  # then it is tried again, or was done all the same
                    self._forget(owner, (document for document, _ in documents))
                raise
            return archive.contents

    def _documents(self, owner: UserId, archive: AccountReader, ids: ImportIds) -> list[tuple[Document, Document]]:
        """The documents whose bytes are there, as they will be and as the archive has them."""
        found = []
        for numbered in cast(Iterator[Document], archive.things(Kind.DOCUMENT)):
            if numbered.id.int in archive.contents.lacking:
                continue
            if numbered.size > self.max_size:
                raise TooLarge(
                    f"{numbered.filename} is larger than the {self.max_size // _MEGABYTE} MB that a file may have here."
                )
            found.append((renamed(numbered, ids, owner, numbered_chunk), numbered))
        if len({document.sha256 for document, _ in found}) < len(found):
            raise Invalid("The export holds a document twice.", code="damaged_export")
        self.quota.check(StorageUse(len(found), sum(document.size for document, _ in found)))  # before bytes are stored
        return found

    def _keep(self, archive: AccountReader, document: Document, numbered: Document) -> None:
        with closing(archive.original(numbered)) as content, tempfile.SpooledTemporaryFile(max_size=_PIECE) as spool:
            shutil.copyfileobj(content, spool, _PIECE)
            spool.seek(0)
            if self.extractor.identify(document.filename, spool.read(_HEAD)) is not document.media_type:
                raise Invalid(f"{document.filename} is not of the type that the export says.", code="damaged_export")
            spool.seek(0)
            self.objects.put(document.storage_key, cast(BinaryIO, spool))

    def _commit(
        self, owner: UserId, archive: AccountReader, ids: ImportIds, documents: Sequence[Document], beat: Progress
    ) -> None:
        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
            if not uow.belongings.hold_empty(owner):
                if _is_done(uow, owner, archive, ids):
                    return
                raise Conflict(
                    "This account is not empty. Make a new one and bring the export there.", code="account_not_empty"
                )
            with _complaints():
                _Taken(uow, user, archive, ids, beat).everything(documents)
                _prefer(uow, user, archive.preferences(), self.clock)
            self.quota.check(uow.documents.use(owner, held=True))
            uow.commit()

    def _is_leaving(self, owner: UserId) -> bool:
        with self.unit_of_work() as uow:
            try:
                return uow.users.get(owner).disabled
            except NotFound:
                return True

    def _forget(self, owner: UserId, documents: Iterable[Document]) -> None:
        """Take back the bytes, unless rows name them: this may have been done by somebody before."""
        with suppress(StudyTeddyError):
            with self.unit_of_work() as uow:
                named = set(uow.belongings.ids(owner, Kind.DOCUMENT))
            for document in documents:
                if document.id not in named:
                    self.objects.delete(document.storage_key)


def _prefer(uow: UnitOfWork, user: User, told: Preferences, clock: Clock) -> None:
    edited = user.edited(
        now=clock(),
        display_name=told.display_name,
        time_zone=told.time_zone,
        day_starts_at=told.day_starts_at,
        weekly_budget=told.weekly_budget,
    )
    uow.users.save(edited)
    if told.notifications is not None:
        uow.notification_settings.save(user.id, told.notifications)
        uow.notification_settings.look_at(user.id, clock())


def _is_done(uow: UnitOfWork, owner: UserId, archive: AccountReader, ids: ImportIds) -> bool:
    """Whether this very import was committed before: the account holds the first thing under the id it would get."""
    for kind in Kind:
        first = next(archive.things(kind), None)
        if first is not None and kind is not Kind.DOCUMENT:
            return next(uow.belongings.ids(owner, kind), None) == ids(kind, first.id)
    stated = next(cast(Iterator[Document], archive.things(Kind.DOCUMENT)), None)
    return stated is not None and ids(Kind.DOCUMENT, stated.id) in set(uow.belongings.ids(owner, Kind.DOCUMENT))


@dataclass(slots=True)
class _Taken:
    """The rows of an archive, written into one unit of work under their new ids."""

    uow: UnitOfWork
    user: User
    archive: AccountReader
    ids: ImportIds
    beat: Progress
    reviews: int = 0
    written: int = 0

    def everything(self, documents: Sequence[Document]) -> None:
        for task in cast(Iterator[Task], self._of(Kind.TASK)):
            self.uow.tasks.add(task)
        for number, document in enumerate(documents, 1):
            self.uow.documents.add(document)
            self.uow.jobs.add(_reading(document, JobId(self.ids.job(number)), self.user))
        for deck in cast(Iterator[Deck], self._of(Kind.DECK)):
            self.uow.decks.add(deck)
        self._cards()
        for proposals in _chunks(cast(Iterator[CardProposal], self._of(Kind.PROPOSAL))):
            self.uow.proposals.add(proposals)
        for session in cast(Iterator[StudySession], self._of(Kind.STUDY_SESSION)):
            self.uow.study_sessions.add(session)
        lengths = {}
        for thread in cast(Iterator[Thread], self._of(Kind.THREAD)):
            self.uow.threads.add(thread)
            lengths[thread.id] = thread.message_count
        places = set()
        for message in cast(Iterator[Message], self._of(Kind.MESSAGE)):
            place = (message.thread_id, message.position)
            if place in places or message.position > lengths.get(message.thread_id, 0):
                raise Invalid("A message of the export has no place in its thread.", code="damaged_export")
            places.add(place)
            self.uow.messages.add(settled(message))

    def _of(self, kind: Kind) -> Iterator[Thing]:
        for thing in self.archive.things(kind):
            yield renamed(thing, self.ids, self.user.id, numbered_chunk)
            self._note()

    def _cards(self) -> None:
        """Cards with their logs beside them, of which only one batch is in memory."""
        logs = _Logs(self.archive.log())
        for cards in _chunks(cast(Iterator[Card], self.archive.things(Kind.CARD))):
            batch, log = [], []
            for numbered in cards:
                passes = self._renamed(logs.of(numbered))
                card = renamed(numbered, self.ids, self.user.id, numbered_chunk)
                batch.append(with_log(card, passes))
                log += passes
                self._note()
            self.uow.cards.add(batch)
            self.uow.belongings.add_reviews(log)
        for gone in logs.rest():
            self.uow.belongings.add_reviews(self._renamed(gone))

    def _renamed(self, log: Sequence[Review]) -> list[Review]:
        before = self.reviews
        self.reviews += len(log)
        if [row.id.int for row in log] != list(range(1, len(log) + 1)):
            raise Invalid("The passes over a card are not counted from 1 upwards.", code="damaged_export")
        return renamed_log(log, self.ids, self.user.id, lambda number: self.ids.review(before + number))

    def _note(self) -> None:
        self.written += 1
        if self.written % _AT_ONCE == 0:
            self.beat(60 + min(39, self.written // _AT_ONCE))


class _Logs:
    """The review log of an archive, card by card: of those that are there in their order, then of others."""

    def __init__(self, log: Iterator[Review]) -> None:
        self._groups = groupby(log, key=lambda review: review.card_id)
        self._next: tuple[UUID, list[Review]] | None = None
        self._last = 0
        self._advance()

    def _advance(self) -> None:
        found = next(self._groups, None)
        self._next = None if found is None else (found[0], list(found[1]))

    def of(self, card: Card) -> list[Review]:
        if self._next is None or self._next[0] != card.id:
            return []
        log = self._next[1]
        self._advance()
        self._last = card.id.int
        return log

    def rest(self) -> Iterator[list[Review]]:
        """What is left, in the order of its cards, none of which may have been passed over."""
        seen: set[UUID] = set()
        while self._next is not None:
            card_id, log = self._next
            if card_id in seen or card_id.int <= self._last:
                raise Invalid("The review log is not in the order of the cards.", code="damaged_export")
            seen.add(card_id)
            yield log
            self._advance()


def _chunks(things: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(things, _AT_ONCE)):
        yield batch


def _reading(document: Document, job_id: JobId, user: User) -> Job:
    return Job(
        id=job_id,
        owner=user.id,
        kind=JobKind.INGEST_DOCUMENT,
        subject_id=document.id,
        created_at=document.created_at,
        updated_at=document.created_at,
    )


@contextmanager
def _complaints() -> Iterator[None]:
    """What the rows can't be is the fault of the export."""
    try:
        yield
    except (Unavailable, RateLimited):
        raise
    except StudyTeddyError as fault:
        if fault.code in ("damaged_export", "log_mismatch"):
            raise
        raise Invalid(f"The export contradicts itself: {fault.message}", code="damaged_export") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestImport:
    """Keep an export and queue its reading; tell which job. The archive is judged at once, by its directory and its
    manifest. Raises like ``TakeIn``."""

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    archives: AccountArchives
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, content: BinaryIO) -> JobId:
        with self.archives.reading(content):
            pass
        with self.unit_of_work() as uow:
            if not uow.belongings.hold_empty(owner):
                raise Conflict(
                    "This account is not empty. Make a new one and bring the export there.", code="account_not_empty"
                )
        job_id, now = JobId(self.new_id()), self.clock()
        content.seek(0)
        self.objects.put(upload_key(owner, job_id), content)
        with self.unit_of_work() as uow:
            uow.jobs.add(
                Job(
                    id=job_id,
                    owner=owner,
                    kind=JobKind.IMPORT_ACCOUNT,
                    subject_id=owner,
                    created_at=now,
                    updated_at=now,
                )
            )
            uow.commit()
        return job_id


def upload_key(owner: UserId, job_id: JobId) -> str:
    """Where an export waits until its job has read it."""
    return f"{owner}/{job_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAccount:
    """The job that reads an export which was uploaded."""

    take_in: TakeIn
    objects: ObjectStore

    def run(self, job: Job, beat: Heartbeat) -> None:
        key = upload_key(job.owner, job.id)
        with tempfile.TemporaryFile() as local:
            with closing(self.objects.open(key)) as content:
                shutil.copyfileobj(content, local, _PIECE)
            try:
                done = self.take_in(owner=job.owner, content=cast(BinaryIO, local), ids=ImportIds(job.id), beat=beat)
            except (Unavailable, RateLimited):
                raise  # it is tried again
            except StudyTeddyError:
                self.objects.delete(key)
                raise
        if done is not None:  # else another worker may read it
            self.objects.delete(key)

    def give_up(self, job: Job, code: str) -> None:
        """Nothing was kept; the job itself says why."""
