"""Accounts and log-ins in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from studyteddy.adapters.postgres.driver import read
from studyteddy.adapters.postgres.repository import page
from studyteddy.adapters.postgres.tables.accounts import auth_sessions, users
from studyteddy.domain.accounts import AuthSession, User, UserRole
from studyteddy.domain.administration import ALL_USERS, UserFilter
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.paging import Page, PageRequest

_USER = "select * from users where id = %(row_id)s"
# Many may hold a person at once, as many log-ins do: only who changes them waits.
_HELD_USER = sa.select(users).where(users.c.id == sa.bindparam("row_id")).with_for_update(read=True)
_USER_BY_EMAIL = sa.select(users).where(users.c.email == sa.bindparam("address"))
_ADD_USER = insert(users).on_conflict_do_nothing(index_elements=["email"]).returning(users.c.id)
_ADMIN = users.c.roles.contains([UserRole.ADMIN.value])
# In the order of ids, so that two who do so at once wait for each other rather than lock each other out.
_HOLD_ADMINS = sa.select(users.c.id).where(_ADMIN, users.c.disabled.is_(False)).order_by(users.c.id).with_for_update()
_SAVE_USER = sa.update(users).where(
    users.c.id == sa.bindparam("row_id"), users.c.version == sa.bindparam("row_version")
)
_SESSION = "select * from auth_sessions where id = %(row_id)s"
_SESSION_WITH_USER = """
select users.*, of.id as session_id, of.token_hash, of.device, of.version as session_version,
    of.created_at as session_created_at, of.last_used_at, of.expires_at, of.ended_at
