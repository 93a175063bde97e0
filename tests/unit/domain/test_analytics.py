from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.analytics import (
    ForecastDay,
    HeatmapDay,
    Period,
    Retention,
    Streak,
    SubjectTime,
    TaskFigures,
    due_by_day,
    forecast,
    heatmap,
    minutes_by_day,
    retention,
    review_days,
    reviews_by_day,
    seconds_by_day,
    session_days,
    streak,
    summary,
    task_figures,
    time_by_subject,
)
from studyteddy.domain.days import instant_of
from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId, StudySessionId, TaskId, UserId
from studyteddy.domain.scheduling import Schedule
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.task import Task

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 5, 8)
NOW = datetime(2026, 5, 8, 10, tzinfo=UTC)
WEEK = Period(first=date(2026, 5, 2), last=TODAY)
OWNER = UserId(UUID(int=1))


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    return instant_of(datetime(day.year, day.month, day.day, hour, minute), BERLIN)  # noqa: DTZ001


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_session(start: datetime, minutes: float, subject: str | None = None) -> StudySession:
    session = StudySession.start(
        id=StudySessionId(UUID(int=1)), owner=OWNER, now=start, subject=subject, planned_minutes=600
    )
    return session.finish(start + timedelta(minutes=minutes))


def a_card(number: int = 1, **fields: Any) -> Card:
    made = {"id": CardId(UUID(int=number)), "owner": OWNER, "deck_id": DeckId(UUID(int=2)), "front": "Q", "back": "A"}
    return Card(**{**made, "created_at": NOW, "updated_at": NOW, **fields})


def reviews_of(*passes: tuple[date, int]) -> list[Review]:
    """The log of one card, answered with these qualities on these days."""
    card, log = a_card(), []
    for number, (day, quality) in enumerate(passes, start=1):
        card, row = card.reviewed(review_id=ReviewId(UUID(int=number)), quality=quality, now=berlin(day, 9), day=day)
        log.append(row)
    return log


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ([], Streak(current=0, longest=0)),
        ([0], Streak(current=1, longest=1)),
        ([1, 2, 3], Streak(current=3, longest=3)),
        ([0, 1, 1, 2], Streak(current=3, longest=3)),
        ([2, 3, 4], Streak(current=0, longest=3)),
        ([0, 5, 6, 7, 8], Streak(current=1, longest=4)),
    ],
)
def test_a_streak_lasts_until_a_whole_day_was_missed(days_ago: list[int], expected: Streak) -> None:
    assert streak([ago(days) for days in days_ago], TODAY) == expected


@given(st.sets(st.integers(0, 40)))
def test_a_streak_agrees_with_counting_day_by_day(offsets: set[int]) -> None:
    runs = [next(n for n in range(99) if start + n not in offsets) for start in range(41)]
    current = runs[0] or runs[1]
    assert streak([ago(days) for days in offsets], TODAY) == Streak(current=current, longest=max(runs))


def test_a_session_over_the_start_of_a_day_is_split_between_both() -> None:
    night = a_session(berlin(TODAY, 3, 30), 90)
    assert minutes_by_day([night], WEEK, BERLIN, 4) == {ago(1): 30, TODAY: 60}


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 5_000),
    st.integers(0, 23),
)
def test_splitting_loses_no_second(start: datetime, minutes: int, hour: int) -> None:
    span = Span(start=start, end=start + timedelta(minutes=minutes))
    assert sum(seconds_by_day([span], BERLIN, hour).values()) == pytest.approx(minutes * 60)


def test_a_running_session_and_a_pause_give_no_minutes() -> None:
    start = berlin(TODAY, 9)
    running = StudySession.start(id=StudySessionId(UUID(int=1)), owner=OWNER, now=start)
    paused = running.pause(start + timedelta(minutes=5)).finish(start + timedelta(minutes=20))
    assert minutes_by_day([running, paused], WEEK, BERLIN, 4) == {TODAY: 5}


