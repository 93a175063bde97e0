"""Come in by Google: send the browser there, and take it back with who it is."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from studyteddy.application.ports.cache import Cache
from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.identity_provider import IdentityProvider
from studyteddy.application.ports.security import NewSecret
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import MAX_DISPLAY_NAME, AuthSession, User, normalised_email
from studyteddy.domain.days import time_zone as known_time_zone
from studyteddy.domain.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.one_use_tokens import token_hash
from studyteddy.domain.outside_identities import OutsideIdentity, ProvidedIdentity, own_path
from studyteddy.domain.security_events import SecurityEventKind

ATTEMPT_SECONDS = 600
HOME_PAGE = "/today"
L_co = TypeVar("L_co", covariant=True)


class OpensSessions(Protocol[L_co]):
    """What makes log-ins."""

    def open(self, user: User, device: str) -> tuple[AuthSession, L_co]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where to send the browser, and the secret by which it shows later that it is the same browser."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[L_co]):
    """The page to show, and the log-in; None where somebody who was logged in has linked their account."""

    page: str
    logged_in: L_co | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """What is kept between leaving and coming back. ``session_id`` is there when somebody links their account."""

    nonce: str
    verifier: str
    browser_hash: str
    page: str
    time_zone: str
    session_id: str | None


def _key(state: str) -> str:
    return f"google:{token_hash(state)}"


def _set_up(provider: IdentityProvider | None) -> IdentityProvider:
    if provider is None:
        raise NotFound("Signing in with Google is not set up here. Use your password.", code="google_not_set_up")
    return provider


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginGoogle:
    """Start an attempt, to be finished within ten minutes, in the same browser, once.

    ``page`` is where to go afterwards, on this site only; ``time_zone`` is for a new account. With ``session_id`` the
    identity is linked to that log-in's account. ``NotFound`` (``google_not_set_up``); ``Unavailable``.
    """

    provider: IdentityProvider | None
    cache: Cache
    new_secret: NewSecret

    def __call__(
        self, *, page: str = HOME_PAGE, time_zone: str = "UTC", session_id: AuthSessionId | None = None
    ) -> Begun:
        provider = _set_up(self.provider)
        state, browser, nonce, verifier = (self.new_secret() for _ in range(4))
        address = provider.address(state=state, nonce=nonce, verifier=verifier)
        attempt = _Attempt(
            nonce=nonce,
            verifier=verifier,
            browser_hash=token_hash(browser),
            page=own_path(page, otherwise=HOME_PAGE),
            time_zone=_known_or_utc(time_zone),
            session_id=str(session_id) if session_id else None,
        )
        self.cache.put(_key(state), json.dumps(asdict(attempt)), seconds=ATTEMPT_SECONDS)
        return Begun(address=address, browser=browser)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishGoogle(Generic[L_co]):
    """Take a browser back: log its owner in, make their account, or link it.

    An account that is there already is only taken where its address is verified here and there: else somebody could
    have made it under this address before its owner came. ``NotAuthenticated``: ``google_state_unknown`` (too late,
    finished before, or never begun), ``google_other_browser``, ``google_access_denied``, ``google_refused``;
    ``NotAllowed``: ``google_email_unverified``, ``account_disabled``; ``Conflict``: ``google_link_needed``,
    ``identity_taken``, ``already_linked``; ``Unavailable``.
    """

    provider: IdentityProvider | None
    cache: Cache
    unit_of_work: UnitOfWorkFactory
    issuer: OpensSessions[L_co]
    new_id: NewId
    clock: Clock

    def __call__(self, *, state: str, browser: str, code: str, error: str, device: str = "") -> Finished[L_co]:
        provider = _set_up(self.provider)
        attempt = self._taken(state, browser)
        if error == "access_denied":
            raise NotAuthenticated("You did not let Google tell who you are.", code="google_access_denied")
        if error or not code:
            raise NotAuthenticated("Google did not confirm who you are. Start again.", code="google_refused")
        identity = provider.identify(code=code, nonce=attempt.nonce, verifier=attempt.verifier)
        if attempt.session_id is not None:
            self._link(identity, AuthSessionId(UUID(attempt.session_id)))
            return Finished(page=attempt.page, logged_in=None)
        return Finished(page=attempt.page, logged_in=self._log_in(identity, attempt.time_zone, device))

    def _taken(self, state: str, browser: str) -> _Attempt:
        kept = self.cache.take(_key(state))
        if kept is None:
            message = "This sign-in took too long or was finished before. Start again."
            raise NotAuthenticated(message, code="google_state_unknown")
        attempt = _Attempt(**json.loads(kept))
        if not hmac.compare_digest(attempt.browser_hash, token_hash(browser)):
            message = "This sign-in was begun in another browser, or cookies are off. Start again here."
            raise NotAuthenticated(message, code="google_other_browser")
        return attempt

    def _log_in(self, identity: ProvidedIdentity, time_zone: str, device: str) -> L_co:
        now = self.clock()
        with self.unit_of_work() as uow:
            user = self._known(uow, identity, now) or self._new(uow, identity, time_zone, now)
            if user.disabled:
                raise NotAllowed("This account is disabled. Ask an administrator.", code="account_disabled")
            session, logged_in = self.issuer.open(user, device)
            uow.auth_sessions.add(session)
            uow.security_events.add(SecurityEventKind.LOGGED_IN, owner=user.id, at=now, detail="by Google")
            uow.commit()
        return logged_in

    def _known(self, uow: UnitOfWork, identity: ProvidedIdentity, now: datetime) -> User | None:
        linked = uow.outside_identities.find(identity.issuer, identity.subject)
        if linked is not None:
            return uow.users.get(linked.user_id)
        user = uow.users.by_email(_proven_email(identity))
        if user is None:
            return None
        if user.email_verified_at is None:
            message = "This address has an account already. Log in with your password and link Google in the settings."
            raise Conflict(message, code="google_link_needed")
        self._keep(uow, identity, user.id, now)
        return user

    def _new(self, uow: UnitOfWork, identity: ProvidedIdentity, time_zone: str, now: datetime) -> User:
        email = _proven_email(identity)
        user = User.registered(
            id=UserId(self.new_id()),
            email=email,
            display_name=_display_name(identity, email),
            password_hash="",
            time_zone=time_zone,
            now=now,
            email_verified_at=now,
        )
        uow.users.add(user)
        uow.security_events.add(SecurityEventKind.REGISTERED, owner=user.id, at=now, detail="by Google")
        self._keep(uow, identity, user.id, now)
        return user

    def _link(self, identity: ProvidedIdentity, session_id: AuthSessionId) -> None:
        now = self.clock()
        with self.unit_of_work() as uow:
            session, user = uow.auth_sessions.with_user(session_id)
            if not session.live(now) or user.disabled:
                raise NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")
            linked = uow.outside_identities.find(identity.issuer, identity.subject)
            if linked is not None and linked.user_id == user.id:
                return
            self._keep(uow, identity, user.id, now)
            if user.email_verified_at is None and identity.email_verified and _is_of(user, identity):
                uow.users.save(user.with_verified_email(now))
            uow.commit()

    def _keep(self, uow: UnitOfWork, identity: ProvidedIdentity, user_id: UserId, now: datetime) -> None:
        link = OutsideIdentity(
            issuer=identity.issuer, subject=identity.subject, user_id=user_id, email=identity.email, created_at=now
        )
        uow.outside_identities.add(link)
        uow.security_events.add(SecurityEventKind.GOOGLE_LINKED, owner=user_id, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkGoogle:
    """Forget that an account is somebody's at Google. ``Conflict`` (``no_password``) where it is the only way in."""

    provider: IdentityProvider | None
    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId) -> None:
        issuer = _set_up(self.provider).issuer
        with self.unit_of_work() as uow:
            if not uow.users.get(owner).password_hash:
                message = "Google is the only way into this account. Set a password first, by 'Forgot your password?'."
                raise Conflict(message, code="no_password")
            if uow.outside_identities.of(owner, issuer) is None:
                raise NotFound("This account is not linked to Google.")
            uow.outside_identities.remove(owner, issuer)
            uow.security_events.add(SecurityEventKind.GOOGLE_UNLINKED, owner=owner, at=self.clock())
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleAddress:
    """The address at Google that an account is linked to; None where it is not."""

    provider: IdentityProvider | None
    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId) -> str | None:
        if self.provider is None:
            return None
        with self.unit_of_work() as uow:
            linked = uow.outside_identities.of(owner, self.provider.issuer)
        return linked.email if linked else None


def _proven_email(identity: ProvidedIdentity) -> str:
    if not identity.email_verified:
        message = "Google has not verified your email address. Verify it there, or make an account with a password."
        raise NotAllowed(message, code="google_email_unverified")
    return normalised_email(identity.email)


def _is_of(user: User, identity: ProvidedIdentity) -> bool:
    try:
        return normalised_email(identity.email) == user.email
    except Invalid:
        return False


def _display_name(identity: ProvidedIdentity, email: str) -> str:
    """The name as the provider has it, as far as it can be kept; else what stands before the @."""
    name = "".join(sign for sign in identity.name if sign.isprintable()).strip()[:MAX_DISPLAY_NAME].strip()
    return name or email.partition("@")[0]


def _known_or_utc(time_zone: str) -> str:
    try:
        known_time_zone(time_zone)
    except Invalid:
        return "UTC"
    return time_zone
