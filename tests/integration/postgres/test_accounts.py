from __future__ import annotations

import pytest

from builders import PASSWORD, Accounts, TickingClock
from studyteddy.application.accounts import LoggedIn
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.testing.accounts import AuthSessionsContract, UsersContract, at_once


class TestPostgresAuthSessions(AuthSessionsContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


class TestPostgresUsers(UsersContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


def test_of_fifty_refreshes_of_one_token_at_once_one_wins_and_the_log_in_ends(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    logged_in = accounts.newcomer("fifty@example.org")
    outcomes = at_once(50, lambda _: accounts.refresh(refresh_token=logged_in.refresh_token))
    winners = [outcome for outcome in outcomes if isinstance(outcome, LoggedIn)]
    assert len(winners) == 1
    codes = {outcome.code for outcome in outcomes if not isinstance(outcome, LoggedIn)}
    assert "token_reused" in codes
    assert codes <= {"token_reused", "session_ended"}
    with pytest.raises(NotAuthenticated) as ended:
        accounts.refresh(refresh_token=winners[0].refresh_token)
    assert ended.value.code == "session_ended"
    assert accounts.sessions(owner=logged_in.user.id) == []


def test_of_twenty_newcomers_with_one_address_one_is_registered(postgres: UnitOfWorkFactory) -> None:
    accounts = Accounts(postgres, TickingClock())
    outcomes = at_once(
        20, lambda _: accounts.register(email="twenty@example.org", password=PASSWORD, display_name="Ada")
    )
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, LoggedIn)]
    assert {outcome.code for outcome in outcomes if not isinstance(outcome, LoggedIn)} == {"email_taken"}
    assert len(accounts.sessions(owner=winner.user.id)) == 1
