from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.errors import RateLimited
from studyteddy.domain.token_budget import LARGEST_ANSWER, TokenBudget
from studyteddy.testing.token_usage import TokenUsageContract
from tutor_desk import GOOD, QUESTION, Desk
from tutoring import saying


class TestPostgresTokenUsage(TokenUsageContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


@pytest.mark.parametrize(
    ("budget", "outcome"),
    [
        (LARGEST_ANSWER, {"asked": 1, "token_budget_spent": 49}),
        (3 * LARGEST_ANSWER, {"asked": 3, "token_budget_spent": 47}),
        (0, {"asked": 4, "too_many_answers": 46}),
    ],
)
def test_of_fifty_questions_at_once_as_many_are_taken_as_the_budget_holds(
    postgres: UnitOfWorkFactory, budget: int, outcome: dict[str, int]
) -> None:
    desk = Desk(saying(GOOD), unit_of_work=postgres)
    desk.ask = replace(desk.ask, budget=TokenBudget(budget))

    def ask(number: int) -> str:
        try:
            desk.ask(owner=desk.owner, question=f"{QUESTION} {number}")
        except RateLimited as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(10) as threads:
        outcomes = Counter(threads.map(ask, range(50)))
    assert outcomes == outcome
