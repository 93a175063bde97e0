from __future__ import annotations

from uuid import uuid4

import pytest

from studyteddy.adapters.rate_limits import SlidingWindowLimits
from studyteddy.application.attempts import LimitLogIns, LimitRegistrations, LimitRequests
from studyteddy.domain.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, RateLimited
from studyteddy.domain.ids import UserId


@pytest.fixture
def limit() -> LimitLogIns:
    return LimitLogIns(limits=SlidingWindowLimits(), amount=3)


def fail(limit: LimitLogIns, email: str = "ada@example.org", address: str = "192.0.2.1") -> None:
    with pytest.raises(NotAuthenticated), limit(email=email, address=address):
        raise NotAuthenticated("wrong")


def succeed(limit: LimitLogIns, email: str = "ada@example.org", address: str = "192.0.2.1") -> None:
    with limit(email=email, address=address):
        pass


def locked(limit: LimitLogIns, email: str = "ada@example.org", address: str = "192.0.2.1") -> bool:
    """Whether an attempt is refused before a password is looked at."""
    try:
        with limit(email=email, address=address):
            return False
    except RateLimited as refused:
        return refused.code == "too_many_logins" and 0 < refused.retry_after <= 600


def test_an_account_is_locked_after_so_many_wrong_passwords_wherever_they_come_from(limit: LimitLogIns) -> None:
    for number in range(3):
        fail(limit, address=f"192.0.2.{number}")
    assert locked(limit, address="192.0.2.77")
    assert not locked(limit, email="bob@example.org", address="192.0.2.77")


def test_an_address_is_locked_after_so_many_wrong_passwords_for_whatever_accounts(limit: LimitLogIns) -> None:
    for number in range(3):
        fail(limit, email=f"{number}@example.org")
    assert locked(limit, email="bob@example.org")
    assert not locked(limit, email="bob@example.org", address="192.0.2.2")


def test_log_ins_that_succeed_lock_nobody_out(limit: LimitLogIns) -> None:
    for _ in range(20):
        succeed(limit)
    assert not locked(limit)


def test_a_success_does_not_wipe_out_the_guesses_before_it(limit: LimitLogIns) -> None:
    fail(limit, email="ada@example.org")
    fail(limit, email="ada@example.org")
    for _ in range(5):
        succeed(limit, email="mallory@example.org")
        succeed(limit, email="ada@example.org", address="192.0.2.9")
    fail(limit, email="ada@example.org")
    assert locked(limit, email="ada@example.org", address="192.0.2.3")
    assert locked(limit, email="mallory@example.org")


def test_ways_to_write_one_address_are_one_account(limit: LimitLogIns) -> None:
    for email in ("ada@example.org", " ADA@example.org", "ａｄａ@example.org"):
        fail(limit, email=email, address=f"192.0.2.{len(email)}")
    assert locked(limit, address="192.0.2.99")


def test_what_fails_for_another_reason_is_no_guess(limit: LimitLogIns) -> None:
    for _ in range(10):
        with pytest.raises(NotAllowed), limit(email="ada@example.org", address="192.0.2.1"):
            raise NotAllowed("disabled")
    assert not locked(limit)


def test_attempts_at_once_can_not_outrun_the_count(limit: LimitLogIns) -> None:
    held = [limit(email="ada@example.org", address=f"192.0.2.{number}") for number in range(3)]
    for attempt in held:
        attempt.__enter__()
    assert locked(limit, address="192.0.2.9")
    for attempt in held:
        attempt.__exit__(None, None, None)
    assert not locked(limit, address="192.0.2.9")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_addresses_of_one_home_count_together(first: str, second: str, same: bool, limit: LimitLogIns) -> None:
    for number in range(3):
        fail(limit, email=f"{number}@example.org", address=first)
    assert locked(limit, email="bob@example.org", address=second) is same


def test_accounts_from_one_address_are_bounded_and_faulty_registrations_are_not_counted() -> None:
    limit = LimitRegistrations(limits=SlidingWindowLimits(), amount=2)
    for _ in range(5):
        with pytest.raises(Invalid), limit(address="192.0.2.1"):
            raise Invalid("a weak password")
    with limit(address="192.0.2.1"):
        pass
    with pytest.raises(Conflict), limit(address="192.0.2.1"):
        raise Conflict("taken", code="email_taken")  # which tells who has an account, so it counts
    with pytest.raises(RateLimited) as refused, limit(address="192.0.2.1"):
        pass
    assert refused.value.code == "too_many_registrations"
    with limit(address="192.0.2.2"):
        pass


def test_requests_are_bounded_for_each_person() -> None:
    limit = LimitRequests(limits=SlidingWindowLimits(), amount=2)
    ada, bob = UserId(uuid4()), UserId(uuid4())
    limit(owner=ada)
    limit(owner=ada)
    with pytest.raises(RateLimited):
        limit(owner=ada)
    limit(owner=bob)