def test_the_heatmap_shows_every_day_of_the_period() -> None:
    log = reviews_of((ago(1), 1), (ago(1), 4), (TODAY, 4))
    log[2] = log[2].undone(NOW)
    period = Period(first=ago(2), last=TODAY)
    days = heatmap(reviews_by_day(log, period), [a_session(berlin(TODAY, 9), 25)], period, BERLIN, 4)
    assert days == [
        HeatmapDay(day=ago(2), reviews=0, minutes=0),
        HeatmapDay(day=ago(1), reviews=2, minutes=0),
        HeatmapDay(day=TODAY, reviews=0, minutes=25),
    ]


def test_the_forecast_puts_what_is_overdue_on_its_first_day() -> None:
    def due_in(number: int, days: int, **fields: Any) -> Card:
        due_on = TODAY + timedelta(days=days)
        schedule = Schedule(interval_days=1, due_on=due_on, last_reviewed_on=due_on - timedelta(days=1))
        return a_card(number, schedule=schedule, **fields)

    cards = [due_in(1, -30), due_in(2, 0), due_in(3, 1), due_in(4, 1, suspended=True), due_in(5, 9), a_card(6)]
    period = Period(first=TODAY, last=TODAY + timedelta(days=2))
    assert [entry.due for entry in forecast(due_by_day(cards, period), period)] == [2, 1, 0]
    assert forecast(due_by_day(cards, period), period)[0] == ForecastDay(day=TODAY, due=2)


def test_the_forecast_puts_a_buried_card_on_the_day_on_which_it_comes_up_again() -> None:
    def due_in(number: int, days: int, buried_for: int) -> Card:
        due_on = TODAY + timedelta(days=days)
        schedule = Schedule(interval_days=1, due_on=due_on, last_reviewed_on=due_on - timedelta(days=1))
        return a_card(number, schedule=schedule, buried_until=TODAY + timedelta(days=buried_for))

    cards = [due_in(1, -30, 1), due_in(2, 0, 0), due_in(3, 2, 1), a_card(4, buried_until=TODAY)]
    assert due_by_day(cards, Period(first=TODAY, last=TODAY)) == {TODAY: 1}
    week = Period(first=TODAY, last=TODAY + timedelta(days=6))
    assert due_by_day(cards, week) == {TODAY: 1, TODAY + timedelta(days=1): 1, TODAY + timedelta(days=2): 1}


def test_time_by_subject_counts_only_what_lies_in_the_period() -> None:
    sessions = [
        a_session(berlin(TODAY, 9), 25, "Biology"),
        a_session(berlin(ago(1), 9), 50, "History"),
        a_session(berlin(WEEK.first, 3, 40), 40, "Biology"),
        a_session(berlin(ago(60), 9), 500, "Latin"),
        a_session(berlin(TODAY, 9), 5),
    ]
    assert time_by_subject(sessions, WEEK, BERLIN, 4) == [
        SubjectTime(subject="History", minutes=50),
        SubjectTime(subject="Biology", minutes=45),
        SubjectTime(subject=None, minutes=5),
    ]


def test_retention_counts_scheduled_reviews_and_neither_first_nor_extra_nor_undone_ones() -> None:
    log = reviews_of((ago(5), 1), (ago(5), 4), (ago(4), 4), (ago(3), 1), (ago(3), 5), (ago(2), 3), (ago(1), 0))
    log[-1] = log[-1].undone(NOW)
    assert retention(log, WEEK) == Retention(reviews=3, recalled=2)
    assert retention(log, WEEK).rate == pytest.approx(2 / 3)


def test_retention_leaves_out_a_card_that_was_to_come_back_within_the_day() -> None:
    row = reviews_of((ago(2), 4), (ago(1), 4))[1]
    within_a_day = replace(row, before=Schedule(due_on=ago(1), last_reviewed_on=ago(2)))
    assert retention([row, within_a_day], WEEK).reviews == 1


