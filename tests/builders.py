"""Use cases over the memory adapters, as many tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from studyteddy.adapters.in_memory.security import OpaqueTokens, ScryptPasswords
from studyteddy.application import accounts
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "seven purple hedgehogs"


class TickingClock:
    """A clock that only moves when it is told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Accounts:
    """Every use case of accounts over one store."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: TickingClock) -> None:
        self.unit_of_work, self.clock = unit_of_work, clock
        self.passwords, self.access_tokens = ScryptPasswords(), OpaqueTokens()
        issuer = accounts.SessionIssuer(
            access_tokens=self.access_tokens, new_secret=new_secret, new_id=uuid4, clock=clock
        )
        admit = accounts.Admission(passwords=self.passwords, new_id=uuid4, clock=clock)
        self.register = accounts.Register(unit_of_work=unit_of_work, admit=admit, issuer=issuer)
        self.log_in = accounts.LogIn(unit_of_work=unit_of_work, passwords=self.passwords, issuer=issuer)
        self.refresh = accounts.RefreshSession(
            unit_of_work=unit_of_work, issuer=issuer, new_secret=new_secret, clock=clock
        )
        self.authenticate = accounts.Authenticate(
            unit_of_work=unit_of_work, access_tokens=self.access_tokens, clock=clock
        )
        self.log_out = accounts.LogOut(unit_of_work=unit_of_work, clock=clock)
        self.sessions = accounts.ListSessions(unit_of_work=unit_of_work, clock=clock)
        self.edit = accounts.EditProfile(unit_of_work=unit_of_work, clock=clock)
        self.add = accounts.AddUser(unit_of_work=unit_of_work, admit=admit)

    def newcomer(self, email: str = "ada@example.org", password: str = PASSWORD) -> accounts.LoggedIn:
        return self.register(email=email, password=password, display_name="Ada")


def new_secret() -> str:
    return uuid4().hex + uuid4().hex


def session_id_of(refresh_token: str) -> UUID:
    """The log-in that a refresh token names."""
    return UUID(hex=refresh_token.partition(".")[0])
