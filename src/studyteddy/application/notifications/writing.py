"""Writing a notification, with a job for its letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from studyteddy.application.ports.clock import NewId
from studyteddy.application.ports.events import USER_CHANNEL, Events
from studyteddy.application.ports.jobs import Job, JobKind
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWork
from studyteddy.domain.days import time_zone
from studyteddy.domain.ids import JobId, NotificationId, UserId
from studyteddy.domain.notifications import Notification, NotificationKind, key_of, quiet_until

NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNotices:
    """The ``Notices`` port over rows, jobs and live events."""

    events: Events
    new_id: NewId
    new_secret: NewSecret

    def write(
        self,
        uow: UnitOfWork,
        kind: NotificationKind,
        *,
        owner: UserId,
        subject_id: UUID,
        occasion: date | str,
        data: Mapping[str, object],
        now: datetime,
    ) -> Notification | None:
        preferences, person = uow.notification_settings.get(owner), uow.users.get(owner)
        switch = preferences.switch(kind)
        # A letter to an address that nobody confirmed would go to a stranger.
        letter = switch.email and person.email_verified_at is not None and not person.disabled
        if not (switch.in_app or letter):
            return None
        notification = Notification(
            id=NotificationId(self.new_id()),
            owner=owner,
            kind=kind,
            key=key_of(kind, subject_id, occasion),
            subject_id=subject_id,
            data=data,
            in_app=switch.in_app,
            letter_key=self.new_secret() if letter else None,
            created_at=now,
        )
        if not uow.notifications.add(notification):
            return None
        if letter:
            not_before = quiet_until(now, time_zone(person.time_zone), preferences.quiet_hours)
            uow.jobs.add(self._letter_job(notification, not_before))
        return notification

    def _letter_job(self, notification: Notification, not_before: datetime | None) -> Job:
        return Job(
            id=JobId(self.new_id()),
            owner=notification.owner,
            kind=JobKind.SEND_NOTIFICATION,
            subject_id=notification.id,
            not_before=not_before,
            created_at=notification.created_at,
            updated_at=notification.created_at,
        )

    def tell(self, notification: Notification | None) -> None:
        if notification is not None and notification.in_app:
            self.events.publish(notification.owner, USER_CHANNEL, NOTIFICATION, as_news(notification))


def as_news(notification: Notification) -> dict[str, object]:
    """What is told on the owner's channel: the notification as the API lists it."""
    return {
        "id": str(notification.id),
        "kind": notification.kind.value,
        "subject_id": str(notification.subject_id),
        "data": dict(notification.data),
        "created_at": notification.created_at.isoformat().replace("+00:00", "Z"),
        "read_at": None,
    }
