"""Two whole Study Teddies in memory between which somebody moves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from builders import NOW, PASSWORD, TickingClock
from studyteddy.adapters.account_archive.archives import ZipArchives
from studyteddy.adapters.system_clock import new_id
from studyteddy.application.flashcards.cards import NewCard
from studyteddy.application.portability.exporting import ExportAccount
from studyteddy.application.portability.importing import ImportAccount, ImportIds, RequestImport, TakeIn
from studyteddy.application.ports.account_archives import Contents
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.ids import ApiTokenId, JobId, UserId
from studyteddy.domain.notifications import NotificationKind, Preferences, Switch
from studyteddy.domain.permissions import Scope
from studyteddy.domain.scheduling import Rating
from studyteddy.domain.storage_quota import NO_QUOTA, StorageQuota
from studyteddy.domain.tasks.recurrence import parse
from studyteddy.domain.tutor.prompt import Mode
from studyteddy.entrypoints.in_process import StudyTeddy
from studyteddy.testing.notifications import a_notification

MAX_SIZE = 1 << 20
TOKEN_HASH, CALENDAR_HASH = "7" * 64, "c" * 64
TEXT = "A levain is a part of the dough that raises the next loaf. Feed the starter twice a day, and keep it warm."


@dataclass
class Place:
    """A Study Teddy and what moves people in and out."""

    clock: TickingClock = field(default_factory=TickingClock)
    archives: ZipArchives = field(default_factory=ZipArchives)
    quota: StorageQuota = NO_QUOTA

    def __post_init__(self) -> None:
        self.teddy = StudyTeddy(clock=self.clock)
        parts = cast(Any, self.teddy)._parts
        self.objects = parts["objects"]
        shared = {"unit_of_work": self.teddy.unit_of_work, "objects": self.objects, "archives": self.archives}
        self.export = ExportAccount(**shared, clock=self.clock)
        self.take_in = TakeIn(
            **shared, extractor=parts["extractor"], clock=self.clock, max_size=MAX_SIZE, quota=self.quota
        )
        self.request = RequestImport(**shared, new_id=new_id, clock=self.clock)
        self.job = ImportAccount(take_in=self.take_in, objects=self.objects)

    def newcomer(self, email: str = "ada@example.org") -> UserId:
        return self.teddy.register(email=email, password=PASSWORD, display_name="Ada").user.id

    def exported(self, owner: UserId) -> bytes:
        return b"".join(self.export(owner=owner))

    def contents(self, file: bytes) -> Contents:
        with self.archives.reading(io.BytesIO(file)) as archive:
            archive.check()
            return archive.contents

    def imported(self, owner: UserId, file: bytes, job_id: JobId | None = None) -> Contents | None:
        ids = ImportIds(job_id or JobId(new_id()))
        return self.take_in(owner=owner, content=io.BytesIO(file), ids=ids, beat=lambda _: True)


def furnish(place: Place, owner: UserId) -> None:
    """Give somebody one of everything, and references to things that are gone."""
    teddy, clock = place.teddy, place.clock
    recurring = teddy.add_task(
        owner=owner, title="=Feed it", description="+1", due_at=NOW, recurrence=parse("FREQ=DAILY"), subject="baking"
    )
    teddy.complete_task(owner=owner, task_id=recurring.id)
    passing = teddy.add_task(owner=owner, title="Throw away")
    session = teddy.start_study_session(owner=owner, task_id=passing.id, planned_minutes=25)
    clock.advance(minutes=5)
    teddy.change_study_session.pause(owner=owner, session_id=session.id)
    clock.advance(minutes=1, microseconds=7)
    teddy.change_study_session.resume(owner=owner, session_id=session.id)
    teddy.change_study_session.finish(owner=owner, session_id=session.id)
    teddy.delete_task(owner=owner, task_id=passing.id)
    notes = teddy.add_document(
        owner=owner, filename="Br\u00f6t.MD", content=io.BytesIO(TEXT.encode()), subject="baking"
    )
    doomed = teddy.add_document(owner=owner, filename="gone.txt", content=io.BytesIO(b"Rye is a grain. " * 40))
    teddy.run_jobs()
    answer = teddy.ask(owner=owner, question="How often do I feed the starter?")
    teddy.ask(owner=owner, question="What is rye?", document_ids=frozenset({doomed.document.id}))
    deck = teddy.add_deck(owner=owner, name="Bread").deck
    short = teddy.add_deck(owner=owner, name="Thrown away").deck
    teddy.request_cards(owner=owner, document_id=notes.document.id, deck_id=deck.id, count=3)
    teddy.run_jobs()
    teddy.rate_answer(owner=owner, message_id=answer.id, rating=2, reason="Too short")
    made = [teddy.add_cards(owner=owner, deck_id=deck.id, cards=[_draft(number)])[0] for number in range(4)]
    gone = teddy.add_cards(owner=owner, deck_id=short.id, cards=[_draft(9)])[0]
    with teddy.unit_of_work() as uow:
        student = uow.users.get(owner)
    for rating in (Rating.GOOD, Rating.AGAIN, Rating.EASY):
        for card in (*made[:3], gone):
            teddy.review_card(student=student, card_id=card.id, rating=rating, took_ms=1_234)
        clock.advance(days=2)
    last = teddy.review_card(student=student, card_id=made[1].id, rating=Rating.HARD)
    teddy.undo_review(owner=owner, review_id=last.review.id)
    teddy.review_card(student=student, card_id=made[1].id, rating=Rating.GOOD)
    teddy.edit_card(owner=owner, card_id=made[0].id, buried=True, flag=5)
    teddy.delete_deck(owner=owner, deck_id=short.id)
    teddy.delete_document(owner=owner, document_id=doomed.document.id)
    teddy.edit_profile(owner=owner, display_name="Ada L.", time_zone="Europe/Berlin", day_starts_at=3)
    teddy.ask(owner=owner, question="How often do I feed the starter?", mode=Mode.SOCRATIC)
    teddy.ask(owner=owner, question="Ask me about the levain.", mode=Mode.QUIZ)
    _wish(place, owner)


def _wish(place: Place, owner: UserId) -> None:
    """What somebody wishes to be told, what they were told, and what they opened to programs."""
    switches = {NotificationKind.LEECH: Switch(in_app=False, email=True)}
    wishes = Preferences(switches=switches, reminder_hour=19, digest_weekday=6, quiet_hours=None)
    with place.teddy.unit_of_work() as uow:
        uow.notification_settings.save(owner, wishes)
        uow.notifications.add(a_notification(owner))
        uow.calendar_feeds.put(owner, CALENDAR_HASH, now=NOW)
        uow.api_tokens.add(
            ApiToken.create(
                id=ApiTokenId(new_id()),
                owner=owner,
                name="A script",
                scopes=frozenset({Scope.READ}),
                token_hash=TOKEN_HASH,
                now=NOW,
            )
        )
        uow.commit()


def _draft(number: int) -> NewCard:
    return NewCard(front=f"-{number}?", back=f'@"{number}",', tags=("One two", "x"))


def lines(file: bytes, name: str) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        yield from archive.read(name).decode().splitlines()
