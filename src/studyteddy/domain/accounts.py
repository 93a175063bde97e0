"""People, their settings, and the devices on which they are logged in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from studyteddy.domain.days import study_day
from studyteddy.domain.days import time_zone as known_time_zone
from studyteddy.domain.errors import Invalid, NotAuthenticated
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.text_rules import require_storable

MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
MAX_DISPLAY_NAME = 100
MIN_PASSWORD = 10
MAX_PASSWORD = 1_000
MINUTES_A_DAY = 24 * 60
DEFAULT_WEEKLY_BUDGET = (60,) * 7
REFRESH_LIFETIME = timedelta(days=7)

# One @, something on both sides without blanks, and a domain of at least two labels, which hold letters of any script,
# digits and hyphens: a typo check, since only a mail can prove more. It looks at addresses in small letters.
_LABEL = r"[^\s\x00-,./:-`{-\x7f\ud800-\udfff]+"
_EMAIL = re.compile(rf"[^@\s\x00-\x1f\x7f\ud800-\udfff]{{1,64}}@{_LABEL}(\.{_LABEL})+")

# What people choose when ten characters are asked for; compared case-folded and without digits or signs at the end.
_COMMON_PASSWORDS = frozenset(
    """
    password passw0rd qwertyuiop qwerty qwertyui asdfghjkl zxcvbnm iloveyou sunshine princess football baseball
    basketball superman batman letmein welcome administrator admin changeme default trustno starwars dragon monkey
    computer internet michelle jennifer liverpool chelsea arsenal barcelona chocolate butterfly studyteddy teddybear
    abcdefghij abcdefgh abc passwordpassword qwertyqwerty iloveyouiloveyou correcthorsebatterystaple mypassword
    yourpassword secretpassword
    """.split()
)


class UserRole(StrEnum):
    STUDENT = "student"
    TEACHER = "teacher"
    ADMIN = "admin"


def normalised_email(email: str) -> str:
    """The one form under which an address is stored and compared: NFKC, trimmed, case-folded.

    Raises ``Invalid`` when it can't be an address.
    """
    address = unicodedata.normalize("NFKC", email).strip().casefold()
    if len(address) > MAX_EMAIL or not _EMAIL.fullmatch(address):
        raise Invalid.field("email", "Give an email address like name@example.org.")
    return address


def check_password(password: str, *, email: str, field: str = "password") -> None:
    """Refuse a password that is short, endless, common, repeated or the address itself; ``field`` names it."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise _weak(field, f"Choose a password of at least {MIN_PASSWORD} characters (and at most {MAX_PASSWORD}).")
    folded = unicodedata.normalize("NFKC", password).casefold()
    stem = re.sub(r"[\W\d_]+$", "", folded)
    if stem in _COMMON_PASSWORDS or folded in _COMMON_PASSWORDS or re.sub(r"[\W_]+", "", folded).isdigit():
        raise _weak(
            field, "This password is among the first that people guess. Choose one that only you would think of."
        )
    if len(set(folded)) < 4 or folded in (email, email.split("@", maxsplit=1)[0]):
        raise _weak(field, "This password is too easy to guess. Choose a longer phrase of different words.")


