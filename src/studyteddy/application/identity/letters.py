"""Letters about an account: who asks for one writes a job, and the job writes the letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.jobs import Heartbeat, Job, JobKind
from studyteddy.application.ports.mailer import Letter, LetterKind, LetterValue, Mailer
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.ids import JobId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose


def letter_job(kind: JobKind, user: User, *, id: UUID, now: datetime) -> Job:
    """The wish for a letter to somebody. It holds no secret: that is made when the letter is."""
    return Job(id=JobId(id), owner=user.id, kind=kind, subject_id=user.id, created_at=now, updated_at=now)


def _letter(kind: LetterKind, user: User, job: Job, **values: LetterValue) -> Letter:
    """Each attempt has a number of its own, since each has a link of its own: no mailbox may take the one whose link
    is good for a copy of the one before."""
    return Letter(
        number=f"{job.id}-{job.attempts}",
        owner=user.id,
        kind=kind,
        to=user.email,
        name=user.display_name,
        values=values,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendVerification:
    """The ``JobHandler`` that asks somebody to show that an address is theirs. Whoever did so gets no more letters."""

    unit_of_work: UnitOfWorkFactory
    mailer: Mailer
    new_secret: NewSecret
    clock: Clock
    public_url: str

    def run(self, job: Job, beat: Heartbeat) -> None:  # noqa: ARG002 - it is over in seconds
        """Make a link, which ends the one before, and send it."""
        purpose, secret = TokenPurpose.EMAIL_VERIFICATION, self.new_secret()
        with self.unit_of_work() as uow:
            user = uow.users.get(job.owner)
            if user.disabled or user.email_verified_at is not None:
                return
            uow.one_use_tokens.put(OneUseToken.of(secret, purpose, user.id, user.email, self.clock()))
            uow.commit()
        hours = int(purpose.lifetime.total_seconds()) // 3_600
        link = f"{self.public_url}/verify?token={secret}"
        self.mailer.send(_letter(LetterKind.EMAIL_VERIFICATION, user, job, link=link, hours=hours))

    def give_up(self, job: Job, code: str) -> None:
        """Nothing: they can ask for another letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReset:
    """The ``JobHandler`` that sends the link by which somebody sets a new password."""

    unit_of_work: UnitOfWorkFactory
    mailer: Mailer
    new_secret: NewSecret
    clock: Clock
    public_url: str

    def run(self, job: Job, beat: Heartbeat) -> None:  # noqa: ARG002 - it is over in seconds
        """Make a link, which ends the one before, and send it."""
        purpose, secret = TokenPurpose.PASSWORD_RESET, self.new_secret()
        with self.unit_of_work() as uow:
            user = uow.users.get(job.owner)
            if user.disabled:
                return
            uow.one_use_tokens.put(OneUseToken.of(secret, purpose, user.id, user.email, self.clock()))
            uow.commit()
        minutes = int(purpose.lifetime.total_seconds()) // 60
        link = f"{self.public_url}/reset?token={secret}"
        self.mailer.send(_letter(LetterKind.PASSWORD_RESET, user, job, link=link, minutes=minutes))

    def give_up(self, job: Job, code: str) -> None:
        """Nothing: they can ask for another letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPasswordChanged:
    """The ``JobHandler`` that tells somebody of their new password, in case it was somebody else who set it."""

    unit_of_work: UnitOfWorkFactory
    mailer: Mailer

    def run(self, job: Job, beat: Heartbeat) -> None:  # noqa: ARG002 - it is over in seconds
        with self.unit_of_work() as uow:
            user = uow.users.get(job.owner)
        self.mailer.send(_letter(LetterKind.PASSWORD_CHANGED, user, job))

    def give_up(self, job: Job, code: str) -> None:
        """Nothing: the job itself tells that it failed."""
