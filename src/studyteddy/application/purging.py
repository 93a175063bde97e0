"""Deleting what nobody needs any more, a part at a time, so that no lock is held for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.repositories.idempotency import KEPT_FOR
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

JOBS_KEPT = timedelta(days=30)
"""How long a job that is over can still be asked about."""

LOG_INS_KEPT = timedelta(days=7)
"""How long a log-in stays after it expired; its tokens are refused either way."""

SECURITY_EVENTS_KEPT = timedelta(days=180)
"""How long people can look back at what happened to their accounts."""

NOTIFICATIONS_KEPT = timedelta(days=180)
"""How long notifications are listed, and the links in their letters work."""

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeJobs:
    """Forget the jobs that were over long ago, and tell how many."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        before = self.clock() - JOBS_KEPT
        return _in_parts(self.unit_of_work, lambda uow: uow.jobs.purge(before=before, limit=AT_ONCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeKeptAnswers:
    """Forget the answers that no retried request can ask for any more, and tell how many."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        before = self.clock() - KEPT_FOR
        return _in_parts(self.unit_of_work, lambda uow: uow.idempotency.purge(before=before, limit=AT_ONCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeLogIns:
    """Forget the log-ins, and the links of letters, that expired long ago, and tell how many."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        before = self.clock() - LOG_INS_KEPT
        links = _in_parts(self.unit_of_work, lambda uow: uow.one_use_tokens.purge(before=before, limit=AT_ONCE))
        return links + _in_parts(self.unit_of_work, lambda uow: uow.auth_sessions.purge(before=before, limit=AT_ONCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeSecurityEvents:
    """Forget the security events of long ago, and tell how many."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        before = self.clock() - SECURITY_EVENTS_KEPT
        return _in_parts(self.unit_of_work, lambda uow: uow.security_events.purge(before=before, limit=AT_ONCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeNotifications:
    """Forget the notifications of long ago, and tell how many."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        before = self.clock() - NOTIFICATIONS_KEPT
        return _in_parts(self.unit_of_work, lambda uow: uow.notifications.purge(before=before, limit=AT_ONCE))


def _in_parts(unit_of_work: UnitOfWorkFactory, purge: Callable[[UnitOfWork], int]) -> int:
    count = 0
    while True:
        with unit_of_work() as uow:
            part = purge(uow)
            uow.commit()
        count += part
        if part < AT_ONCE:
            return count
