"""What an operator does with other people's accounts, from the command line."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.security import PasswordHasher
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User, check_password, normalised_email
from studyteddy.domain.administration import ALL_USERS, UserFilter
from studyteddy.domain.errors import NotFound
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.security_events import SecurityEventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FindUser:
    """The account of an address; ``NotFound`` when it has none, ``Invalid`` when it is no address."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, email: str) -> User:
        with self.unit_of_work() as uow:
            return _account(uow, email)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """A page of the accounts that match, by address."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, request: PageRequest, wanted: UserFilter = ALL_USERS) -> Page[User]:
        with self.unit_of_work() as uow:
            return uow.users.page(request, wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Give an account a new password and end all its log-ins, since whoever knew the old one may be in."""

    unit_of_work: UnitOfWorkFactory
    passwords: PasswordHasher
    clock: Clock

    def __call__(self, *, email: str, password: str) -> User:
        check_password(password, email=normalised_email(email))
        password_hash = self.passwords.hash(password)
        now = self.clock()
        with self.unit_of_work() as uow:
            user = _account(uow, email).with_password(password_hash, now)
            uow.users.save(user)
            for session in uow.auth_sessions.live_of(user.id, now):
                uow.auth_sessions.save(session.ended(now))
            uow.security_events.add(SecurityEventKind.PASSWORD_CHANGED, owner=user.id, at=now, detail="by an operator")
            uow.commit()
        return user


def _account(uow: UnitOfWork, email: str) -> User:
    user = uow.users.by_email(normalised_email(email))
    if user is None:
        raise NotFound(f"There is no account with the address {email}. Make one: studyteddy user add {email}")
    return user
