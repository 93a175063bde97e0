"""Work that outlives a request. The row is the truth; running it is only waking up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from studyteddy.domain.ids import JobId, UserId


class JobKind(StrEnum):
    INGEST_DOCUMENT = "ingest_document"
    EMBED_DOCUMENT = "embed_document"
    ANSWER_QUESTION = "answer_question"
    PROPOSE_CARDS = "propose_cards"
    SEND_VERIFICATION = "send_verification"
    SEND_RESET = "send_reset"
    TELL_PASSWORD_CHANGED = "tell_password_changed"  # noqa: S105 - the name of a job
    IMPORT_ACCOUNT = "import_account"
    ERASE_ACCOUNT = "erase_account"
    SEND_NOTIFICATION = "send_notification"


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


MAX_ATTEMPTS = 5
MAX_LOSSES = 20
"""How many workers may die over one job. Most of them die of something else (a roll-out, a machine that goes away), but
a job that needs more memory than there is would kill them for ever."""
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two messages about a job that nobody takes."""


def known_kind(name: str) -> JobKind | str:
    """The kind of this name; the name itself where only a newer version knows it."""
    return JobKind(name) if name in set(JobKind) else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work for its owner. ``subject_id`` names what it works on (a document, a message, a deck);
    ``arguments`` hold what else it needs, as plain JSON. ``lease_until`` is set while a worker holds it, ``not_before``
    while it waits for another attempt. ``kind`` is plain text when a newer version of this program queued it;
    ``request_id`` names the request that asked for it in the logs. ``attempts`` tells one holder from the next;
    ``losses`` of them ended with the worker, their leases run out."""

    id: JobId
    owner: UserId
    kind: JobKind | str
    subject_id: UUID
    arguments: Mapping[str, object] = field(default_factory=dict)
    status: JobStatus = JobStatus.QUEUED
    progress: int = 0
    error: str | None = None
    attempts: int = 0
    losses: int = 0
    lease_until: datetime | None = None
    not_before: datetime | None = None
    cancel_requested: bool = False
    request_id: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def tries(self) -> int:
        """Attempts that were not lost with their worker: what a handler's own faults are counted by."""
        return self.attempts - self.losses


@dataclass(frozen=True, slots=True)
class WakeUp:
    """What a worker is told: that this job waits. The row says all the rest."""

    job_id: JobId
    kind: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHealth:
    """How the jobs of a kind fare: how many wait for a worker and are worked on, for how many seconds the first of
    those that wait could have been taken, and how many failed within a day.
    """

    kind: str
    waiting: int = 0
    running: int = 0
    oldest_seconds: float = 0.0
    failed_last_day: int = 0


class Jobs(Protocol):
    """The job table, inside a unit of work.

    ``claim``, ``heartbeat``, ``finish`` and ``retry`` are about who works, not about anybody's data. Each is called in
    a unit of work of its own, where it may take effect before the commit. A crash of the database may take the last
    ones back; then a job is done once more.
    """

    def add(self, job: Job) -> None:
        """Queue it; it is run once the surrounding change is committed."""
        ...

    def get(self, owner: UserId, job_id: JobId) -> Job:
        """One job of its owner, else ``NotFound``."""
        ...

    def claim(
        self, job_id: JobId | None, *, now: datetime, lease: timedelta = LEASE, kinds: Collection[str] | None = None
    ) -> Job | None:
        """Take a queued job, or a running one whose lease ran out, for ``lease``: status running, one attempt more.

        With None the oldest one that can be taken. Two workers never get the same job, and nobody gets one before its
        ``not_before``. ``kinds`` narrows the choice. None when there is none.
        """
        ...

    def heartbeat(self, job: Job, *, progress: int, now: datetime, lease: timedelta = LEASE) -> bool:
        """Prolong the lease and note the progress. False when it was cancelled or is held by another: stop then."""
        ...

    def finish(self, job: Job, status: JobStatus, *, error: str | None = None, now: datetime) -> bool:
        """Close the job if this attempt still holds it; False (and no change) if another took it."""
        ...

    def retry(self, job: Job, *, now: datetime, delay: timedelta = timedelta(0)) -> bool:
        """Give a held job back to the queue, as after a passing fault, to be taken after ``delay`` at the earliest."""
        ...

    def request_cancel(self, owner: UserId, job_id: JobId, *, now: datetime) -> Job:
        """Ask for it to stop: a queued job is cancelled at once, a running one at its next heartbeat."""
        ...

    def release_all(self, *, now: datetime) -> int:
        """Let the leases of all running jobs end now, and tell how many. Only for a process that is alone and has just
        started: whoever held them is dead, and nobody should wait for that to show."""
        ...

    def health(self, *, now: datetime) -> Sequence[QueueHealth]:
        """Of every kind that is known here or has jobs, by its name. A job that waits for another attempt waits from
        the moment when it may be tried.
        """
        ...

    def of_subject(self, owner: UserId, subject_id: UUID) -> Sequence[Job]:
        """The jobs about one thing, newest first."""
        ...

    def to_send(self, *, now: datetime, grace: timedelta, resend_after: timedelta, limit: int) -> Sequence[WakeUp]:
        """Mark as sent now, and return, jobs that could be claimed and of which workers should be told (again).

        These are, oldest first and of any kind: queued ones that nobody was told of for ``grace``, since the process
        that queued them comes first; the same at once where they had waited for another attempt, and where a lease ran
        out; and those that were sent long ago but not claimed. "Long" is ``resend_after`` at first and grows with the
        time that a job has waited, up to ``LONGEST_PAUSE``. Two callers at once never get the same job.
        """
        ...

    def sent(self, job_ids: Collection[JobId], *, at: datetime | None) -> None:
        """Note when workers were told of these jobs, None for never. A job that is claimed or over is left alone."""
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` jobs that were over before an instant, and tell how many."""
        ...


Heartbeat = Callable[[int], bool]
"""Tells that a job is alive and how far it is (0..99). False means stop: it was cancelled, or another holds it now."""


class JobHandler(Protocol):
    """Does the work of one kind of job. Every step may run twice: a killed worker is followed by another."""

    def run(self, job: Job, beat: Heartbeat) -> None:
        """Work, calling ``beat`` at least every few seconds and returning soon after it says False.

        ``Unavailable`` and ``RateLimited`` are tried again later, up to ``MAX_ATTEMPTS``; any other error is final.
        """
        ...

    def give_up(self, job: Job, code: str) -> None:
        """Note on the job's subject that it failed for good (or was cancelled: code ``cancelled``). No network."""
        ...


class JobRunner(Protocol):
    """Wakes a worker up after a commit. Losing a call loses no work: a sweeper finds queued rows."""

    def start(self) -> None:
        """Begin, in a process that will not fork any more."""
        ...

    def wake(self, wake_up: WakeUp) -> None:
        """Return at once, whatever the state of the workers."""
        ...

    def stop(self, timeout: float = 10.0) -> bool:
        """End within about ``timeout`` seconds; False when something is still under way then."""
        ...