def _weak(field: str, message: str) -> Invalid:
    return Invalid.field(field, message, code="weak_password")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person. ``email`` is in normal form, ``email_verified_at`` when they proved that it is theirs, None as long as
    they didn't. ``password_hash`` is empty for somebody who has no password and comes in by another way.
    ``weekly_budget`` holds study minutes for Monday..Sunday; ``day_starts_at`` is the hour (0..23) at which the study
    day begins."""

    id: UserId
    email: str
    display_name: str
    password_hash: str
    roles: frozenset[UserRole]
    time_zone: str
    day_starts_at: int
    weekly_budget: tuple[int, ...]
    disabled: bool
    version: int
    created_at: datetime
    updated_at: datetime
    email_verified_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.display_name.strip() or len(self.display_name) > MAX_DISPLAY_NAME:
            raise Invalid.field("display_name", f"Give a name of 1 to {MAX_DISPLAY_NAME} characters.")
        require_storable("display_name", self.display_name, limit=MAX_DISPLAY_NAME)
        known_time_zone(self.time_zone)
        if not 0 <= self.day_starts_at <= 23:
            raise Invalid.field("day_starts_at", "The day starts at a full hour from 0 to 23.")
        if len(self.weekly_budget) != 7 or not all(0 <= minutes <= MINUTES_A_DAY for minutes in self.weekly_budget):
            raise Invalid.field(
                "weekly_budget", f"Give seven numbers of minutes, Monday to Sunday, each 0 to {MINUTES_A_DAY}."
            )

    def study_day(self, instant: datetime) -> date:
        """The study day that an instant belongs to for this person."""
        return study_day(instant, known_time_zone(self.time_zone), self.day_starts_at)

    @classmethod
    def registered(
        cls,
        *,
        id: UserId,
        email: str,
        display_name: str,
        password_hash: str,
        time_zone: str,
        now: datetime,
        email_verified_at: datetime | None = None,
    ) -> User:
        """A new student with the default settings."""
        return cls(
            id=id,
            email=email,
            display_name=display_name.strip(),
            password_hash=password_hash,
            roles=frozenset({UserRole.STUDENT}),
            time_zone=time_zone,
            day_starts_at=4,
            weekly_budget=DEFAULT_WEEKLY_BUDGET,
            disabled=False,
            version=1,
            created_at=now,
            updated_at=now,
            email_verified_at=email_verified_at,
        )

    def with_password(self, password_hash: str, now: datetime) -> User:
        """The user with another password."""
        return replace(self, password_hash=password_hash, version=self.version + 1, updated_at=now)

    def recovered(self, password_hash: str, now: datetime) -> User:
        """The user with another password, set by a letter to their address, which is theirs therefore."""
        verified = self.email_verified_at or now
        return replace(self.with_password(password_hash, now), email_verified_at=verified)

    def with_verified_email(self, now: datetime) -> User:
        """The user whose address is known to be theirs; knowing it again changes nothing."""
        if self.email_verified_at is not None:
            return self
        return replace(self, email_verified_at=now, version=self.version + 1, updated_at=now)

    def leaving(self, now: datetime) -> User:
        """The account as it waits to be forgotten: closed, with nothing left that tells whose it was."""
        return replace(
            self,
            email=f"{self.id}@deleted.invalid",
            email_verified_at=None,
            display_name="deleted",
            password_hash="",
            disabled=True,
            version=self.version + 1,
            updated_at=now,
        )

    def edited(
        self,
        *,
        now: datetime,
        display_name: str | None = None,
        time_zone: str | None = None,
        day_starts_at: int | None = None,
        weekly_budget: tuple[int, ...] | None = None,
    ) -> User:
        """The user with the given settings changed; None leaves one as it is."""
        return replace(
            self,
            display_name=self.display_name if display_name is None else display_name.strip(),
            time_zone=self.time_zone if time_zone is None else time_zone,
            day_starts_at=self.day_starts_at if day_starts_at is None else day_starts_at,
            weekly_budget=self.weekly_budget if weekly_budget is None else weekly_budget,
            version=self.version + 1,
            updated_at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSession:
    """One log-in on one device: a family of refresh tokens of which only the newest is good.

    Only the SHA-256 of the newest token is kept. A token that names this session but isn't the newest was
    spent before: somebody holds a copy, so the whole family ends (RFC 9700, 4.14.2).
    """

    id: AuthSessionId
    user_id: UserId
    token_hash: str
    device: str
    version: int
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def rotated(self, *, presented_hash: str, new_hash: str, lifetime: timedelta, now: datetime) -> AuthSession:
        """The session with its next token; a spent one raises ``NotAuthenticated`` (code ``token_reused``)."""
        if not self.live(now):
            raise NotAuthenticated("This log-in has ended. Log in again.", code="session_ended")
        if presented_hash != self.token_hash:
            raise token_reused()
        return replace(self, token_hash=new_hash, version=self.version + 1, last_used_at=now, expires_at=now + lifetime)

    def ended(self, now: datetime) -> AuthSession:
        """The session closed for good; ending twice changes nothing."""
        return self if self.ended_at else replace(self, ended_at=now, version=self.version + 1)


def token_reused() -> NotAuthenticated:
    return NotAuthenticated(
        "This refresh token was used before, so the log-in has been ended to be safe. Log in again.",
        code="token_reused",
    )
