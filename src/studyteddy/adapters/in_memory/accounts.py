"""Accounts and log-ins in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from studyteddy.adapters.in_memory.repository import page
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.accounts import AuthSession, User
from studyteddy.domain.administration import ALL_USERS, UserFilter, administers
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.paging import Page, PageRequest


class InMemoryUsers:
    """The ``Users`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[UUID, User] = store.table("users")
        self._journal = journal

    def add(self, user: User) -> None:
        if self.by_email(user.email) is not None:
            raise Conflict("This email address already has an account. Log in instead.", code="email_taken")
        self._journal.put("users", user.id, user)

    def get(self, user_id: UserId, *, held: bool = False) -> User:  # noqa: ARG002 - a unit of work is alone anyway
        if user_id not in self._rows:
            raise NotFound("There is no such user.")
        return self._rows[user_id]

    def by_email(self, email: str) -> User | None:
        return next((user for user in self._rows.values() if user.email == email), None)

    def page(self, request: PageRequest, wanted: UserFilter = ALL_USERS) -> Page[User]:
        users = filter(wanted.matches, self._rows.values())
        return page(users, request, order="email", key=lambda user: user.email, as_text=str, from_text=str)

    def hold_admins(self) -> frozenset[UserId]:
        return frozenset(user.id for user in self._rows.values() if administers(user))

    def save(self, user: User) -> None:
        if self.get(user.id).version != user.version - 1:
            raise StaleVersion("These settings were changed meanwhile. Load them again and repeat your change.")
        self._journal.put("users", user.id, user)


class InMemoryAuthSessions:
    """The ``AuthSessions`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[UUID, AuthSession] = store.table("auth_sessions")
        self._users: dict[UUID, User] = store.table("users")
        self._journal = journal

    def add(self, session: AuthSession) -> None:
        self._journal.put("auth_sessions", session.id, session)

    def get(self, session_id: AuthSessionId) -> AuthSession:
        if session_id not in self._rows:
            raise NotFound("There is no such log-in.")
        return self._rows[session_id]

    def with_user(self, session_id: AuthSessionId) -> tuple[AuthSession, User]:
        session = self.get(session_id)
        if session.user_id not in self._users:
            raise NotFound("There is no such log-in.")
        return session, self._users[session.user_id]

    def save(self, session: AuthSession) -> None:
        if self.get(session.id).version != session.version - 1:
            raise StaleVersion("This log-in was changed meanwhile.")
        self._journal.put("auth_sessions", session.id, session)

    def live_of(self, owner: UserId, now: datetime) -> Sequence[AuthSession]:
        live = [session for session in self._rows.values() if session.user_id == owner and session.live(now)]
        return sorted(live, key=lambda session: (session.last_used_at, session.id), reverse=True)

    def end_all(self, owner: UserId, now: datetime) -> int:
        live = self.live_of(owner, now)
        for session in live:
            self.save(session.ended(now))
        return len(live)

    def purge(self, *, before: datetime, limit: int) -> int:
        expired = [session.id for session in self._rows.values() if session.expires_at < before][:limit]
        for session_id in expired:
            self._journal.remove("auth_sessions", session_id)
        return len(expired)
