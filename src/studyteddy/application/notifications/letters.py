"""Sending the letter of a notification, and stopping letters by the link in one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.jobs import Heartbeat, Job
from studyteddy.application.ports.mailer import Letter, LetterKind, LetterValue, Mailer
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import NotificationId
from studyteddy.domain.notifications import Notification, NotificationKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotification:
    """The ``JobHandler`` that hands a notification's letter over: once, as far as a mail server can promise that.

    A letter that was handed over before its note was written goes out again under the same number. One that its owner
    does not want any more, or that can't reach a confirmed address, is not sent. ``address`` is where the web
    application is, ``unsubscribe`` the path there that takes a letter's secret.
    """

    unit_of_work: UnitOfWorkFactory
    mailer: Mailer
    clock: Clock
    address: str
    unsubscribe: str

    def run(self, job: Job, beat: Heartbeat) -> None:
        """Send it, unless it was sent."""
        letter = self._letter(job)
        if letter is None or not beat(50):
            return
        self.mailer.send(letter)
        with self.unit_of_work() as uow:
            uow.notifications.letter_sent(job.owner, NotificationId(job.subject_id), at=self.clock())
            uow.commit()

    def give_up(self, job: Job, code: str) -> None:
        """It still stands in the app."""
        log.warning("the letter of notification %s was not sent: %s", job.subject_id, code)

    def _letter(self, job: Job) -> Letter | None:
        with self.unit_of_work() as uow:
            try:
                notification = uow.notifications.get(job.owner, NotificationId(job.subject_id))
            except NotFound:
                return None
            person, preferences = uow.users.get(job.owner), uow.notification_settings.get(job.owner)
        if notification.letter_sent_at is not None or notification.letter_key is None:
            return None
        if person.disabled or person.email_verified_at is None or not preferences.switch(notification.kind).email:
            return None
        return Letter(
            number=str(notification.id),
            owner=person.id,
            kind=LetterKind(notification.kind.value),
            to=person.email,
            name=person.display_name,
            values=_values(notification, self.address),
            unsubscribe_url=f"{self.address}{self.unsubscribe}?token={notification.letter_key}",
            language=preferences.language.value,
        )


_PAGES = {
    NotificationKind.TASK_DUE: "/tasks",
    NotificationKind.REVIEWS_DUE: "/flashcards",
    NotificationKind.WEEKLY_DIGEST: "/analytics",
    NotificationKind.DOCUMENT_READY: "/documents",
    NotificationKind.DOCUMENT_FAILED: "/documents",
    NotificationKind.LEECH: "/flashcards",
}


def _values(notification: Notification, address: str) -> Mapping[str, LetterValue]:
    values = dict(notification.data)
    if notification.kind is NotificationKind.TASK_DUE:
        tasks = cast("list[Mapping[str, str]]", values["tasks"])
        values["tasks"] = [{"title": task["title"], "note": task["time"]} for task in tasks]
    return cast("dict[str, LetterValue]", {**values, "link": address + _PAGES[notification.kind]})


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLetters:
    """Send no more letters of the kind that the secret in one of them names, to whom it was sent. ``NotFound`` for any
    other text. Doing it twice is fine."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, letter_key: str) -> NotificationKind:
        with self.unit_of_work() as uow:
            notification = uow.notifications.of_letter(letter_key)
            wishes = uow.notification_settings.get(notification.owner)
            uow.notification_settings.save(notification.owner, wishes.without_letters(notification.kind))
            uow.commit()
        return notification.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLetter:
    """Which kind of letter a secret belongs to, else ``NotFound``."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, letter_key: str) -> NotificationKind:
        with self.unit_of_work() as uow:
            return uow.notifications.of_letter(letter_key).kind
