"""Run queued jobs: take one, keep its lease while it works, and close it or give it back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Self

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.jobs import LEASE, MAX_ATTEMPTS, MAX_LOSSES, Job, JobHandler, JobStatus
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotFound, RateLimited, StudyTeddyError, Unavailable
from studyteddy.domain.ids import JobId, UserId

log = logging.getLogger(__name__)

CANCELLED = "cancelled"
LOST = "worker_lost"
"""The error of a job whose workers died again and again, as when it needs more memory than there is."""
INTERNAL = "internal_error"

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=10)
LONGEST_RUN = timedelta(minutes=30)
"""A handler that runs longer is taken for stuck: its lease is no longer kept and another worker may take the job."""
_BEAT_EVERY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class GetJob:
    """One job of its owner."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, job_id: JobId) -> Job:
        with self.unit_of_work() as uow:
            return uow.jobs.get(owner, job_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAbandonedJobs:
    """Let everything that a dead process was working on be taken at once. Only where no other process works."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> int:
        with self.unit_of_work() as uow:
            count = uow.jobs.release_all(now=self.clock())
            uow.commit()
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNextJob:
    """Take one job and do it, in a ``context`` of its own. True when there was one to take, however it ended."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    handlers: Mapping[str, JobHandler]
    lease: timedelta = LEASE
    context: Callable[[Job], AbstractContextManager[object]] = nullcontext

    def __call__(self, *, job_id: JobId | None = None, kinds: Collection[str] | None = None) -> bool:
        mine = self.handlers.keys() if kinds is None else self.handlers.keys() & set(kinds)
        with self.unit_of_work() as uow:
            job = uow.jobs.claim(job_id, now=self.clock(), lease=self.lease, kinds=mine)
            uow.commit()
        if job is None:
            return False
        with self.context(job):
            self._done(job)
        return True

    def _done(self, job: Job) -> None:
        if job.cancel_requested:
            self._give_up(job, CANCELLED, JobStatus.CANCELLED)
        elif job.losses > MAX_LOSSES:
            self._give_up(job, LOST, JobStatus.FAILED)
        else:
            self._work(job)

    def _work(self, job: Job) -> None:
        with _KeptLease(self.unit_of_work, self.clock, job, self.lease) as kept:
            try:
                self.handlers[job.kind].run(job, kept.beat)
            except (Unavailable, RateLimited) as fault:
                log.warning("job %s (%s), attempt %d: %s", job.id, job.kind, job.attempts, fault.code)
                self._again_or_never(job, fault)
                return
            except StudyTeddyError as fault:
                log.warning("job %s (%s) failed: %s", job.id, job.kind, fault.code)
                self._give_up(job, fault.code, JobStatus.FAILED)
                return
            except Exception:
                # A fault of ours must end this job and no other; the log has it in full.
                log.exception("job %s (%s) crashed", job.id, job.kind)
                self._give_up(job, INTERNAL, JobStatus.FAILED)
                return
            except KeyboardInterrupt:
                # Whoever cancels it or works on it next need not wait until the lease of a process that is gone ends.
                self._put_back(job)
                raise
        if kept.lost:
            self._stopped(job)
        else:
            self._close(job, JobStatus.DONE)

    def _again_or_never(self, job: Job, fault: Unavailable | RateLimited) -> None:
        if job.tries >= MAX_ATTEMPTS:
            self._give_up(job, fault.code, JobStatus.FAILED)
            return
        delay = max(back_off(job.tries), timedelta(seconds=fault.retry_after))
        with self.unit_of_work() as uow:
            uow.jobs.retry(job, now=self.clock(), delay=min(delay, LONGEST_DELAY))
            uow.commit()

    def _put_back(self, job: Job) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.retry(job, now=self.clock())
            uow.commit()

    def _stopped(self, job: Job) -> None:
        """The handler was told to stop: because the job was cancelled or is gone with its owner, or because another
        worker has it."""
        try:
            with self.unit_of_work() as uow:
                current = uow.jobs.get(job.owner, job.id)
        except NotFound:
            return
        held = current.status is JobStatus.RUNNING and current.attempts == job.attempts
        if held and current.cancel_requested:
            self._give_up(job, CANCELLED, JobStatus.CANCELLED)

    def _give_up(self, job: Job, code: str, status: JobStatus) -> None:
        # The subject first: if this process dies in between, the job is taken again and tells it once more.
        self.handlers[job.kind].give_up(job, code)
        self._close(job, status, code)

    def _close(self, job: Job, status: JobStatus, error: str | None = None) -> None:
        with self.unit_of_work() as uow:
            uow.jobs.finish(job, status, error=error, now=self.clock())
            uow.commit()


def back_off(attempts: int) -> timedelta:
    """How long to wait after a number of attempts: 5 s, 15 s, 45 s and so on, at most ten minutes."""
    return min(FIRST_DELAY * int(3 ** min(attempts - 1, 10)), LONGEST_DELAY)


@dataclass(slots=True)
class _KeptLease:
    """Prolongs the lease of a job from a thread of its own, so that a handler may wait for a network or a long page."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock
    job: Job
    lease: timedelta
    lost: bool = False
    _progress: int = 0
    _told: tuple[int, float] = (0, 0.0)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._keep, name=f"lease-{self.job.id}", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def beat(self, progress: int) -> bool:
        """Note the progress, a few times a second at most; False when the work should stop."""
        self._progress = max(0, min(progress, 99))
        told, at = self._told
        if monotonic() - at >= _BEAT_EVERY or (told == 0 and progress > 0):
            self._tell()
        return not self.lost

    def _tell(self) -> None:
        self._told = (self._progress, monotonic())
        with self.unit_of_work() as uow:
            held = uow.jobs.heartbeat(self.job, progress=self._progress, now=self.clock(), lease=self.lease)
            uow.commit()
        if not held:
            self.lost = True

    def _keep(self) -> None:
        every = self.lease.total_seconds() / 3
        until = monotonic() + LONGEST_RUN.total_seconds()
        while not self._done.wait(every) and not self.lost and monotonic() < until:
            try:
                self._tell()
            except Unavailable:
                # The next beat may get through; if none does, the lease ends and the job is taken again.
                log.warning("the lease of job %s could not be prolonged", self.job.id)
