"""A new password, by a letter or by the one before. Whoever came in by the old one is out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from studyteddy.application.identity.letters import letter_job
from studyteddy.application.identity.tokens import opened
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import JobKind
from studyteddy.application.ports.security import PasswordHasher
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User, check_password, normalised_email
from studyteddy.domain.errors import Conflict, Invalid, NotFound, StaleVersion, WrongPassword
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.one_use_tokens import TokenPurpose, link_used
from studyteddy.domain.security_events import SecurityEventKind

ANSWER_AFTER = 0.25
"""Seconds after which asking for a reset is answered, several times what it takes: writing a job takes longer than
writing none, and that must not tell which addresses have accounts."""
_TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReset:
    """Queue a letter by which the owner of an address sets a new password, if it has an account.

    Nobody can tell whether it has: nothing is returned, nothing is raised for an unknown or a wrong address, and each
    call takes ``answer_after`` seconds.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    answer_after: float = ANSWER_AFTER
    timer: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, *, email: str) -> None:
        begun = self.timer()
        try:
            self._queue(email)
        finally:
            self.sleep(max(0.0, begun + self.answer_after - self.timer()))

    def _queue(self, email: str) -> None:
        try:
            address = normalised_email(email)
        except Invalid:
            return
        with self.unit_of_work() as uow:
            user = uow.users.by_email(address)
            if user is not None and not user.disabled:
                uow.jobs.add(letter_job(JobKind.SEND_RESET, user, id=self.new_id(), now=self.clock()))
            owner = user.id if user else None
            uow.security_events.add(SecurityEventKind.PASSWORD_RESET_REQUESTED, owner=owner, at=self.clock())
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a password by the token of a letter, which also verifies the address, and end everything that was open.

    ``NotAuthenticated``: ``link_invalid``, ``link_used``, ``link_expired``; ``Invalid`` (``weak_password``), after
    which the token is still good. Of many uses at once one counts.
    """

    unit_of_work: UnitOfWorkFactory
    passwords: PasswordHasher
    new_id: NewId
    clock: Clock

    def __call__(self, *, token: str, password: str) -> None:
        with self.unit_of_work() as uow:  # a token that is no good costs no hash
            _, user = opened(uow, TokenPurpose.PASSWORD_RESET, token, self.clock())
        check_password(password, email=user.email)
        password_hash = self.passwords.hash(password)
        _despite_races(lambda: self._set(token, password_hash))

    def _set(self, token: str, password_hash: str) -> None:
        now = self.clock()
        with self.unit_of_work() as uow:
            spent, user = opened(uow, TokenPurpose.PASSWORD_RESET, token, now)
            if not uow.one_use_tokens.spend(spent):
                raise link_used()
            uow.users.save(user.recovered(password_hash, now))
            _end_access(uow, user, now)
            uow.security_events.add(SecurityEventKind.PASSWORD_RESET, owner=user.id, at=now)
            uow.jobs.add(letter_job(JobKind.TELL_PASSWORD_CHANGED, user, id=self.new_id(), now=now))
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Set a password by the one before, and end everything that was open but the log-in at hand.

    ``WrongPassword``; ``Invalid`` (``weak_password``); ``Conflict`` (``no_password``) where there is none to change.
    """

    unit_of_work: UnitOfWorkFactory
    passwords: PasswordHasher
    new_id: NewId
    clock: Clock

    def __call__(self, *, owner: UserId, session_id: AuthSessionId, current_password: str, new_password: str) -> None:
        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
        if not user.password_hash:
            message = "This account has no password yet. Set one by the letter of 'Forgot your password?'."
            raise Conflict(message, code="no_password")
        if not self.passwords.verify(current_password, user.password_hash):
            raise WrongPassword("The current password is wrong. Check it and try again.")
        check_password(new_password, email=user.email, field="new_password")
        password_hash = self.passwords.hash(new_password)
        _despite_races(lambda: self._set(user, session_id, password_hash))

    def _set(self, proven: User, session_id: AuthSessionId, password_hash: str) -> None:
        now = self.clock()
        with self.unit_of_work() as uow:
            user = uow.users.get(proven.id)
            if user.password_hash != proven.password_hash:  # changed meanwhile, so the old one proves nothing now
                raise WrongPassword("The current password is wrong. Check it and try again.")
            uow.users.save(user.with_password(password_hash, now))
            uow.one_use_tokens.end_all(user.id, TokenPurpose.PASSWORD_RESET)
            _end_access(uow, user, now, but=session_id)
            uow.security_events.add(SecurityEventKind.PASSWORD_CHANGED, owner=user.id, at=now)
            uow.jobs.add(letter_job(JobKind.TELL_PASSWORD_CHANGED, user, id=self.new_id(), now=now))
            uow.commit()


def _end_access(uow: UnitOfWork, user: User, now: datetime, *, but: AuthSessionId | None = None) -> None:
    """End the log-ins of a person, and the API tokens that somebody who was in may have made."""
    for session in uow.auth_sessions.live_of(user.id, now):
        if session.id != but:
            uow.auth_sessions.save(session.ended(now))
    for token in uow.api_tokens.of(user.id):
        with suppress(NotFound):  # its owner deleted it meanwhile
            uow.api_tokens.delete(user.id, token.id)


def _despite_races(change: Callable[[], None]) -> None:
    """Run a change again that lost against somebody else's, such as a log-in that was renewed meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return change()
        except StaleVersion:
            continue
    return change()
