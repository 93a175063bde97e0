from __future__ import annotations

from uuid import uuid4

import pytest

from builders import PASSWORD, Accounts, TickingClock
from studyteddy.application.accounts import LoggedIn
from studyteddy.application.identity.passwords import ResetPassword
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.domain.one_use_tokens import OneUseToken, TokenPurpose
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
