from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from builders import PASSWORD, Accounts, TickingClock, session_id_of
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.accounts import LoggedIn
from studyteddy.domain.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound, StaleVersion
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.security_events import SecurityEvent, SecurityEventKind
from studyteddy.testing.accounts import at_once


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def accounts(clock: TickingClock) -> Accounts:
    return Accounts(functools.partial(InMemoryUnitOfWork, Store()), clock)


def disable(accounts: Accounts, user_id: UserId) -> None:
    with accounts.unit_of_work() as uow:
        user = uow.users.get(user_id)
        uow.users.save(replace(user, disabled=True, version=user.version + 1))
        uow.commit()


def session_of(logged_in: LoggedIn) -> AuthSessionId:
    return AuthSessionId(session_id_of(logged_in.refresh_token))


def test_whoever_registers_is_logged_in(accounts: Accounts) -> None:
    logged_in = accounts.newcomer("  Ada@EXAMPLE.org ")
    assert logged_in.user.email == "ada@example.org"
    assert accounts.authenticate(access_token=logged_in.access_token).user == logged_in.user
    assert (logged_in.expires_in, logged_in.refresh_expires_in) == (900, 7 * 24 * 3600)
    assert PASSWORD not in repr(logged_in)


def kinds(accounts: Accounts, owner: UserId) -> list[SecurityEventKind]:
    """What happened to an account, the first first."""
    with accounts.unit_of_work() as uow:
        return [event.kind for event in reversed(uow.security_events.page(owner, PageRequest()).items)]


def test_what_happens_to_a_log_in_is_noted(accounts: Accounts, clock: TickingClock) -> None:
    first = accounts.newcomer()
    clock.advance(seconds=1)
    with pytest.raises(NotAuthenticated):
        accounts.log_in(email="ada@example.org", password="wrong")
    clock.advance(seconds=1)
    second = accounts.log_in(email="ada@example.org", password=PASSWORD)
    clock.advance(seconds=1)
    accounts.log_out(owner=first.user.id, session_id=session_of(first))
    accounts.log_out(owner=first.user.id, session_id=session_of(first))
    clock.advance(seconds=1)
    accounts.refresh(refresh_token=second.refresh_token)
    for _ in range(2):
        with pytest.raises(NotAuthenticated):
            accounts.refresh(refresh_token=second.refresh_token)
    assert kinds(accounts, first.user.id) == [
        "registered",
        "log_in_failed",
        "logged_in",
        "logged_out",
        "refresh_token_reused",
    ]


def test_a_log_in_to_an_unknown_address_is_noted_without_it(accounts: Accounts) -> None:
    told: list[SecurityEvent] = []
    with pytest.raises(NotAuthenticated):
        replace(accounts.log_in, unit_of_work=functools.partial(accounts.unit_of_work, tell=told.append))(
            email="hunter2@example.org", password=PASSWORD
        )
    assert [(event.kind, event.owner) for event in told] == [("log_in_failed", None)]
    assert "hunter2" not in repr(told)


def test_an_address_in_other_letters_is_the_same_address(accounts: Accounts) -> None:
    accounts.newcomer("ada@example.org")
    for email in ("ADA@example.org", "ａda@example.org", " ada@example.org "):
        with pytest.raises(Conflict) as refused:
            accounts.newcomer(email)
        assert refused.value.code == "email_taken"


def test_a_refused_newcomer_leaves_nothing_behind(accounts: Accounts) -> None:
    first = accounts.newcomer()
    with pytest.raises(Conflict):
        accounts.newcomer(password="another good phrase")
    assert len(accounts.sessions(owner=first.user.id)) == 1
    with pytest.raises(NotAuthenticated):
        accounts.log_in(email="ada@example.org", password="another good phrase")


@pytest.mark.parametrize(
    "password",
    [
        "short", "123456789", "1234567890", "Password123!", "qwertyuiop", "QwertyUiop1", "aaaaaaaaaaaa", "abababababab",
        "ada.lovelace@example.org", "ADA.LOVELACE", "x" * 1_001, "11-22-33-44-55",
    ],
)  # fmt: skip
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.newcomer("ada.lovelace@example.org", password)
    assert (refused.value.code, refused.value.faults[0].field) == ("weak_password", "password")


