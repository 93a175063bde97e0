from __future__ import annotations

import functools

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from review_machine import ReviewMachine
from studyteddy.adapters.postgres.engine import open_engine
from studyteddy.adapters.postgres.unit_of_work import PostgresUnitOfWork


def test_any_sequence_of_reviews_and_undos_keeps_cards_and_log_in_step(database_url: str) -> None:
    engine = open_engine(database_url)

    class PostgresReviewMachine(ReviewMachine):
        unit_of_work = functools.partial(PostgresUnitOfWork, engine)

    run_state_machine_as_test(PostgresReviewMachine, settings=settings(max_examples=15, stateful_step_count=25))
    engine.dispose()