def test_without_reviews_there_is_no_rate_of_retention() -> None:
    assert retention([], WEEK).rate is None


def test_the_summary_takes_each_figure_from_its_own_log() -> None:
    def a_task(number: int, due_at: datetime | None) -> Task:
        return Task.create(id=TaskId(UUID(int=number)), owner=OWNER, now=NOW, title="Read", due_at=due_at)

    tasks = [
        a_task(1, berlin(ago(1), 9)).completed(berlin(TODAY, 9)),
        a_task(2, None).completed(berlin(ago(2), 9)),
        a_task(3, None).completed(berlin(ago(40), 9)),
        a_task(4, berlin(ago(1), 9)),
        a_task(5, berlin(TODAY, 23)),
    ]
    sessions = [a_session(berlin(ago(1), 9), 25), a_session(berlin(ago(1), 12), 25), a_session(berlin(ago(40), 9), 99)]
    log = reviews_of((ago(3), 4), (ago(2), 4), (TODAY, 4))
    active_on = review_days(log) | session_days(sessions, BERLIN, 4)
    found = summary(
        sessions=sessions, reviews=reviews_by_day(log, WEEK), active_on=active_on,
        retention=retention(log, WEEK), tasks=task_figures(tasks, WEEK.bounds(BERLIN, 4), NOW),
        period=WEEK, today=TODAY, zone=BERLIN, day_starts_at=4,
    )  # fmt: skip
    assert (found.minutes, found.sessions, found.reviews) == (50, 2, 3)
    assert found.tasks == TaskFigures(completed=2, completed_late=1, open=2, overdue=1)
    assert found.streak == Streak(current=4, longest=4)
    assert found.retention == Retention(reviews=1, recalled=1)


def test_a_task_counts_for_the_study_day_on_which_it_was_completed() -> None:
    def done(number: int, at: datetime) -> Task:
        return Task.create(id=TaskId(UUID(int=number)), owner=OWNER, now=NOW, title="Read").completed(at)

    today = Period(first=TODAY, last=TODAY)
    tasks = [
        done(1, berlin(TODAY, 3, 59)),
        done(2, berlin(TODAY, 4)),
        done(3, berlin(TODAY + timedelta(days=1), 3, 59)),
    ]
    assert task_figures(tasks, today.bounds(BERLIN, 4), NOW).completed == 2


@pytest.mark.parametrize(
    ("first", "last", "ahead", "expected"),
    [
        (None, None, False, (ago(6), TODAY)),
        (ago(2), None, False, (ago(2), TODAY)),
        (None, ago(10), False, (ago(16), ago(10))),
        (ago(9), ago(9), False, (ago(9), ago(9))),
        (None, None, True, (TODAY, TODAY + timedelta(days=6))),
        (ago(2), None, True, (ago(2), TODAY + timedelta(days=4))),
        (None, TODAY, True, (TODAY, TODAY)),
    ],
)
def test_a_missing_end_of_a_period_is_filled_in(
    first: date | None, last: date | None, ahead: bool, expected: tuple[date, date]
) -> None:
    period = Period.asked(first, last, days=7, today=TODAY, ahead=ahead)
    assert (period.first, period.last) == expected


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("day", [date.min, date.max, date(1899, 12, 31), date(9000, 1, 1)])
def test_a_period_stays_inside_the_calendar(day: date, ahead: bool) -> None:
    for first, last in ((day, None), (None, day), (day, day)):
        with pytest.raises(Invalid):
            Period.asked(first, last, days=7, today=TODAY, ahead=ahead)


@pytest.mark.parametrize("days", [-1, 3_660])
def test_a_period_runs_forward_for_ten_years_at_most(days: int) -> None:
    with pytest.raises(Invalid):
        Period(first=TODAY, last=TODAY + timedelta(days=days))
