"""Telling workers, elsewhere, of the jobs that wait: the rows say which, so that no message has to be kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.jobs import LEASE, WakeUp
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import JobId

Send = Callable[[WakeUp], None]
"""Puts a wake-up on the queue. Raises ``Unavailable`` when the queue does not take it."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWaitingJobs:
    """Send what nobody was told of, or was told of too long ago, and tell how many jobs that were.

    The times follow from the lease: a job is looked at a sixth of it after it was queued, and sent again two thirds of
    it after it was sent, so that the job of a worker which died is with another one before twice the lease is over.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    send: Send
    lease: timedelta = LEASE

    def __call__(self) -> int:
        """Raises ``Unavailable`` when the queue or the database does not answer; what was not sent is sent later."""
        count = 0
        while waiting := self._marked():
            for number, wake_up in enumerate(waiting):
                try:
                    self.send(wake_up)
                except Unavailable:
                    self._take_back(waiting[number:])
                    raise
            count += len(waiting)
        return count

    def _marked(self) -> list[WakeUp]:
        """Jobs that are noted as sent already: nothing is held open in the database while they are being sent."""
        with self.unit_of_work() as uow:
            waiting = uow.jobs.to_send(
                now=self.clock(), grace=self.lease / 6, resend_after=self.lease * 2 / 3, limit=_AT_ONCE
            )
            uow.commit()
        return list(waiting)

    def _take_back(self, unsent: Collection[WakeUp]) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.sent([wake_up.job_id for wake_up in unsent], at=None)
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSentJobs:
    """Note that workers were just told of jobs, so that nobody else tells them the same."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, job_ids: Collection[JobId]) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.sent(job_ids, at=self.clock())
            uow.commit()
