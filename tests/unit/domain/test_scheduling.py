from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.errors import Invalid
from studyteddy.domain.scheduling import (
    LEAST_EASE_FACTOR,
    MAX_INTERVAL_DAYS,
    NEW,
    Rating,
    ReviewKind,
    Schedule,
    preview,
    quality_of,
    rating_of,
    replay,
    review,
)

TODAY = date(2026, 5, 1)
VECTORS = Path(__file__).parents[4] / "shared/data/scheduling/sm2_vectors.json"

qualities = st.integers(0, 5)
# What a student does next: a grade, and how many days late (or, below zero, early) it comes.
histories = st.lists(st.tuples(qualities, st.integers(-40, 40)), max_size=30)


@dataclass(frozen=True)
class Row:
    quality: int
    study_day: date
    undone_at: datetime | None = None


def graded_on_time(grades: list[int]) -> list[Schedule]:
    """The states after each grade, each given on the day on which the card was due."""
    states = [NEW]
    for quality in grades:
        day = states[-1].due_on or TODAY
        states.append(review(states[-1], quality, day).schedule)
    return states[1:]


def rows_of(history: list[tuple[int, int]]) -> list[Row]:
    """A log in which days only run forward, with passes on the same day among them."""
    rows: list[Row] = []
    schedule, day = NEW, TODAY
    for quality, delay in history:
        day = max(day, (schedule.due_on or TODAY) + timedelta(days=delay))
        rows.append(Row(quality, day))
        schedule = review(schedule, quality, day).schedule
    return rows


@pytest.mark.parametrize(
    ("grades", "intervals", "ease_factor"),
    [
        ([4, 4, 4, 4], [1, 6, 15, 38], 250),
        ([5, 5, 5, 5], [1, 6, 16, 45], 290),
        ([4, 4, 3, 3, 4], [1, 6, 15, 35, 78], 222),
        ([5, 5, 5, 2, 5, 5, 5], [1, 6, 16, 1, 1, 6, 16], 278),
        ([3, 3, 3, 3], [1, 6, 13, 27], 194),
        ([0, 0, 0, 4, 4, 4], [1, 1, 1, 1, 6, 8], 130),
        ([4, 1, 4, 4, 4], [1, 1, 1, 6, 12], 196),
    ],
)
def test_grades_give_the_published_intervals(grades: list[int], intervals: list[int], ease_factor: int) -> None:
    states = graded_on_time(grades)
    assert [state.interval_days for state in states] == intervals
    assert states[-1].ease_factor_hundredths == ease_factor


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared test material is not here")
def test_all_recorded_histories_are_reproduced() -> None:
    for name, steps in json.loads(VECTORS.read_text())["sequences"].items():
        states = graded_on_time([step["quality"] for step in steps])
        for state, step in zip(states, steps, strict=True):
            found = (state.interval_days, state.repetitions, Decimal(state.ease_factor_hundredths) / 100)
            assert found == (step["interval_days"], step["repetitions"], Decimal(step["ease_factor"])), name


@given(st.lists(qualities, max_size=25))
def test_whole_hundredths_agree_with_the_formula_in_decimals(grades: list[int]) -> None:
    ease, interval, repetitions = Decimal("2.5"), 0, 0
    for quality, state in zip(grades, graded_on_time(grades), strict=True):
        if quality < 3:
            repetitions, interval = 0, 1
        else:
            repetitions += 1
            grown = int((interval * ease).quantize(Decimal(1), ROUND_HALF_UP))
            interval = min({1: 1, 2: 6}.get(repetitions, grown), MAX_INTERVAL_DAYS)
        miss = 5 - quality
        ease = max(Decimal("1.3"), ease + Decimal("0.1") - miss * (Decimal("0.08") + miss * Decimal("0.02")))
        assert (state.repetitions, state.interval_days) == (repetitions, interval)
        assert Decimal(state.ease_factor_hundredths) / 100 == ease


@given(histories)
def test_the_ease_factor_never_falls_below_its_floor_and_intervals_stay_in_range(
    history: list[tuple[int, int]],
) -> None:
    schedule = NEW
    for row in rows_of(history):
        schedule = review(schedule, row.quality, row.study_day).schedule
        assert schedule.ease_factor_hundredths >= LEAST_EASE_FACTOR
        assert 1 <= schedule.interval_days <= MAX_INTERVAL_DAYS


@given(st.integers(3, 5), st.integers(1, 40))
def test_intervals_grow_with_constant_good_grades_up_to_a_century(quality: int, length: int) -> None:
    intervals = [state.interval_days for state in graded_on_time([quality] * length)]
    assert intervals == sorted(intervals)
    assert intervals[-1] <= MAX_INTERVAL_DAYS


@given(histories)
def test_replaying_the_log_gives_the_live_state(history: list[tuple[int, int]]) -> None:
    rows, live = rows_of(history), NEW
    for row in rows:
        live = review(live, row.quality, row.study_day).schedule
    assert replay(rows) == live