from auth_sessions as of join users on users.id = of.user_id where of.id = %(row_id)s
"""
_SAVE_SESSION = sa.update(auth_sessions).where(
    auth_sessions.c.id == sa.bindparam("row_id"), auth_sessions.c.version == sa.bindparam("row_version")
)
_LIVE = (
    sa.select(auth_sessions)
    .where(auth_sessions.c.user_id == sa.bindparam("user"), auth_sessions.c.ended_at.is_(None))
    .where(auth_sessions.c.expires_at > sa.bindparam("now"))
    .order_by(auth_sessions.c.last_used_at.desc(), auth_sessions.c.id.desc())
)
_END_ALL = (
    sa.update(auth_sessions)
    .where(auth_sessions.c.user_id == sa.bindparam("user"), auth_sessions.c.ended_at.is_(None))
    .where(auth_sessions.c.expires_at > sa.bindparam("now"))
    .values(ended_at=sa.bindparam("now"), version=auth_sessions.c.version + 1)
)
_EXPIRED = sa.select(auth_sessions.c.id).where(auth_sessions.c.expires_at < sa.bindparam("before"))
_PURGE_SESSIONS = sa.delete(auth_sessions).where(auth_sessions.c.id.in_(_EXPIRED.limit(sa.bindparam("at_most"))))


def _user_row(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "display_name": user.display_name,
        "password_hash": user.password_hash,
        "roles": sorted(user.roles),
        "time_zone": user.time_zone,
        "day_starts_at": user.day_starts_at,
        "weekly_budget": list(user.weekly_budget),
        "disabled": user.disabled,
        "version": user.version,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "email_verified_at": user.email_verified_at,
    }


def _conditions(wanted: UserFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.email_prefix is not None:
        yield users.c.email.startswith(wanted.email_prefix, autoescape=True)
    if wanted.role is not None:
        yield users.c.roles.contains([wanted.role.value])
    if wanted.disabled is not None:
        yield users.c.disabled.is_(wanted.disabled)


def user_of_row(row: Any) -> User:
    """The user in the columns of its table, whatever stands beside them."""
    return User(
        id=UserId(row.id),
        email=row.email,
        display_name=row.display_name,
        password_hash=row.password_hash,
        roles=frozenset(UserRole(role) for role in row.roles),
        time_zone=row.time_zone,
        day_starts_at=row.day_starts_at,
        weekly_budget=tuple(row.weekly_budget),
        disabled=row.disabled,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        email_verified_at=row.email_verified_at,
    )


class PostgresUsers:
    """The ``Users`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user: User) -> None:
        if self._connection.execute(_ADD_USER, _user_row(user)).one_or_none() is None:
            raise Conflict("This email address already has an account. Log in instead.", code="email_taken")

    def get(self, user_id: UserId, *, held: bool = False) -> User:
        wanted = {"row_id": user_id}
        # Held by Core, since what holds somebody needs a transaction.
        rows = self._connection.execute(_HELD_USER, wanted).all() if held else read(self._connection, _USER, wanted)
        if not rows:
            raise NotFound("There is no such user.")
        return user_of_row(rows[0])

    def page(self, request: PageRequest, wanted: UserFilter = ALL_USERS) -> Page[User]:
        return page(
            self._connection,
            sa.select(users).where(*_conditions(wanted)),
            {},
            request,
            order="email",
            key=users.c.email.collate("C"),
            row_id=users.c.id,
            as_text=str,
            from_text=str,
            from_row=user_of_row,
        )

    def hold_admins(self) -> frozenset[UserId]:
        return frozenset(UserId(row.id) for row in self._connection.execute(_HOLD_ADMINS))

    def by_email(self, email: str) -> User | None:
        row = self._connection.execute(_USER_BY_EMAIL, {"address": email}).one_or_none()
        return user_of_row(row) if row is not None else None

    def save(self, user: User) -> None:
        values = _user_row(user)
        values |= {"row_id": values.pop("id"), "row_version": user.version - 1}
        if self._connection.execute(_SAVE_USER, values).rowcount == 0:
            self.get(user.id)
            raise StaleVersion("These settings were changed meanwhile. Load them again and repeat your change.")


def _session_row(session: AuthSession) -> dict[str, Any]:
    return {
        "id": session.id,
        "user_id": session.user_id,
        "token_hash": session.token_hash,
        "device": session.device,
        "version": session.version,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "expires_at": session.expires_at,
        "ended_at": session.ended_at,
    }


def _session(row: Any) -> AuthSession:
    return AuthSession(
        id=AuthSessionId(row.id),
        user_id=UserId(row.user_id),
        token_hash=row.token_hash,
        device=row.device,
        version=row.version,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )


class PostgresAuthSessions:
    """The ``AuthSessions`` port."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, session: AuthSession) -> None:
        self._connection.execute(sa.insert(auth_sessions), _session_row(session))

    def get(self, session_id: AuthSessionId) -> AuthSession:
        rows = read(self._connection, _SESSION, {"row_id": session_id})
        if not rows:
            raise NotFound("There is no such log-in.")
        return _session(rows[0])

    def with_user(self, session_id: AuthSessionId) -> tuple[AuthSession, User]:
        rows = read(self._connection, _SESSION_WITH_USER, {"row_id": session_id})
        if not rows:
            raise NotFound("There is no such log-in.")
        (row,) = rows
        session = AuthSession(
            id=AuthSessionId(row.session_id),
            user_id=UserId(row.id),
            token_hash=row.token_hash,
            device=row.device,
            version=row.session_version,
            created_at=row.session_created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
        )
        return session, user_of_row(row)

    def save(self, session: AuthSession) -> None:
        values = _session_row(session)
        values |= {"row_id": values.pop("id"), "row_version": session.version - 1}
        if self._connection.execute(_SAVE_SESSION, values).rowcount == 0:
            self.get(session.id)
            raise StaleVersion("This log-in was changed meanwhile.")

    def live_of(self, owner: UserId, now: datetime) -> Sequence[AuthSession]:
        return [_session(row) for row in self._connection.execute(_LIVE, {"user": owner, "now": now})]

    def end_all(self, owner: UserId, now: datetime) -> int:
        return self._connection.execute(_END_ALL, {"user": owner, "now": now}).rowcount

    def purge(self, *, before: datetime, limit: int) -> int:
        return self._connection.execute(_PURGE_SESSIONS, {"before": before, "at_most": limit}).rowcount
