"""Show that an address is one's own."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.application.identity.letters import letter_job
from studyteddy.application.identity.tokens import opened
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import JobKind
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.ids import UserId
from studyteddy.domain.one_use_tokens import TokenPurpose, link_used
from studyteddy.domain.security_events import SecurityEventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForVerification:
    """Queue another letter with a link that verifies the address. ``Conflict`` (``already_verified``) without need."""

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId) -> None:
        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
            if user.email_verified_at is not None:
                raise Conflict("This address is verified already.", code="already_verified")
            uow.jobs.add(letter_job(JobKind.SEND_VERIFICATION, user, id=self.new_id(), now=self.clock()))
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEmail:
    """Take the token of a letter as proof. ``NotAuthenticated``: ``link_invalid``, ``link_used``, ``link_expired``."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, token: str) -> None:
        now = self.clock()
        with self.unit_of_work() as uow:
            spent, user = opened(uow, TokenPurpose.EMAIL_VERIFICATION, token, now)
            if not uow.one_use_tokens.spend(spent):
                raise link_used()
            if user.email_verified_at is None:
                uow.users.save(user.with_verified_email(now))
            uow.security_events.add(SecurityEventKind.EMAIL_VERIFIED, owner=user.id, at=now)
            uow.commit()
