from __future__ import annotations

import functools
import threading
from collections.abc import Iterator

import pytest

from engines.databases import Database
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import Conflict
from studyteddy.domain.tutor.threads import Thread
from studyteddy.testing.tutor import TutorContract, an_answer


class TestPostgresTutor(TutorContract):
    @pytest.fixture
    def unit_of_work(self, database: Database) -> Iterator[UnitOfWorkFactory]:
        engine = database.open()
        yield functools.partial(PostgresUnitOfWork, engine)
        engine.dispose()

    def test_of_two_answers_begun_at_once_in_a_thread_one_is_refused(
        self, unit_of_work: UnitOfWorkFactory, thread: Thread
    ) -> None:
        outcomes: list[str] = []
        together = threading.Barrier(2)

        def begin(position: int) -> None:
            with unit_of_work() as uow:
                uow.threads.get(thread.owner, thread.id)
                together.wait(10)
                try:
                    uow.messages.add(an_answer(thread, position))
                    uow.commit()
                    outcomes.append("begun")
                except Conflict as error:
                    outcomes.append(error.code)

        racers = [threading.Thread(target=begin, args=(position,)) for position in (2, 4)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(20)

        assert sorted(outcomes) == ["answer_running", "begun"]
