from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from studyteddy.adapters.in_memory.security import ScryptPasswords
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork
from studyteddy.application.account_administration import FindUser, ListUsers, SetPassword
from studyteddy.domain.errors import Invalid, NotFound
from studyteddy.domain.paging import PageRequest
from studyteddy.testing.accounts import a_user, an_auth_session

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORDS = ScryptPasswords()


@pytest.fixture
def unit_of_work() -> partial[InMemoryUnitOfWork]:
    return partial(InMemoryUnitOfWork, Store())


def test_a_user_is_found_by_the_address_however_it_is_written(unit_of_work: partial[InMemoryUnitOfWork]) -> None:
    with unit_of_work() as uow:
        uow.users.add(a_user(email="ada@example.org"))
        uow.commit()
    find = FindUser(unit_of_work=unit_of_work)
    assert find(email="Ada@Example.org").email == "ada@example.org"
    with pytest.raises(NotFound, match=r"studyteddy user add bob@example\.org"):
        find(email="bob@example.org")


def test_users_are_listed_by_address(unit_of_work: partial[InMemoryUnitOfWork]) -> None:
    with unit_of_work() as uow:
        for name in ("cy", "ada", "bob"):
            uow.users.add(a_user(email=f"{name}@example.org"))
        uow.commit()
    page = ListUsers(unit_of_work=unit_of_work)(request=PageRequest(limit=2))
    assert [user.email for user in page.items] == ["ada@example.org", "bob@example.org"]
    assert page.next is not None


def test_a_new_password_ends_every_log_in(unit_of_work: partial[InMemoryUnitOfWork]) -> None:
    ada = a_user(email="ada@example.org")
    session = an_auth_session(ada.id)
    with unit_of_work() as uow:
        uow.users.add(ada)
        uow.auth_sessions.add(session)
        uow.commit()
    set_password = SetPassword(unit_of_work=unit_of_work, passwords=PASSWORDS, clock=lambda: NOW)
    changed = set_password(email="ada@example.org", password="nine purple hedgehogs")
    assert PASSWORDS.verify("nine purple hedgehogs", changed.password_hash)
    with unit_of_work() as uow:
        assert uow.users.get(ada.id) == changed
        assert not uow.auth_sessions.get(session.id).live(NOW)


def test_a_weak_new_password_is_refused(unit_of_work: partial[InMemoryUnitOfWork]) -> None:
    set_password = SetPassword(unit_of_work=unit_of_work, passwords=PASSWORDS, clock=lambda: NOW)
    with pytest.raises(Invalid):
        set_password(email="ada@example.org", password="password")
