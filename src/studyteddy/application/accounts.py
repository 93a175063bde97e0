"""Register, log in, stay logged in, log out, and the settings of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.jobs import Job, JobKind
from studyteddy.application.ports.security import AccessTokens, NewSecret, PasswordHasher
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import (
    REFRESH_LIFETIME,
    AuthSession,
    User,
    check_password,
    normalised_email,
    token_reused,
)
from studyteddy.domain.api_tokens import PREFIX as API_TOKEN_PREFIX
from studyteddy.domain.api_tokens import ApiToken
from studyteddy.domain.errors import Invalid, NotAllowed, NotAuthenticated, NotFound, StaleVersion
from studyteddy.domain.ids import AuthSessionId, JobId, UserId
from studyteddy.domain.permissions import Scope
from studyteddy.domain.security_events import SecurityEventKind
from studyteddy.domain.versions import check_version

MAX_DEVICE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """What a device needs from now on. ``expires_in`` is the life of the access token in seconds."""

    user: User
    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is calling, and by what: a log-in, or an API token."""

    user: User
    log_in: AuthSessionId | None = None
    api_token: ApiToken | None = None

    @property
    def session_id(self) -> AuthSessionId:
        """The log-in; ``NotAllowed`` (``needs_log_in``) for a script, which has none."""
        if self.log_in is None:
            raise NotAllowed("An API token can't do this. Log in and use the access token.", code="needs_log_in")
        return self.log_in

    @property
    def scopes(self) -> frozenset[Scope] | None:
        """What the API token is good for, None for a log-in."""
        return self.api_token.scopes if self.api_token else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionIssuer:
    """Makes the token pairs of log-ins; shared by every way to get in."""

    access_tokens: AccessTokens
    new_secret: NewSecret
    new_id: NewId
    clock: Clock
    refresh_lifetime: timedelta = REFRESH_LIFETIME

    def open(self, user: User, device: str) -> tuple[AuthSession, LoggedIn]:
        """A new family for a device and its first tokens."""
        now, secret = self.clock(), self.new_secret()
        session = AuthSession(
            id=AuthSessionId(self.new_id()),
            user_id=user.id,
            token_hash=_digest(secret),
            device=device[:MAX_DEVICE],
            version=1,
            created_at=now,
            last_used_at=now,
            expires_at=now + self.refresh_lifetime,
            ended_at=None,
        )
        return session, self.present(user, session, secret)

    def present(self, user: User, session: AuthSession, secret: str) -> LoggedIn:
        access = self.access_tokens.issue(user_id=user.id, session_id=session.id, now=self.clock())
        return LoggedIn(
            user=user,
            access_token=access,
            refresh_token=f"{session.id.hex}.{secret}",
            expires_in=int(self.access_tokens.lifetime.total_seconds()),
            refresh_expires_in=int(self.refresh_lifetime.total_seconds()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Turns what a newcomer states into a checked account, not yet kept; shared by every way to get one."""

    passwords: PasswordHasher
    new_id: NewId
    clock: Clock

    def __call__(self, *, email: str, password: str, display_name: str, time_zone: str) -> User:
        """Raises ``Invalid`` for a wrong address, a weak password, an empty name or an unknown zone."""
        address = normalised_email(email)
        check_password(password, email=address)
        return User.registered(
            id=UserId(self.new_id()),
            email=address,
            display_name=display_name,
            password_hash=self.passwords.hash(password),
            time_zone=time_zone,
            now=self.clock(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Make an account and log its owner in. ``Conflict`` (``email_taken``) when the address has one.

    With ``by_letter`` a letter asks them to show that the address is theirs; nothing waits for that.
    """

    unit_of_work: UnitOfWorkFactory
    admit: Admission
    issuer: SessionIssuer
    by_letter: bool = False

    def __call__(
        self, *, email: str, password: str, display_name: str, time_zone: str = "UTC", device: str = ""
    ) -> LoggedIn:
        user = self.admit(email=email, password=password, display_name=display_name, time_zone=time_zone)
        session, logged_in = self.issuer.open(user, device)
        with self.unit_of_work() as uow:
            uow.users.add(user)
            uow.auth_sessions.add(session)
            uow.security_events.add(SecurityEventKind.REGISTERED, owner=user.id, at=session.created_at)
            if self.by_letter:
                uow.jobs.add(self._letter(user))
            uow.commit()
        return logged_in

    def _letter(self, user: User) -> Job:
        return Job(
            id=JobId(self.issuer.new_id()),
            owner=user.id,
            kind=JobKind.SEND_VERIFICATION,
            subject_id=user.id,
            created_at=user.created_at,
            updated_at=user.created_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Check a password. Wrong address and wrong password can't be told apart, by text or by time.

    Checking takes long, so a password that was replaced meanwhile counts as wrong: whoever resets theirs is alone.
    """

    unit_of_work: UnitOfWorkFactory
    passwords: PasswordHasher
    issuer: SessionIssuer

    def __call__(self, *, email: str, password: str, device: str = "") -> LoggedIn:
        user = self._account(email)
        if not self.passwords.verify(password, (user.password_hash or None) if user else None) or user is None:
            self._note_failure(user)
            raise _wrong_credentials()
        if user.disabled:
            self._note_failure(user)
            raise NotAllowed("This account is disabled. Ask an administrator.", code="account_disabled")
        session, logged_in = self.issuer.open(user, device)
        with self.unit_of_work() as uow:
            if uow.users.get(user.id, held=True).password_hash != user.password_hash:
                raise _wrong_credentials()
            uow.auth_sessions.add(session)
            uow.security_events.add(SecurityEventKind.LOGGED_IN, owner=user.id, at=session.created_at)
            uow.commit()
        return logged_in

    def _note_failure(self, user: User | None) -> None:
        """For an unknown address as well, so that both take as long; the address itself is not kept."""
        with self.unit_of_work() as uow:
            owner = user.id if user else None
            uow.security_events.add(SecurityEventKind.LOG_IN_FAILED, owner=owner, at=self.issuer.clock())
            uow.commit()

    def _account(self, email: str) -> User | None:
        try:
            address = normalised_email(email)
        except Invalid:
            return None
        with self.unit_of_work() as uow:
            return uow.users.by_email(address)


def _wrong_credentials() -> NotAuthenticated:
    return NotAuthenticated("Email or password is wrong. Check both and try again.", code="wrong_credentials")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession:
    """Swap a refresh token for the next pair. Using a spent one ends the log-in for everybody who holds a copy."""

    unit_of_work: UnitOfWorkFactory
    issuer: SessionIssuer
    new_secret: NewSecret
    clock: Clock

    def __call__(self, *, refresh_token: str) -> LoggedIn:
        session_id, presented = _parsed(refresh_token)
        try:
            return self._rotate(session_id, presented)
        except StaleVersion:  # somebody else spent the same token a moment ago
            self._end(session_id)
            raise token_reused() from None
        except NotAuthenticated as error:
            if error.code == "token_reused":
                self._end(session_id)
            raise

    def _rotate(self, session_id: AuthSessionId, presented: str) -> LoggedIn:
        secret = self.new_secret()
        with self.unit_of_work() as uow:
            try:
                session = uow.auth_sessions.get(session_id)
            except NotFound:
                raise _bad_refresh_token() from None
            user = uow.users.get(session.user_id)
            if user.disabled:
                raise NotAllowed("This account is disabled. Ask an administrator.", code="account_disabled")
            session = session.rotated(
                presented_hash=_digest(presented),
                new_hash=_digest(secret),
                lifetime=self.issuer.refresh_lifetime,
                now=self.clock(),
            )
            uow.auth_sessions.save(session)
            uow.commit()
        return self.issuer.present(user, session, secret)

    def _end(self, session_id: AuthSessionId) -> None:
        _end_session(self.unit_of_work, session_id, self.clock, SecurityEventKind.REFRESH_TOKEN_REUSED)


def _parsed(refresh_token: str) -> tuple[AuthSessionId, str]:
    session, _, secret = refresh_token.partition(".")
    try:
        return AuthSessionId(UUID(hex=session)), secret
    except ValueError:
        raise _bad_refresh_token() from None


def _bad_refresh_token() -> NotAuthenticated:
    return NotAuthenticated("This refresh token is not known. Log in again.", code="token_invalid")


def _end_session(
    unit_of_work: UnitOfWorkFactory,
    session_id: AuthSessionId,
    clock: Clock,
    why: SecurityEventKind = SecurityEventKind.LOGGED_OUT,
) -> None:
    """End a log-in, also while others are rotating it: a lost race is run again on the newer row."""
    while True:
        try:
            with unit_of_work() as uow:
                session = uow.auth_sessions.get(session_id)
                ended = session.ended(clock())
                if ended is not session:
                    uow.auth_sessions.save(ended)
                    uow.security_events.add(why, owner=session.user_id, at=clock(), detail=session.device)
                    uow.commit()
                return
        except StaleVersion:
            continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Tell who a bearer token speaks for, as of now: an ended log-in or a disabled account counts at once.

    The token is that of a log-in or a person's API token; either way the answer is a ``Caller``.
    """

    unit_of_work: UnitOfWorkFactory
    access_tokens: AccessTokens
    clock: Clock

    def __call__(self, *, access_token: str) -> Caller:
        now = self.clock()
        if access_token.startswith(API_TOKEN_PREFIX):
            return self._script(access_token, now)
        claims = self.access_tokens.read(access_token, now=now)
        with self.unit_of_work() as uow:
            try:
                session, user = uow.auth_sessions.with_user(claims.session_id)
            except NotFound:
                raise NotAuthenticated("This log-in is not known. Log in again.", code="token_invalid") from None
        if claims.user_id != user.id or not session.live(now) or user.disabled:
            raise NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")
        return Caller(user=user, log_in=session.id)

    def _script(self, secret: str, now: datetime) -> Caller:
        with self.unit_of_work() as uow:
            try:
                token, user = uow.api_tokens.by_hash(_digest(secret))
            except NotFound:
                raise NotAuthenticated("This API token is not known. Make another one.", code="token_invalid") from None
            if not token.live(now) or user.disabled:
                raise NotAuthenticated("This API token has ended. Make another one.", code="token_expired")
            if not token.use_is_noted(now):
                uow.api_tokens.note_use(token.id, now)
                uow.commit()
        return Caller(user=user, api_token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """End one log-in, or all of a person."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, session_id: AuthSessionId) -> None:
        """End one. ``NotFound`` when it isn't the owner's."""
        with self.unit_of_work() as uow:
            if uow.auth_sessions.get(session_id).user_id != owner:
                raise NotFound("There is no such log-in.")
        _end_session(self.unit_of_work, session_id, self.clock)

    def everywhere(self, *, owner: UserId) -> None:
        with self.unit_of_work() as uow:
            live = uow.auth_sessions.live_of(owner, self.clock())
        for session in live:
            _end_session(self.unit_of_work, session.id, self.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """The devices on which a person is logged in."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId) -> Sequence[AuthSession]:
        with self.unit_of_work() as uow:
            return uow.auth_sessions.live_of(owner, self.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class EditProfile:
    """Change name, zone, day start or weekly budget. ``version`` guards against overwriting a newer change."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        owner: UserId,
        version: int | None = None,
        display_name: str | None = None,
        time_zone: str | None = None,
        day_starts_at: int | None = None,
        weekly_budget: tuple[int, ...] | None = None,
    ) -> User:
        with self.unit_of_work() as uow:
            user = uow.users.get(owner)
            check_version(user.version, version)
            user = user.edited(
                now=self.clock(),
                display_name=display_name,
                time_zone=time_zone,
                day_starts_at=day_starts_at,
                weekly_budget=weekly_budget,
            )
            uow.users.save(user)
            uow.notification_settings.look_at(owner, user.updated_at)  # their hour may have come, by their new clock
            uow.commit()
        return user


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUser:
    """Make an account without logging in, as an operator does."""

    unit_of_work: UnitOfWorkFactory
    admit: Admission

    def __call__(self, *, email: str, password: str, display_name: str, time_zone: str = "UTC") -> User:
        user = self.admit(email=email, password=password, display_name=display_name, time_zone=time_zone)
        with self.unit_of_work() as uow:
            uow.users.add(user)
            uow.security_events.add(
                SecurityEventKind.REGISTERED, owner=user.id, at=user.created_at, detail="by an operator"
            )
            uow.commit()
        return user
