from __future__ import annotations

from datetime import UTC, datetime

import pytest

from studyteddy.domain.errors import RateLimited
from studyteddy.domain.token_budget import LARGEST_ANSWER, NO_LIMIT, TokenBudget
from studyteddy.testing.accounts import a_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_without_a_limit_nothing_is_ever_spent() -> None:
    assert not NO_LIMIT.is_spent(10**12, running=100)


@pytest.mark.parametrize(
    ("spent", "running", "refused"),
    [
        (0, 0, False),
        (99_999, 0, False),
        (100_000, 0, True),
        (100_000 - LARGEST_ANSWER, 1, True),
        (99_999 - LARGEST_ANSWER, 1, False),
        (0, 6, False),
        (0, 7, True),
    ],
)
def test_each_answer_on_its_way_counts_as_the_largest_one(spent: int, running: int, refused: bool) -> None:
    assert TokenBudget(100_000).is_spent(spent, running=running) is refused


def test_a_refusal_names_the_hour_at_which_the_next_study_day_begins() -> None:
    student = a_user().edited(now=NOW, time_zone="Asia/Kolkata", day_starts_at=6)
    with pytest.raises(RateLimited) as refused:
        TokenBudget(10).check(student, 10, now=NOW)
    assert refused.value.code == "token_budget_spent"
    assert "from 06:00 (Asia/Kolkata) on" in refused.value.message
    assert "searching and reviewing go on" in refused.value.message
    assert refused.value.retry_after == 15 * 3600


def test_a_refusal_for_answers_on_their_way_lasts_only_until_they_are_there() -> None:
    with pytest.raises(RateLimited, match="on their way") as refused:
        TokenBudget(LARGEST_ANSWER).check(a_user(), 0, running=1, now=NOW)
    assert refused.value.retry_after < 60
