"""How often people may try: to log in, to register, and anything at all."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from studyteddy.application.ports.rate_limits import Limit, RateLimits
from studyteddy.domain.errors import Invalid, NotAuthenticated, Unavailable, WrongPassword
from studyteddy.domain.ids import UserId

LOGIN_WINDOW = 300
REGISTRATION_WINDOW = 3_600
REQUEST_WINDOW = 60
SIGN_INS = 100
RESET_LETTERS = 5
RESET_WINDOW = 86_400
HOUSEHOLD = 10
"""How many accounts' worth of letters may be asked for from one address: a family or a class may share it."""
VERIFICATION_LETTERS = 3
VERIFICATION_WINDOW = 6 * 3_600
_IPV6_HOME = 64
"""Bits of an IPv6 address that name a home rather than a device in it: who has one has 2**64 addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLogIns:
    """Bounds guessing: so many wrong passwords in five minutes for an account, and as many from an address.

    ``with limit(email=..., address=...):`` around the log-in raises ``RateLimited`` (``too_many_logins``) before a
    password is looked at, and ``Unavailable`` while nothing can be counted: it fails closed.

    Log-ins that succeed are not counted, so neither many devices nor a class behind one address lock anybody out. An
    account's attempts are counted before they are made, so that many at once can't outrun the count; those of an
    address after they failed, so that many who log in at once don't stand in each other's way.
    """

    limits: RateLimits
    amount: int

    @contextmanager
    def __call__(self, *, email: str, address: str) -> Iterator[None]:
        account, home = _folded(email), _home(address)
        self.limits.check(self._of("address"), home)
        self.limits.hit(self._of("account"), account)
        try:
            yield
        except (NotAuthenticated, WrongPassword):
            self.limits.hit(self._of("address"), home)
            raise
        except BaseException:
            self.limits.give_back(self._of("account"), account)
            raise
        self.limits.give_back(self._of("account"), account)

    def _of(self, what: str) -> Limit:
        return Limit(
            name=f"logins-by-{what}",
            amount=self.amount,
            seconds=LOGIN_WINDOW,
            code="too_many_logins",
            message="Too many wrong passwords. Wait a few minutes, then try again.",
            fails_closed=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRegistrations:
    """Bounds new accounts from one address in an hour. What was refused for its own faults or ours is not counted.

    ``RateLimited`` (``too_many_registrations``), and ``Unavailable`` while nothing can be counted: it fails closed.
    """

    limits: RateLimits
    amount: int

    @contextmanager
    def __call__(self, *, address: str) -> Iterator[None]:
        limit = Limit(
            name="registrations",
            amount=self.amount,
            seconds=REGISTRATION_WINDOW,
            code="too_many_registrations",
            message="Too many accounts were made from here. Try again in an hour.",
            fails_closed=True,
        )
        self.limits.hit(limit, _home(address))
        try:
            yield
        except (Invalid, Unavailable):
            self.limits.give_back(limit, _home(address))
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSignIns:
    """Bounds attempts to come in by an outside provider from one address in five minutes: ``RateLimited``.

    It fails open: each attempt is kept for a while, which is all that many of them could wear out.
    """

    limits: RateLimits
    amount: int = SIGN_INS

    def __call__(self, *, address: str) -> None:
        self.limits.hit(Limit(name="sign-ins", amount=self.amount, seconds=LOGIN_WINDOW), _home(address))


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitResetLetters:
    """Bounds letters in a day to one account, and from one address of a client, whether or not there is an account.

    ``RateLimited`` (``too_many_letters``), and ``Unavailable`` while nothing can be counted: it fails closed.
    """

    limits: RateLimits
    amount: int = RESET_LETTERS

    def __call__(self, *, email: str, address: str) -> None:
        self.limits.hit(_letters("reset-letters-from-address", self.amount * HOUSEHOLD, RESET_WINDOW), _home(address))
        self.limits.hit(_letters("reset-letters-to-account", self.amount, RESET_WINDOW), _folded(email))


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitVerificationLetters:
    """Bounds letters that verify somebody's address in six hours. It fails closed.

    ``RateLimited`` (``too_many_letters``), and ``Unavailable`` while nothing can be counted.
    """

    limits: RateLimits
    amount: int = VERIFICATION_LETTERS

    def __call__(self, *, owner: UserId) -> None:
        self.limits.hit(_letters("verification-letters", self.amount, VERIFICATION_WINDOW), str(owner))


def _letters(name: str, amount: int, seconds: int) -> Limit:
    return Limit(
        name=name,
        amount=amount,
        seconds=seconds,
        code="too_many_letters",
        message="Too many letters were asked for. Look into your mailbox and its spam folder, or try again later.",
        fails_closed=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRequests:
    """Bounds what one person may ask for in a minute: ``RateLimited`` (``rate_limited``) beyond it.

    It fails open: while nothing can be counted, everybody may go on.
    """

    limits: RateLimits
    amount: int

    def __call__(self, *, owner: UserId) -> None:
        self.limits.hit(Limit(name="requests", amount=self.amount, seconds=REQUEST_WINDOW), str(owner))


def _folded(email: str) -> str:
    """Ways to write one address, also one that could not be an account's."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _home(address: str) -> str:
    """The address of a client, for IPv6 the network of its home."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_HOME), strict=False))
