"""Deleting an account: access ends at once, and everything that was somebody's is forgotten by a job."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.events import Events
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind
from studyteddy.application.ports.mailer import Mailer
from studyteddy.application.ports.object_store import ObjectStore
from studyteddy.application.ports.security import PasswordHasher
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import User, normalised_email
from studyteddy.domain.errors import Invalid, NotFound, Unavailable, WrongPassword
from studyteddy.domain.ids import JobId, UserId
from studyteddy.domain.leaving import buried_digest, tombstone_key
from studyteddy.domain.security_events import SecurityEventKind

log = logging.getLogger(__name__)

_AT_ONCE = 5_000
_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveForGood:
    """Begin to delete an account. When this returns nobody gets in any more, the address is free for a new account,
    and the rest is sure to follow.

    Whoever has a password confirms by it, anybody else by typing the address of the account. Raises ``WrongPassword``,
    or ``Invalid`` about ``confirmation`` (``wrong_confirmation``), after which nothing has changed.
    """

    unit_of_work: UnitOfWorkFactory
    passwords: PasswordHasher
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, password: str | None = None, confirmation: str | None = None) -> None:
        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
        self._confirm(user, password, confirmation)
        now = self.clock()
        with self.unit_of_work() as uow:
            uow.users.save(uow.users.get(owner).leaving(now))
            for session in uow.auth_sessions.live_of(owner, now):
                uow.auth_sessions.save(session.ended(now))
            uow.belongings.end_access(owner, now=now)
            uow.tombstones.add(buried_digest(owner), at=now)
            uow.jobs.add(_erasing(owner, JobId(self.new_id()), now))
            uow.security_events.add(SecurityEventKind.ACCOUNT_DELETED, owner=owner, at=now)
            uow.commit()

    def _confirm(self, user: User, password: str | None, confirmation: str | None) -> None:
        if user.password_hash:
            if password is None or not self.passwords.verify(password, user.password_hash):
                raise WrongPassword("Confirm with the password of this account.")
        elif _folded(confirmation) != user.email:
            raise Invalid.field(
                "confirmation", "Confirm by typing the address of this account.", code="wrong_confirmation"
            )


def _folded(address: str | None) -> str | None:
    try:
        return normalised_email(address or "")
    except Invalid:
        return None


def _erasing(owner: UserId, job_id: JobId, now: datetime, not_before: datetime | None = None) -> Job:
    return Job(
        id=job_id,
        owner=owner,
        kind=JobKind.ERASE_ACCOUNT,
        subject_id=owner,
        not_before=not_before,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseAccount:
    """The job that forgets somebody: bytes, rows, search, live events, kept letters. Every step may run twice.

    The person's own row goes last, in one transaction with all that is left, and with it this job: until then a killed
    worker is followed by another. What a request that was under way has written meanwhile is looked for once more
    after it.
    """

    unit_of_work: UnitOfWorkFactory
    objects: ObjectStore
    events: Events
    mailer: Mailer
    new_id: NewId
    clock: Clock

    def run(self, job: Job, beat: Heartbeat) -> None:
        owner = job.owner
        self._bury(owner)
        while True:
            for _ in self._bytes_forgotten(owner):
                if not beat(20):
                    return
            for _ in self._rows_forgotten(owner):
                if not beat(60):
                    return
            self.events.forget(owner)
            self.mailer.forget(owner)
            with self.unit_of_work() as uow:
                gone = uow.belongings.erase_account(owner)
                uow.commit()
            if gone:
                break
        # From here on nothing can be added. What was under way just now left bytes, news or a letter at worst.
        with suppress(Unavailable):
            for _ in self._bytes_forgotten(owner):
                pass
        self.events.forget(owner)
        self.mailer.forget(owner)
        log.info("account.erased")

    def give_up(self, job: Job, code: str) -> None:  # noqa: ARG002 - whatever it was
        """Never: what could not be done now is tried again in an hour, by another job."""
        now = self.clock()
        with suppress(NotFound), self.unit_of_work() as uow:
            uow.users.get(job.owner)
            uow.jobs.add(_erasing(job.owner, JobId(self.new_id()), now, now + _AGAIN_AFTER))
            uow.commit()

    def _bury(self, owner: UserId) -> None:
        """Put the tombstone where a restore finds it even if the database is lost."""
        digest = buried_digest(owner)
        with self.unit_of_work() as uow:
            at = uow.tombstones.all().get(digest)
        self.objects.put(tombstone_key(digest), io.BytesIO((at or self.clock()).isoformat().encode()))

    def _bytes_forgotten(self, owner: UserId) -> Iterator[str]:
        for key in self.objects.keys(f"{owner}/"):
            self.objects.delete(key)
            yield key

    def _rows_forgotten(self, owner: UserId) -> Iterator[int]:
        while True:
            with self.unit_of_work() as uow:
                count = uow.belongings.erase(owner, limit=_AT_ONCE)
                uow.commit()
            if not count:
                return
            yield count
