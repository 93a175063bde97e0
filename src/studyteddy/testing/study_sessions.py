"""What every store of study sessions has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict, NotFound, StaleVersion
from studyteddy.domain.ids import StudySessionId, TaskId, UserId
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.study_sessions import StudySession
from studyteddy.testing.accounts import add_user, at_once, commit

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
on_any_data = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def a_session(owner: UserId, *, minute: float = 0, **fields: Any) -> StudySession:
    """A session that started some minutes after ``START`` and runs."""
    return StudySession.start(id=StudySessionId(uuid4()), owner=owner, now=at(minute), **fields)


def a_finished_session(owner: UserId, *, minute: float = 0, lasting: float = 10, **fields: Any) -> StudySession:
    """One that is over."""
    return a_session(owner, minute=minute, **fields).finish(at(minute + lasting))


def keep(unit_of_work: UnitOfWorkFactory, *sessions: StudySession) -> None:
    for session in sessions:
        commit(unit_of_work, lambda uow, session=session: uow.study_sessions.add(session))  # type: ignore[misc]


class StudySessionsContract:
    """Subclass it and give the fixture ``unit_of_work``."""

    @pytest.fixture
    def unit_of_work(self) -> UnitOfWorkFactory:
        raise NotImplementedError

    @pytest.fixture
    def owner(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    @pytest.fixture
    def stranger(self, unit_of_work: UnitOfWorkFactory) -> UserId:
        return add_user(unit_of_work)

    def test_a_session_comes_back_as_it_was_kept(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        paused = a_session(owner, subject="Größe", task_id=TaskId(uuid4()), planned_minutes=600)
        paused = paused.pause(at(0.123456)).resume(at(2)).pause(at(3))
        done = replace(paused.finish(at(4), notes="🧸\n", focus_score=7), id=StudySessionId(uuid4()))
        left = a_session(owner, minute=-500).close_if_left(at(0))
        for session in (paused, done, left):
            keep(unit_of_work, session)
            with unit_of_work() as uow:
                assert uow.study_sessions.get(owner, session.id) == session

    def test_another_persons_session_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        task_id = TaskId(uuid4())
        session = a_finished_session(owner, task_id=task_id)
        keep(unit_of_work, session, a_session(owner))
        with unit_of_work() as uow:
            with pytest.raises(NotFound):
                uow.study_sessions.get(stranger, session.id)
            with pytest.raises(NotFound):
                uow.study_sessions.save(replace(session, owner=stranger, version=session.version + 1))
            assert uow.study_sessions.unfinished(stranger) is None
            assert uow.study_sessions.page(stranger, PageRequest()).items == ()
            assert list(uow.study_sessions.of_task(stranger, task_id)) == []
            assert list(uow.study_sessions.finished(stranger, at(-99), at(99))) == []

    def test_a_person_has_one_unfinished_session_at_a_time(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
    ) -> None:
        first = a_session(owner)
        keep(unit_of_work, first, a_session(stranger), a_finished_session(owner))
        with unit_of_work() as uow:
            with pytest.raises(Conflict) as refused:
                uow.study_sessions.add(a_session(owner))
            assert refused.value.code == "already_running"
            assert uow.study_sessions.unfinished(owner) == first
        commit(unit_of_work, lambda uow: uow.study_sessions.save(first.finish(at(5))))
        second = a_session(owner)
        keep(unit_of_work, second)
        with unit_of_work() as uow:
            assert uow.study_sessions.unfinished(owner) == second

    def test_of_many_sessions_started_at_once_one_runs(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        outcomes = at_once(10, lambda number: keep(unit_of_work, a_session(owner, minute=number)))
        assert outcomes.count(None) == 1
        assert {outcome.code for outcome in outcomes if outcome is not None} == {"already_running"}

    def test_a_write_based_on_an_old_version_is_stale(self, unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
        session = a_session(owner)
        keep(unit_of_work, session)
        outcomes = at_once(
            2, lambda number: commit(unit_of_work, lambda uow: uow.study_sessions.save(session.pause(at(number))))
        )
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 1

    def test_the_sessions_of_a_task_are_its_finished_ones_in_order(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        task_id = TaskId(uuid4())
        late, early = (a_finished_session(owner, minute=minute, task_id=task_id) for minute in (50, 0))
        keep(unit_of_work, late, early, a_finished_session(owner, task_id=TaskId(uuid4())), a_finished_session(owner))
        keep(unit_of_work, a_session(owner, minute=99, task_id=task_id))
        with unit_of_work() as uow:
            assert list(uow.study_sessions.of_task(owner, task_id)) == [early, late]

    def test_finished_sessions_are_found_by_any_part_inside_the_time(
        self, unit_of_work: UnitOfWorkFactory, owner: UserId
    ) -> None:
        spans = {"before": (0, 10), "into": (5, 15), "inside": (12, 14), "over": (1, 60), "out of": (15, 30)}
        spans["after"] = (20, 25)
        sessions = {
            name: a_finished_session(owner, minute=first, lasting=last - first) for name, (first, last) in spans.items()
        }
        keep(unit_of_work, *sessions.values(), a_session(owner, minute=13))
        with unit_of_work() as uow:
            found = list(uow.study_sessions.finished(owner, at(10), at(20)))
        assert found == [sessions[name] for name in ("over", "into", "inside", "out of")]

    @on_any_data
    @given(minutes=st.lists(st.integers(0, 4), max_size=9), limit=st.integers(1, 4), late=st.integers(0, 5))
    def test_pages_show_every_session_once_last_first_while_others_begin(
        self, unit_of_work: UnitOfWorkFactory, minutes: list[int], limit: int, late: int
    ) -> None:
        owner = add_user(unit_of_work)
        sessions = [a_finished_session(owner, minute=minute) for minute in minutes]
        keep(unit_of_work, *sessions)
        seen: list[StudySession] = []
        request: PageRequest | None = PageRequest(limit=limit)
        while request is not None:
            with unit_of_work() as uow:
                page = uow.study_sessions.page(owner, request)
            seen += page.items
            keep(unit_of_work, a_finished_session(owner, minute=5 + late))  # newer than all that are still to come
            request = PageRequest(limit=limit, after=page.next) if page.next is not None else None
        assert seen == sorted(sessions, key=lambda session: (session.started_at, session.id), reverse=True)
