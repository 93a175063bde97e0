"""Where people and their log-ins are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from studyteddy.domain.accounts import AuthSession, User
from studyteddy.domain.administration import ALL_USERS, UserFilter
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.paging import Page, PageRequest


class Users(Protocol):
    """Accounts, unique by normalised email."""

    def add(self, user: User) -> None:
        """Keep a new user. Raises ``Conflict`` (code ``email_taken``) when the address has an account."""
        ...

    def get(self, user_id: UserId, *, held: bool = False) -> User:
        """The user, else ``NotFound``. With ``held`` nobody changes them before this unit of work ends, and who is
        being changed is given as they are then."""
        ...

    def by_email(self, email: str) -> User | None:
        """The account of a normalised address."""
        ...

    def page(self, request: PageRequest, wanted: UserFilter = ALL_USERS) -> Page[User]:
        """Accounts that match, by their address."""
        ...

    def hold_admins(self) -> frozenset[UserId]:
        """Who administers now. Until this unit of work ends nobody else holds them: two administrators who take each
        other's role away do so one after the other.
        """
        ...

    def save(self, user: User) -> None:
        """Replace the user whose version is one less, else ``StaleVersion``."""
        ...


class AuthSessions(Protocol):
    """Log-ins, by device."""

    def add(self, session: AuthSession) -> None: ...

    def get(self, session_id: AuthSessionId) -> AuthSession:
        """The log-in, also when it has ended; else ``NotFound``."""
        ...

    def with_user(self, session_id: AuthSessionId) -> tuple[AuthSession, User]:
        """The log-in and whose it is, by one question: every request asks it. Else ``NotFound``."""
        ...

    def save(self, session: AuthSession) -> None:
        """Replace the log-in whose version is one less, else ``StaleVersion``."""
        ...

    def live_of(self, owner: UserId, now: datetime) -> Sequence[AuthSession]:
        """Log-ins that still count, last used first."""
        ...

    def end_all(self, owner: UserId, now: datetime) -> int:
        """End every log-in of the owner that still counts, and tell how many. One that is being rotated ends, too."""
        ...

    def purge(self, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` log-ins that expired before an instant, and tell how many."""
        ...