@given(histories, st.data())
def test_replaying_leaves_undone_rows_out(history: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = rows_of(history)
    undone = [Row(0, row.study_day, datetime(2026, 5, 1)) for row in rows]  # noqa: DTZ001
    mixed = [row for pair in zip(rows, undone, strict=True) for row in data.draw(st.permutations(pair))]
    assert replay(mixed) == replay(rows)


@given(histories, st.integers(-10, 100))
def test_answering_does_what_the_preview_showed(history: list[tuple[int, int]], days: int) -> None:
    schedule = replay(rows_of(history))
    day = (schedule.due_on or TODAY) + timedelta(days=days)
    shown = preview(schedule, day)
    assert shown == {rating: review(schedule, quality_of(rating), day) for rating in Rating}


@given(histories, qualities)
def test_a_second_pass_on_the_same_day_never_reschedules(history: list[tuple[int, int]], quality: int) -> None:
    rows = [*rows_of(history), Row(4, TODAY + timedelta(days=50_000))]
    before = replay(rows)
    outcome = review(before, quality, rows[-1].study_day)
    assert outcome.kind is ReviewKind.EXTRA
    assert (outcome.schedule.due_on, outcome.schedule.interval_days) == (before.due_on, before.interval_days)
    assert outcome.schedule.ease_factor_hundredths == before.ease_factor_hundredths
    assert not outcome.lapsed


@pytest.mark.parametrize("quality", [0, 1, 2, 3])
def test_a_card_graded_below_four_stays_in_todays_queue_until_a_four(quality: int) -> None:
    first = review(NEW, quality, TODAY).schedule
    assert first.is_queued_again(TODAY)
    still = review(first, 3, TODAY).schedule
    assert still.is_queued_again(TODAY)
    done = review(still, 4, TODAY).schedule
    assert not done.is_queued_again(TODAY)
    assert done.due_on == first.due_on


def test_todays_queue_ends_with_the_day() -> None:
    schedule = review(NEW, 3, TODAY).schedule
    assert not schedule.is_queued_again(TODAY + timedelta(days=1))
    assert schedule.is_due(TODAY + timedelta(days=1))


def test_remembering_a_card_before_it_is_due_leaves_its_schedule() -> None:
    schedule = graded_on_time([4, 4, 4])[-1]
    early = schedule.due_on - timedelta(days=5)  # type: ignore[operator]
    outcome = review(schedule, 5, early)
    assert (outcome.kind, outcome.schedule) == (ReviewKind.EXTRA, schedule)
    unsure = review(schedule, 3, early)
    assert unsure.kind is ReviewKind.EXTRA
    assert unsure.schedule.is_queued_again(early)
    assert unsure.schedule.due_on == schedule.due_on


def test_forgetting_a_card_before_it_is_due_is_a_lapse() -> None:
    schedule = graded_on_time([4, 4, 4])[-1]
    early = schedule.due_on - timedelta(days=5)  # type: ignore[operator]
    outcome = review(schedule, 1, early)
    assert outcome.lapsed
    assert (outcome.schedule.repetitions, outcome.schedule.interval_days, outcome.schedule.lapses) == (0, 1, 1)
    assert outcome.schedule.due_on == early + timedelta(days=1)


def test_passes_are_named_for_what_they_are() -> None:
    first = review(NEW, 1, TODAY)
    second = review(first.schedule, 4, TODAY)
    third = review(second.schedule, 4, TODAY + timedelta(days=1))
    fourth = review(third.schedule, 4, TODAY + timedelta(days=2))
    assert [step.kind for step in (first, second, third, fourth)] == ["learn", "extra", "relearn", "review"]


def test_failing_a_new_card_is_no_lapse_and_failing_it_later_is() -> None:
    first = review(NEW, 0, TODAY)
    assert (first.lapsed, first.schedule.lapses) == (False, 0)
    second = review(first.schedule, 0, TODAY + timedelta(days=1))
    assert (second.lapsed, second.schedule.lapses) == (True, 1)


def test_a_clock_that_steps_back_a_day_does_not_reschedule() -> None:
    schedule = review(NEW, 4, TODAY).schedule
    assert review(schedule, 4, TODAY - timedelta(days=1)) == (ReviewKind.EXTRA, schedule)


def test_a_late_review_counts_from_the_day_it_happens() -> None:
    schedule = graded_on_time([4, 4])[-1]
    late = schedule.due_on + timedelta(days=30)  # type: ignore[operator]
    assert review(schedule, 4, late).schedule.due_on == late + timedelta(days=15)


def test_overdue_is_measured_in_intervals() -> None:
    schedule = graded_on_time([4, 4])[-1]
    due_on = schedule.due_on
    assert due_on is not None
    assert schedule.overdue(due_on + timedelta(days=3)) == 0.5
    assert schedule.overdue(due_on) == schedule.overdue(due_on - timedelta(days=1)) == NEW.overdue(due_on) == 0


def test_ratings_stand_for_qualities() -> None:
    assert [quality_of(rating) for rating in Rating] == [1, 3, 4, 5]
    assert [rating_of(quality) for quality in range(6)] == ["again", "again", "again", "hard", "good", "easy"]


@pytest.mark.parametrize("quality", [-1, 6, 2**63])
def test_a_quality_outside_0_to_5_is_refused(quality: int) -> None:
    with pytest.raises(Invalid) as caught:
        review(NEW, quality, TODAY)
    assert caught.value.faults[0].field == "quality"


@pytest.mark.parametrize(
    "fields",
    [
        {"ease_factor_hundredths": 129},
        {"interval_days": -1},
        {"interval_days": 36_501},
        {"repetitions": -1},
        {"lapses": -1},
        {"due_on": TODAY},
    ],
)
def test_an_impossible_state_cannot_be_built(fields: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        Schedule(**fields)  # type: ignore[arg-type]
