from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from builders import PASSWORD, Accounts, TickingClock, new_secret, session_id_of
from studyteddy.application.accounts import LoggedIn
from studyteddy.application.api_tokens import MakeApiToken
from studyteddy.application.identity.passwords import ResetPassword
from studyteddy.application.ports.security import PasswordHasher
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.ids import AuthSessionId
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
from studyteddy.domain.permissions import Scope
from studyteddy.testing.accounts import at_once, commit
from studyteddy.testing.identity import OneUseTokensContract, OutsideIdentitiesContract


class TestPostgresOneUseTokens(OneUseTokensContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestPostgresOutsideIdentities(OutsideIdentitiesContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


def test_of_fifty_uses_of_one_reset_token_at_once_one_wins(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    email = f"{uuid4().hex}@example.org"
    ada = accounts.newcomer(email)
    token = OneUseToken.of("the secret", TokenPurpose.PASSWORD_RESET, ada.user.id, email, accounts.clock())
    commit(postgres, lambda uow: uow.one_use_tokens.put(token))
    reset = ResetPassword(unit_of_work=postgres, passwords=accounts.passwords, new_id=uuid4, clock=accounts.clock)
    outcomes = at_once(50, lambda number: reset(token="the secret", password=f"winner {number} of the race"))
    assert outcomes.count(None) == 1
    assert {error.code for error in outcomes if error is not None} == {"link_used"}
    winner = f"winner {outcomes.index(None)} of the race"
    assert isinstance(accounts.log_in(email=email, password=winner), LoggedIn)
    with pytest.raises(NotAuthenticated):
        accounts.log_in(email=email, password=PASSWORD)
    with pytest.raises(NotAuthenticated) as ended:
        accounts.refresh(refresh_token=ada.refresh_token)
    assert ended.value.code == "session_ended"


def test_a_reset_wins_against_a_log_in_that_is_renewed_meanwhile(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    email = f"{uuid4().hex}@example.org"
    ada = accounts.newcomer(email)
    devices = [accounts.log_in(email=email, password=PASSWORD) for _ in range(8)]
    token = OneUseToken.of(f"secret of {email}", TokenPurpose.PASSWORD_RESET, ada.user.id, email, accounts.clock())
    commit(postgres, lambda uow: uow.one_use_tokens.put(token))
    reset = ResetPassword(unit_of_work=postgres, passwords=accounts.passwords, new_id=uuid4, clock=accounts.clock)

    def act(number: int) -> object:
        if number == 0:
            return reset(token=f"secret of {email}", password="eleven silent otters")
        return accounts.refresh(refresh_token=devices[number - 1].refresh_token)

    outcomes = at_once(9, act)
    assert outcomes[0] is None
    assert list(accounts.sessions(owner=ada.user.id)) == []


class Slow:
    """A hasher that lets somebody else act between the check of a password and what follows it."""

    def __init__(self, passwords: PasswordHasher, act: Callable[[], object]) -> None:
        self._passwords, self._act = passwords, act

    def hash(self, password: str) -> str:
        return self._passwords.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        right = self._passwords.verify(password, password_hash)
        self._act()
        return right


def test_a_password_that_was_checked_before_a_reset_opens_nothing_after_it(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    email = f"{uuid4().hex}@example.org"
    ada = accounts.newcomer(email)
    token = OneUseToken.of(f"secret of {email}", TokenPurpose.PASSWORD_RESET, ada.user.id, email, accounts.clock())
    commit(postgres, lambda uow: uow.one_use_tokens.put(token))
    reset = ResetPassword(unit_of_work=postgres, passwords=accounts.passwords, new_id=uuid4, clock=accounts.clock)
    slow = Slow(accounts.passwords, lambda: reset(token=f"secret of {email}", password="eleven silent otters"))
    with pytest.raises(NotAuthenticated) as refused:
        replace(accounts.log_in, passwords=slow)(email=email, password=PASSWORD)
    assert refused.value.code == "wrong_credentials"
    assert list(accounts.sessions(owner=ada.user.id)) == []


def test_of_log_ins_and_a_reset_at_once_no_log_in_by_the_old_password_is_left(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    reset = ResetPassword(unit_of_work=postgres, passwords=accounts.passwords, new_id=uuid4, clock=accounts.clock)
    for _ in range(5):
        email = f"{uuid4().hex}@example.org"
        ada = accounts.newcomer(email)
        token = OneUseToken.of(f"secret of {email}", TokenPurpose.PASSWORD_RESET, ada.user.id, email, accounts.clock())
        commit(postgres, lambda uow, token=token: uow.one_use_tokens.put(token))  # type: ignore[misc]

        def act(number: int, email: str = email) -> object:
            if number == 0:
                return reset(token=f"secret of {email}", password="eleven silent otters")
            return accounts.log_in(email=email, password=PASSWORD)

        outcomes = at_once(9, act)
        assert outcomes[0] is None
        assert list(accounts.sessions(owner=ada.user.id)) == []


def test_a_token_that_is_made_while_the_password_is_reset_opens_nothing_after_it(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    email = f"{uuid4().hex}@example.org"
    ada = accounts.newcomer(email)
    token = OneUseToken.of(f"secret of {email}", TokenPurpose.PASSWORD_RESET, ada.user.id, email, accounts.clock())
    commit(postgres, lambda uow: uow.one_use_tokens.put(token))
    reset = ResetPassword(unit_of_work=postgres, passwords=accounts.passwords, new_id=uuid4, clock=accounts.clock)
    make = MakeApiToken(unit_of_work=postgres, new_secret=new_secret, new_id=uuid4, clock=accounts.clock)
    session_id = AuthSessionId(session_id_of(ada.refresh_token))

    def act(number: int) -> object:
        if number == 0:
            return reset(token=f"secret of {email}", password="eleven silent otters")
        return make(owner=ada.user.id, session_id=session_id, name="a script", scopes=frozenset({Scope.READ}))

    outcomes = at_once(9, act)
    assert outcomes[0] is None
    with postgres() as uow:
        assert list(uow.api_tokens.of(ada.user.id)) == []
    with pytest.raises(NotAuthenticated):
        act(1)
