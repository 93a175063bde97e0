"""Telling people something from within a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from studyteddy.application.ports.unit_of_work import UnitOfWork
    from studyteddy.domain.ids import UserId
    from studyteddy.domain.notifications import Notification, NotificationKind


class Notices(Protocol):
    """Writes notifications with the change that they are about, where their owner wants to hear of it."""

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
        """Write it, and ask for its letter, in this unit of work. None when the owner does not want to hear of it, or
        when there is one about this occasion already."""
        ...

    def tell(self, notification: Notification | None) -> None:
        """Publish it to who is looking, once the unit of work is committed. Never raises."""
        ...


class NoNotices:
    """The ``Notices`` port where nobody listens."""

    def write(self, uow: UnitOfWork, kind: NotificationKind, **_: object) -> None:
        pass

    def tell(self, notification: Notification | None) -> None:
        pass


NO_NOTICES = NoNotices()
