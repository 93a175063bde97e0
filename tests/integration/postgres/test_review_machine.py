from __future__ import annotations

import functools

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from engines.databases import Database
from review_machine import ReviewMachine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork


def test_any_sequence_of_reviews_and_undos_keeps_cards_and_log_in_step(database: Database) -> None:
    engine = database.open()

    class PostgresReviewMachine(ReviewMachine):
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)

    run_state_machine_as_test(PostgresReviewMachine, settings=settings(max_examples=15, stateful_step_count=25))
    engine.dispose()
