"""What every unit of work has to do: all or nothing, and nobody sees what isn't committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from studyteddy.application.ports.jobs import Job, JobKind, WakeUp
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import NotFound
from studyteddy.domain.ids import JobId, UserId
from studyteddy.testing.accounts import a_user, add_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Wake = Callable[[WakeUp], None]


def a_job(owner: UserId) -> Job:
    return Job(
        id=JobId(uuid4()),
        owner=owner,
        kind=JobKind.INGEST_DOCUMENT,
        subject_id=uuid4(),
        created_at=NOW,
        updated_at=NOW,
    )


class UnitOfWorkContract:
    """Subclass it and give the fixture ``open_with``: units of work over one store that wake jobs in a given way.

    Each call stands for a process of its own: what one commits, the units of the next have to see.
    """

    @pytest.fixture
    def open_with(self) -> Callable[[Wake], UnitOfWorkFactory]:
        raise NotImplementedError

    @pytest.fixture
    def woken(self) -> list[WakeUp]:
        return []

    @pytest.fixture
    def unit_of_work(self, open_with: Callable[[Wake], UnitOfWorkFactory], woken: list[WakeUp]) -> UnitOfWorkFactory:
        return open_with(woken.append)

    def has(self, unit_of_work: UnitOfWorkFactory, user: User) -> bool:
        with unit_of_work() as uow:
            return uow.users.by_email(user.email) is not None

    def fail(self, unit_of_work: UnitOfWorkFactory, user: User, error: Exception) -> None:
        with unit_of_work() as uow:
            uow.users.add(user)
            raise error

    def test_what_is_committed_is_there_for_everybody(
        self, open_with: Callable[[Wake], UnitOfWorkFactory], unit_of_work: UnitOfWorkFactory
    ) -> None:
        user = a_user()
        with unit_of_work() as uow:
            uow.users.add(user)
            uow.commit()
        assert self.has(unit_of_work, user)
        assert self.has(open_with(lambda _: None), user)

    def test_what_is_not_committed_never_happened(self, unit_of_work: UnitOfWorkFactory) -> None:
        kept, user = a_user(), a_user()
        with unit_of_work() as uow:
            uow.users.add(kept)
            uow.commit()
        with unit_of_work() as uow:
            uow.users.add(user)
            uow.users.save(kept.edited(now=NOW, display_name="Grace"))
        assert not self.has(unit_of_work, user)
        with unit_of_work() as uow:
            assert uow.users.get(kept.id) == kept

    def test_an_error_takes_everything_back_and_is_passed_on(self, unit_of_work: UnitOfWorkFactory) -> None:
        user = a_user()
        for error in (NotFound("There is no such thing."), ZeroDivisionError()):
            with pytest.raises(type(error)) as passed_on:
                self.fail(unit_of_work, user, error)
            assert passed_on.value is error
        assert not self.has(unit_of_work, user)

    def test_only_what_follows_a_commit_is_taken_back(self, unit_of_work: UnitOfWorkFactory) -> None:
        first, second = a_user(), a_user()
        with unit_of_work() as uow:
            uow.users.add(first)
            uow.commit()
            uow.users.add(second)
        assert self.has(unit_of_work, first)
        assert not self.has(unit_of_work, second)

    def test_one_sees_ones_own_changes_before_the_commit(self, unit_of_work: UnitOfWorkFactory) -> None:
        user = a_user()
        with unit_of_work() as uow:
            uow.users.add(user)
            assert uow.users.get(user.id) == user

    @pytest.mark.parametrize("committed", [False, True])
    def test_nobody_else_sees_a_change_before_the_commit(
        self, unit_of_work: UnitOfWorkFactory, committed: bool
    ) -> None:
        user, written = a_user(), threading.Event()
        may_go_on = threading.Event()

        def write() -> None:
            with unit_of_work() as uow:
                uow.users.add(user)
                written.set()
                may_go_on.wait(10)
                if committed:
                    uow.commit()

        with ThreadPoolExecutor(2) as pool:
            writer = pool.submit(write)
            assert written.wait(10)
            # A store may let readers by or make them wait for the writer, but never show them half a change.
            reader = pool.submit(self.has, unit_of_work, user)
            done_early = threading.Event()
            reader.add_done_callback(lambda _: done_early.set())
            if done_early.wait(0.2):
                assert reader.result() is False
            may_go_on.set()
            writer.result(10)
            reader.result(10)
        assert self.has(unit_of_work, user) is committed

    def test_units_of_many_threads_do_not_lose_each_others_changes(self, unit_of_work: UnitOfWorkFactory) -> None:
        users = [a_user() for _ in range(24)]

        def add(user: User) -> None:
            with unit_of_work() as uow:
                uow.users.add(user)
                uow.commit()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(add, users))
        assert all(self.has(unit_of_work, user) for user in users)

    def test_jobs_are_woken_after_the_commit_each_once(
        self, unit_of_work: UnitOfWorkFactory, woken: list[WakeUp]
    ) -> None:
        jobs = [a_job(add_user(unit_of_work)) for _ in range(2)]
        with unit_of_work() as uow:
            for job in jobs:
                uow.jobs.add(job)
            assert woken == []
            uow.commit()
            assert [wake_up.job_id for wake_up in woken] == [job.id for job in jobs]
            uow.commit()
        assert [wake_up.job_id for wake_up in woken] == [job.id for job in jobs]

    def test_a_job_that_was_taken_back_wakes_nobody(self, unit_of_work: UnitOfWorkFactory, woken: list[WakeUp]) -> None:
        job = a_job(add_user(unit_of_work))
        with unit_of_work() as uow:
            uow.jobs.add(job)
        with unit_of_work() as uow:
            uow.commit()
            with pytest.raises(NotFound):
                uow.jobs.get(job.owner, job.id)
        assert woken == []
