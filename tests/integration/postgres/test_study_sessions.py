from __future__ import annotations

from uuid import uuid4

import pytest

from builders import TickingClock
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.application.study_sessions import ChangeSession, GetSession, StartSession
from studyteddy.domain.study_sessions import StudySession
from studyteddy.testing.accounts import add_user, at_once
from studyteddy.testing.study_sessions import StudySessionsContract


class TestPostgresStudySessions(StudySessionsContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


def test_changes_that_lose_a_race_are_decided_again(postgres: UnitOfWorkFactory) -> None:
    owner, clock = add_user(postgres), TickingClock()
    session = StartSession(unit_of_work=postgres, new_id=uuid4, clock=clock)(owner=owner)
    change = ChangeSession(unit_of_work=postgres, clock=clock)
    outcomes = at_once(8, lambda number: change.edit(owner=owner, session_id=session.id, notes=f"note {number}"))
    assert [outcome for outcome in outcomes if not isinstance(outcome, StudySession)] == []
    with postgres() as uow:
        assert uow.study_sessions.get(owner, session.id).version == session.version + 8


def test_many_who_look_at_a_forgotten_session_close_it_once(postgres: UnitOfWorkFactory) -> None:
    owner, clock = add_user(postgres), TickingClock()
    session = StartSession(unit_of_work=postgres, new_id=uuid4, clock=clock)(owner=owner)
    clock.advance(hours=9)
    get = GetSession(unit_of_work=postgres, clock=clock)
    seen = at_once(16, lambda _: get(owner=owner, session_id=session.id))
    assert [(one.version, one.closed_automatically) for one in seen if isinstance(one, StudySession)] == [
        (2, True)
    ] * 16
