"""What every store of people and their log-ins has to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import AuthSession, User, UserRole
from studyteddy.domain.administration import UserFilter
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion, StudyTeddyError
from studyteddy.domain.ids import AuthSessionId, UserId
from studyteddy.domain.paging import PageRequest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
A_MOMENT = 0.3
"""Seconds after which somebody who does not wait would be done."""
T = TypeVar("T")


def a_user(**fields: Any) -> User:
    """A student with an address of their own."""
    user_id = fields.pop("id", UserId(uuid4()))
    registered = User.registered(
        id=user_id,
        email=f"{user_id.hex}@example.org",
        display_name="Ada",
        password_hash="-",  # noqa: S106 - stands for a hash
        time_zone="UTC",
        now=NOW,
    )
    return replace(registered, **fields)


def add_user(unit_of_work: UnitOfWorkFactory, **fields: Any) -> UserId:
    """A fresh account that rows may belong to."""
    user = a_user(**fields)
    with unit_of_work() as uow:
        uow.users.add(user)
        uow.commit()
    return user.id


def an_auth_session(user_id: UserId, **fields: Any) -> AuthSession:
    """A live log-in."""
    made = AuthSession(
        id=AuthSessionId(uuid4()),
        user_id=user_id,
        token_hash="0" * 64,
        device="Firefox",
        version=1,
        created_at=NOW,
        last_used_at=NOW,
        expires_at=NOW + timedelta(days=7),
        ended_at=None,
    )
    return replace(made, **fields)


def at_once(times: int, act: Callable[[int], T]) -> list[T | StudyTeddyError]:
    """What became of an act that many threads began together: its result, or the core's error."""

    together = threading.Barrier(times)

    def attempt(number: int) -> T | StudyTeddyError:
        together.wait(30)
        try:
            return act(number)
        except StudyTeddyError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(attempt, range(times)))


def commit(unit_of_work: UnitOfWorkFactory, change: Callable[[UnitOfWork], object]) -> None:
    """Make one change in a unit of work of its own."""
    with unit_of_work() as uow:
        change(uow)
        uow.commit()


def meanwhile(unit_of_work: UnitOfWorkFactory, change: Callable[[UnitOfWork], object]) -> threading.Thread:
    """Somebody else makes a change, now or as soon as they can."""
    worker = threading.Thread(target=commit, args=(unit_of_work, change))
    worker.start()
    worker.join(A_MOMENT)
    return worker


class UsersContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_who_is_held_is_changed_afterwards(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada = a_user()
        commit(unit_of_work, lambda uow: uow.users.add(ada))
        changed = replace(ada, display_name="Grace", version=2)
        with unit_of_work() as uow:
            assert uow.users.get(ada.id, held=True) == ada
            worker = meanwhile(unit_of_work, lambda other: other.users.save(changed))
            assert worker.is_alive()
        worker.join()
        with unit_of_work() as uow:
            assert uow.users.get(ada.id, held=True) == changed

    def test_who_is_being_changed_is_held_as_they_become(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada = a_user()
        commit(unit_of_work, lambda uow: uow.users.add(ada))
        seen: list[str] = []
        with unit_of_work() as uow:
            uow.users.save(replace(ada, display_name="Grace", version=2))
            worker = meanwhile(unit_of_work, lambda other: seen.append(other.users.get(ada.id, held=True).display_name))
            assert seen == []
            uow.commit()
        worker.join()
        assert seen == ["Grace"]

    def test_a_user_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        user = a_user(
            display_name="Zoë 🧸",
            roles=frozenset({UserRole.TEACHER, UserRole.ADMIN}),
            time_zone="Asia/Kathmandu",
            day_starts_at=23,
            weekly_budget=(0, 1, 2, 3, 4, 5, 1440),
            disabled=True,
            email_verified_at=NOW,
        )
        commit(unit_of_work, lambda uow: uow.users.add(user))
        with unit_of_work() as uow:
            assert uow.users.get(user.id) == user
            assert uow.users.by_email(user.email) == user

    def test_an_unknown_user_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as uow:
            assert uow.users.by_email("nobody@example.org") is None
            with pytest.raises(NotFound):
                uow.users.get(UserId(uuid4()))
            with pytest.raises(NotFound):
                uow.users.save(replace(a_user(), version=2))

    def test_an_address_has_one_account(self, unit_of_work: UnitOfWorkFactory) -> None:
        first = a_user()
        commit(unit_of_work, lambda uow: uow.users.add(first))
        with unit_of_work() as uow, pytest.raises(Conflict) as refused:
            uow.users.add(a_user(email=first.email))
        assert refused.value.code == "email_taken"

    def test_pages_hold_every_account_once_by_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        mine = {add_user(unit_of_work) for _ in range(5)}
        seen: list[User] = []
        request: PageRequest | None = PageRequest(limit=2)
        while request is not None:
            with unit_of_work() as uow:
                page = uow.users.page(request)
            seen += page.items
            request = PageRequest(limit=2, after=page.next) if page.next else None
        assert [user.email for user in seen] == sorted({user.email for user in seen})
        assert mine <= {user.id for user in seen}

    def test_accounts_are_found_by_address_role_and_whether_they_are_disabled(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        mark = uuid4().hex
        names = {
            "ada": add_user(unit_of_work, email=f"{mark}_ada@example.org", roles=frozenset(UserRole)),
            "bob": add_user(unit_of_work, email=f"{mark}_bob@example.org", disabled=True),
            "cy": add_user(unit_of_work, email=f"{mark}xcy@example.org", roles=frozenset({UserRole.TEACHER})),
        }

        def found(**wanted: Any) -> set[str]:
            with unit_of_work() as uow:
                page = uow.users.page(PageRequest(), UserFilter(**{"email_prefix": mark, **wanted}))
            return {name for name, user_id in names.items() if user_id in {user.id for user in page.items}}

        assert found() == {"ada", "bob", "cy"}
        assert found(email_prefix=f"{mark}_") == {"ada", "bob"}
        assert found(email_prefix=f"{mark}%") == set()
        assert found(role=UserRole.TEACHER) == {"ada", "cy"}
        assert found(disabled=True) == {"bob"}
        assert found(disabled=False, role=UserRole.STUDENT) == {"ada"}

    def test_administrators_are_those_who_have_the_role_and_are_not_disabled(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        admins = frozenset({UserRole.ADMIN})
        one, other = (add_user(unit_of_work, roles=admins) for _ in range(2))
        gone, student = add_user(unit_of_work, roles=admins, disabled=True), add_user(unit_of_work)
        with unit_of_work() as uow:
            assert uow.users.hold_admins() & {one, other, gone, student} == {one, other}

    def test_who_holds_the_administrators_is_alone_with_them(self, unit_of_work: UnitOfWorkFactory) -> None:
        admin = a_user(roles=frozenset({UserRole.ADMIN}))
        commit(unit_of_work, lambda uow: uow.users.add(admin))

        def step_down(_: int) -> bool:
            with unit_of_work() as uow:
                if admin.id not in uow.users.hold_admins():
                    return False
                uow.users.save(replace(admin, roles=frozenset({UserRole.STUDENT}), version=2))
                uow.commit()
                return True

        assert sorted(map(str, at_once(5, step_down))) == ["False"] * 4 + ["True"]

    def test_of_many_newcomers_with_one_address_one_gets_it(self, unit_of_work: UnitOfWorkFactory) -> None:
        address = f"{uuid4().hex}@example.org"
        outcomes = at_once(
            20,
            lambda number: commit(
                unit_of_work, lambda uow: uow.users.add(a_user(email=address, display_name=f"Ada {number}"))
            ),
        )
        assert outcomes.count(None) == 1
        assert {error.code for error in outcomes if error is not None} == {"email_taken"}

    def test_a_change_replaces_the_version_before_it(self, unit_of_work: UnitOfWorkFactory) -> None:
        user = a_user()
        commit(unit_of_work, lambda uow: uow.users.add(user))
        changed = user.edited(now=NOW, display_name="Grace", weekly_budget=(1,) * 7)
        commit(unit_of_work, lambda uow: uow.users.save(changed))
        with unit_of_work() as uow:
            assert uow.users.get(user.id) == changed

    def test_of_two_changes_to_one_version_one_is_stale(self, unit_of_work: UnitOfWorkFactory) -> None:
        user = a_user()
        commit(unit_of_work, lambda uow: uow.users.add(user))
        outcomes = at_once(
            2,
            lambda number: commit(
                unit_of_work, lambda uow: uow.users.save(user.edited(now=NOW, display_name=f"Ada {number}"))
            ),
        )
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 1


class AuthSessionsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    def test_a_log_in_comes_back_as_it_was_kept_even_when_it_has_ended(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner = add_user(unit_of_work)
        for session in (an_auth_session(owner), an_auth_session(owner, ended_at=NOW, device="Größe 🧸")):
            commit(unit_of_work, lambda uow, session=session: uow.auth_sessions.add(session))  # type: ignore[misc]
            with unit_of_work() as uow:
                assert uow.auth_sessions.get(session.id) == session

    def test_a_log_in_comes_with_whose_it_is(self, unit_of_work: UnitOfWorkFactory) -> None:
        ada = a_user(display_name="Ada", version=3)
        commit(unit_of_work, lambda uow: uow.users.add(ada))
        add_user(unit_of_work)
        for session in (an_auth_session(ada.id, version=2), an_auth_session(ada.id, ended_at=NOW, device="Größe 🧸")):
            commit(unit_of_work, lambda uow, session=session: uow.auth_sessions.add(session))  # type: ignore[misc]
            with unit_of_work() as uow:
                assert uow.auth_sessions.with_user(session.id) == (session, ada)

    def test_an_unknown_log_in_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.auth_sessions.get(AuthSessionId(uuid4()))
            with pytest.raises(NotFound):
                uow.auth_sessions.with_user(AuthSessionId(uuid4()))
            with pytest.raises(NotFound):
                uow.auth_sessions.save(an_auth_session(UserId(uuid4()), version=2))

    def test_of_many_rotations_of_one_version_one_is_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        session = an_auth_session(add_user(unit_of_work))
        commit(unit_of_work, lambda uow: uow.auth_sessions.add(session))

        def rotate(number: int) -> None:
            rotated = replace(session, token_hash=f"{number:064}", version=2)
            commit(unit_of_work, lambda uow: uow.auth_sessions.save(rotated))

        outcomes = at_once(10, rotate)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 9
        with unit_of_work() as uow:
            assert uow.auth_sessions.get(session.id).token_hash == f"{outcomes.index(None):064}"

    def test_live_log_ins_are_the_owners_own_last_used_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, other = add_user(unit_of_work), add_user(unit_of_work)
        early = an_auth_session(owner)
        late = an_auth_session(owner, last_used_at=NOW + timedelta(minutes=1))
        gone = [
            an_auth_session(owner, ended_at=NOW),
            an_auth_session(owner, expires_at=NOW + timedelta(hours=1)),
            an_auth_session(other),
        ]
        for session in (early, late, *gone):
            commit(unit_of_work, lambda uow, session=session: uow.auth_sessions.add(session))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert list(uow.auth_sessions.live_of(owner, NOW + timedelta(hours=1))) == [late, early]
            assert len(uow.auth_sessions.live_of(owner, NOW)) == 3

    def test_all_log_ins_that_count_end_together(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner, other = add_user(unit_of_work), add_user(unit_of_work)
        live = [an_auth_session(owner), an_auth_session(owner, version=3)]
        over = an_auth_session(owner, ended_at=NOW - timedelta(days=1))
        foreign = an_auth_session(other)
        for session in (*live, over, foreign):
            commit(unit_of_work, lambda uow, session=session: uow.auth_sessions.add(session))  # type: ignore[misc]
        with unit_of_work() as uow:
            assert uow.auth_sessions.end_all(owner, NOW) == 2
            uow.commit()
        with unit_of_work() as uow:
            assert [uow.auth_sessions.get(session.id) for session in live] == [one.ended(NOW) for one in live]
            assert [uow.auth_sessions.get(session.id) for session in (over, foreign)] == [over, foreign]
            with pytest.raises(StaleVersion):  # who was about to rotate it is told
                uow.auth_sessions.save(replace(live[0], token_hash="1" * 64, version=2))

    def test_log_ins_that_expired_long_ago_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        owner = add_user(unit_of_work)
        expired = [an_auth_session(owner, expires_at=NOW - timedelta(days=days)) for days in (1, 2, 3)]
        for session in expired:
            commit(unit_of_work, lambda uow, session=session: uow.auth_sessions.add(session))  # type: ignore[misc]
        before = NOW - timedelta(days=1)
        with unit_of_work() as uow:
            while (count := uow.auth_sessions.purge(before=before, limit=1)) > 0:
                assert count == 1
            uow.commit()
        with unit_of_work() as uow:
            assert uow.auth_sessions.get(expired[0].id) == expired[0]
            for gone in expired[1:]:
                with pytest.raises(NotFound):
                    uow.auth_sessions.get(gone.id)