@pytest.mark.parametrize(
    "email",
    [
        "", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "a@b@c.org", "\ud83d@a.org",
        "ada@example.org*", "ada@exa_mple.org", "ada@[127.0.0.1]",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(accounts: Accounts, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.newcomer(email)
    assert refused.value.faults[0].field == "email"


@pytest.mark.parametrize(
    "email", ["ada+exams@mail-2.example.org", "o'ada@bücher.example", "अदा@पत्र.भारत", "ADA@EXAMPLE.ORG"]
)
def test_addresses_of_all_scripts_are_taken(accounts: Accounts, email: str) -> None:
    assert accounts.newcomer(email).user.email == email.casefold()


def test_logging_in_takes_the_right_password(accounts: Accounts) -> None:
    registered = accounts.newcomer()
    logged_in = accounts.log_in(email="ADA@example.org", password=PASSWORD, device="Phone")
    assert logged_in.user == registered.user
    devices = {session.id: session.device for session in accounts.sessions(owner=registered.user.id)}
    assert devices == {session_of(registered): "", session_of(logged_in): "Phone"}


@pytest.mark.parametrize(
    ("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_look_the_same(accounts: Accounts, email: str, password: str) -> None:
    accounts.newcomer()
    with pytest.raises(NotAuthenticated) as refused:
        accounts.log_in(email=email, password=password)
    assert refused.value.code == "wrong_credentials"
    assert str(refused.value) == "Email or password is wrong. Check both and try again."


def test_a_password_is_checked_even_where_there_is_no_account(accounts: Accounts) -> None:
    checked: list[str | None] = []

    class Counting:
        def hash(self, password: str) -> str:
            raise AssertionError("nobody registers here")

        def verify(self, password: str, password_hash: str | None) -> bool:
            checked.append(password_hash)
            return False

    with pytest.raises(NotAuthenticated):
        replace(accounts.log_in, passwords=Counting())(email="nobody@example.org", password=PASSWORD)
    assert checked == [None]


def test_a_refresh_token_is_good_once_and_brings_the_next(accounts: Accounts, clock: TickingClock) -> None:
    logged_in = accounts.newcomer()
    for _ in range(3):
        clock.advance(days=6)
        following = accounts.refresh(refresh_token=logged_in.refresh_token)
        assert following.refresh_token != logged_in.refresh_token
        assert accounts.authenticate(access_token=following.access_token).user == logged_in.user
        assert session_of(following) == session_of(logged_in)
        logged_in = following


def test_using_a_spent_refresh_token_ends_the_log_in_for_everybody(accounts: Accounts) -> None:
    stolen = accounts.newcomer()
    other_device = accounts.log_in(email="ada@example.org", password=PASSWORD)
    following = accounts.refresh(refresh_token=stolen.refresh_token)
    with pytest.raises(NotAuthenticated) as refused:
        accounts.refresh(refresh_token=stolen.refresh_token)
    assert refused.value.code == "token_reused"
    for token in (stolen.access_token, following.access_token):
        with pytest.raises(NotAuthenticated) as ended:
            accounts.authenticate(access_token=token)
        assert ended.value.code == "session_ended"
    with pytest.raises(NotAuthenticated) as ended:
        accounts.refresh(refresh_token=following.refresh_token)
    assert ended.value.code == "session_ended"
    assert accounts.refresh(refresh_token=other_device.refresh_token)


def test_of_fifty_refreshes_of_one_token_at_once_one_wins_and_the_log_in_ends(accounts: Accounts) -> None:
    logged_in = accounts.newcomer()
    outcomes = at_once(50, lambda _: accounts.refresh(refresh_token=logged_in.refresh_token))
    winners = [outcome for outcome in outcomes if isinstance(outcome, LoggedIn)]
    assert len(winners) == 1
    assert {outcome.code for outcome in outcomes if not isinstance(outcome, LoggedIn)} <= {
        "token_reused", "session_ended",
    }  # fmt: skip
    with pytest.raises(NotAuthenticated):
        accounts.authenticate(access_token=winners[0].access_token)


@pytest.mark.parametrize("token", ["", ".", "nonsense", "00.x", "é" * 32 + ".x", "f" * 32 + ".x", "\ud83d.\ud83d"])
def test_an_unknown_refresh_token_is_refused(accounts: Accounts, token: str) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        accounts.refresh(refresh_token=token)
    assert refused.value.code == "token_invalid"


def test_a_guessed_secret_of_a_known_log_in_ends_it(accounts: Accounts) -> None:
    logged_in = accounts.newcomer()
    with pytest.raises(NotAuthenticated):
        accounts.refresh(refresh_token=f"{session_of(logged_in).hex}.\ud83d")
    with pytest.raises(NotAuthenticated):
        accounts.refresh(refresh_token=logged_in.refresh_token)


def test_a_log_in_ends_after_seven_days_without_use(accounts: Accounts, clock: TickingClock) -> None:
    logged_in = accounts.newcomer()
    clock.advance(days=7)
    with pytest.raises(NotAuthenticated) as refused:
        accounts.refresh(refresh_token=logged_in.refresh_token)
    assert refused.value.code == "session_ended"
    assert accounts.sessions(owner=logged_in.user.id) == []


def test_an_access_token_lasts_fifteen_minutes(accounts: Accounts, clock: TickingClock) -> None:
    logged_in = accounts.newcomer()
    clock.advance(minutes=14, seconds=59)
    assert accounts.authenticate(access_token=logged_in.access_token)
    clock.advance(seconds=1)
    with pytest.raises(NotAuthenticated) as refused:
        accounts.authenticate(access_token=logged_in.access_token)
    assert refused.value.code == "token_expired"


def test_logging_out_ends_access_at_once_on_that_device_alone(accounts: Accounts) -> None:
    phone = accounts.newcomer()
    laptop = accounts.log_in(email="ada@example.org", password=PASSWORD)
    for _ in range(2):
        accounts.log_out(owner=phone.user.id, session_id=session_of(phone))
    with pytest.raises(NotAuthenticated) as refused:
        accounts.authenticate(access_token=phone.access_token)
    assert refused.value.code == "session_ended"
    assert accounts.authenticate(access_token=laptop.access_token)


def test_logging_out_everywhere_ends_every_device_of_that_person_alone(accounts: Accounts) -> None:
    mine = [accounts.newcomer(), accounts.log_in(email="ada@example.org", password=PASSWORD)]
    other = accounts.newcomer("bob@example.org")
    accounts.log_out.everywhere(owner=mine[0].user.id)
    for logged_in in mine:
        with pytest.raises(NotAuthenticated):
            accounts.authenticate(access_token=logged_in.access_token)
    assert accounts.authenticate(access_token=other.access_token)


def test_nobody_logs_somebody_else_out(accounts: Accounts) -> None:
    mine, other = accounts.newcomer(), accounts.newcomer("bob@example.org")
    with pytest.raises(NotFound):
        accounts.log_out(owner=other.user.id, session_id=session_of(mine))
    assert accounts.authenticate(access_token=mine.access_token)


def test_a_disabled_account_loses_access_at_once(accounts: Accounts) -> None:
    logged_in = accounts.newcomer()
    disable(accounts, logged_in.user.id)
    with pytest.raises(NotAuthenticated):
        accounts.authenticate(access_token=logged_in.access_token)
    with pytest.raises(NotAllowed) as refused:
        accounts.refresh(refresh_token=logged_in.refresh_token)
    assert refused.value.code == "account_disabled"
    with pytest.raises(NotAllowed):
        accounts.log_in(email="ada@example.org", password=PASSWORD)
    with pytest.raises(NotAuthenticated):  # who does not know the password learns nothing
        accounts.log_in(email="ada@example.org", password="wrong")


def test_a_token_for_another_persons_log_in_is_refused(accounts: Accounts, clock: TickingClock) -> None:
    mine, other = accounts.newcomer(), accounts.newcomer("bob@example.org")
    mixed = accounts.access_tokens.issue(user_id=other.user.id, session_id=session_of(mine), now=clock())
    with pytest.raises(NotAuthenticated):
        accounts.authenticate(access_token=mixed)


def test_settings_are_changed_and_the_rest_stays(accounts: Accounts) -> None:
    user = accounts.newcomer().user
    changed = accounts.edit(owner=user.id, version=1, time_zone="Europe/Berlin", weekly_budget=(0, 1, 2, 3, 4, 5, 6))
    assert changed == replace(user, time_zone="Europe/Berlin", weekly_budget=(0, 1, 2, 3, 4, 5, 6), version=2)
    with pytest.raises(StaleVersion):
        accounts.edit(owner=user.id, version=1, display_name="Grace")
    assert accounts.edit(owner=user.id, display_name=" Grace ").display_name == "Grace"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"day_starts_at": 24}, "day_starts_at"),
        ({"weekly_budget": (60,) * 6}, "weekly_budget"),
        ({"weekly_budget": (1_441,) * 7}, "weekly_budget"),
        ({"display_name": "  "}, "display_name"),
        ({"display_name": "nul\0"}, "display_name"),
        ({"display_name": "half \ud83d"}, "display_name"),
    ],
)
def test_a_wrong_setting_is_named(accounts: Accounts, change: dict[str, object], field: str) -> None:
    user = accounts.newcomer().user
    with pytest.raises(Invalid) as refused:
        accounts.edit(owner=user.id, **change)  # type: ignore[arg-type]
    assert refused.value.faults[0].field == field


def test_an_operator_adds_an_account_without_logging_it_in(accounts: Accounts) -> None:
    user = accounts.add(email="eve@example.org", password=PASSWORD, display_name="Eve")
    assert accounts.sessions(owner=user.id) == []
    assert accounts.log_in(email="eve@example.org", password=PASSWORD).user == user
