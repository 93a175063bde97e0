# ruff: noqa: DTZ001 (naive datetimes are wall times or wrong input here)
from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.days import instant_of
from studyteddy.domain.errors import Invalid
from studyteddy.domain.tasks.recurrence import Frequency, Recurrence, parse

BERLIN = ZoneInfo("Europe/Berlin")
PLAIN = ZoneInfo("UTC")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def berlin(*parts: int) -> datetime:
    return instant_of(datetime(*parts), BERLIN)


weekdays = st.lists(st.integers(0, 6), unique=True, max_size=4).map(lambda days: tuple(sorted(days)))
month_days = st.lists(st.integers(1, 31) | st.integers(-31, -1), unique=True, max_size=3).map(
    lambda days: tuple(sorted(days))
)
rules = st.one_of(
    st.builds(Recurrence, frequency=st.just(Frequency.DAILY), interval=st.integers(1, 40)),
    st.builds(Recurrence, frequency=st.just(Frequency.WEEKLY), interval=st.integers(1, 8), weekdays=weekdays),
    st.builds(Recurrence, frequency=st.just(Frequency.MONTHLY), interval=st.integers(1, 14), month_days=month_days),
)
dues = st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))
delays = st.timedeltas(timedelta(days=-400), timedelta(days=3_000))


@given(rules, dues, delays)
def test_the_next_occurrence_is_the_one_that_dateutil_finds(rule: Recurrence, due: datetime, delay: timedelta) -> None:
    limit = datetime(2120, 1, 1)
    reference = rrulestr(f"{rule};UNTIL=21200101T000000", dtstart=due.replace(tzinfo=None))
    expected = reference.after(max(due, due + delay).replace(tzinfo=None))
    found = rule.next_after(due, due + delay, PLAIN)
    if expected is None:
        assert found is None or found.replace(tzinfo=None) > limit
    else:
        assert found == expected.replace(tzinfo=UTC)


@given(rules, dues, delays, st.integers(1, 30))
def test_a_count_ends_where_dateutil_ends_it(rule: Recurrence, due: datetime, delay: timedelta, count: int) -> None:
    weekday_fits = not rule.weekdays or due.weekday() in rule.weekdays
    if not weekday_fits or rule.month_days:
        return  # dateutil does not count a first occurrence that the rule itself would not make
    counted = parse(f"{rule};COUNT={count}")
    reference = rrulestr(f"{counted}", dtstart=due.replace(tzinfo=None))
    expected = reference.after(max(due, due + delay).replace(tzinfo=None))
    found = counted.next_after(due, due + delay, PLAIN)
    assert found == (expected and expected.replace(tzinfo=UTC))


@given(rules, dues, delays, st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]))
def test_the_next_occurrence_lies_after_the_due_date_and_after_now(
    rule: Recurrence, due: datetime, delay: timedelta, zone: ZoneInfo
) -> None:
    found = rule.next_after(due, due + delay, zone)
    assert found is None or found > max(due, due + delay)


@given(
    rules,
    st.none() | st.integers(1, 1_000),
    st.none() | st.dates(date(1950, 1, 1), date(2200, 1, 1)) | dues,
    st.none() | st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
def test_a_rule_written_out_is_read_back_as_it_was(
    rule: Recurrence, count: int | None, until: date | datetime | None, at: time | None
) -> None:
    ended = Recurrence(
        frequency=rule.frequency, interval=rule.interval, weekdays=rule.weekdays, month_days=rule.month_days,
        count=None if until else count, until=until, at=at,
    )  # fmt: skip
    assert parse(str(ended)) == ended


@given(st.text(max_size=40) | st.from_regex(r"FREQ=(DAILY|WEEKLY);[A-Z]+=[-0-9A-Z,]*", fullmatch=True))
def test_any_text_is_a_rule_or_invalid(text: str) -> None:
    try:
        rule = parse(text)
    except Invalid:
        return
    assert parse(str(rule)) == rule


def test_four_missed_days_are_passed_over() -> None:
    assert parse("FREQ=DAILY").next_after(utc(2026, 5, 1, 9), utc(2026, 5, 5, 8), PLAIN) == utc(2026, 5, 5, 9)


def test_finishing_early_still_moves_to_the_next_occurrence() -> None:
    assert parse("FREQ=DAILY").next_after(utc(2026, 5, 9, 9), utc(2026, 5, 1), PLAIN) == utc(2026, 5, 10, 9)


def test_nine_o_clock_stays_nine_o_clock_through_clock_changes() -> None:
    rule = parse("FREQ=DAILY")
    assert rule.next_after(berlin(2026, 3, 28, 9), berlin(2026, 3, 28, 10), BERLIN) == berlin(2026, 3, 29, 9)
    assert rule.next_after(berlin(2026, 10, 24, 9), berlin(2026, 10, 24, 10), BERLIN) == berlin(2026, 10, 25, 9)


def test_a_time_that_is_skipped_once_comes_back_the_day_after() -> None:
    first = parse("FREQ=DAILY").following(berlin(2026, 3, 28, 2, 30), berlin(2026, 3, 28, 12), BERLIN)
    assert first is not None
    assert first.due_at == utc(2026, 3, 29, 1, 30)  # half past three on the wall
    second = first.recurrence.following(first.due_at, first.due_at, BERLIN)
    assert second is not None
    assert second.due_at == berlin(2026, 3, 30, 2, 30)


def test_the_31st_skips_short_months() -> None:
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=31")
    assert rule.next_after(utc(2026, 3, 31), utc(2026, 3, 31), PLAIN) == utc(2026, 5, 31)


def test_the_last_day_of_the_month_is_28_29_30_or_31() -> None:
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=-1")
    assert rule.next_after(utc(2028, 1, 31), utc(2028, 2, 1), PLAIN) == utc(2028, 2, 29)
    assert rule.next_after(utc(2028, 2, 29), utc(2028, 3, 1), PLAIN) == utc(2028, 3, 31)


def test_every_second_week_counts_from_the_week_of_the_due_date() -> None:
    rule = parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE")
    monday = utc(2026, 5, 4, 9)
    assert rule.next_after(monday, monday, PLAIN) == utc(2026, 5, 6, 9)
    assert rule.next_after(utc(2026, 5, 6, 9), utc(2026, 5, 6, 9), PLAIN) == utc(2026, 5, 18, 9)


def test_a_count_is_used_up_by_missed_occurrences_too() -> None:
    following = parse("FREQ=DAILY;COUNT=5").following(utc(2026, 5, 1, 9), utc(2026, 5, 3, 10), PLAIN)
    assert following is not None
    assert (following.due_at, following.recurrence.count) == (utc(2026, 5, 4, 9), 2)
    assert parse("FREQ=DAILY;COUNT=3").following(utc(2026, 5, 1, 9), utc(2026, 5, 3, 10), PLAIN) is None
    assert parse("FREQ=DAILY;COUNT=1").following(utc(2026, 5, 1, 9), utc(2026, 4, 1), PLAIN) is None


@pytest.mark.parametrize("until", ["20260503", "20260503T090000Z"])
def test_the_last_occurrence_is_the_one_on_the_until_date(until: str) -> None:
    rule = parse(f"FREQ=DAILY;UNTIL={until}")
    assert rule.next_after(utc(2026, 5, 2, 9), utc(2026, 5, 2, 9), PLAIN) == utc(2026, 5, 3, 9)
    assert rule.next_after(utc(2026, 5, 3, 9), utc(2026, 5, 3, 9), PLAIN) is None


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=SU",
        "FREQ=MONTHLY",
        "FREQ=DAILY;COUNT=1000",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9",
    ],
)
def test_an_ancient_date_is_answered_at_once(rule: str) -> None:
    begun = stopwatch.perf_counter()
    for _ in range(20):
        parse(rule).next_after(utc(1900, 1, 31), utc(8999, 11, 1), PLAIN)
    assert stopwatch.perf_counter() - begun < 5  # walking day by day takes minutes


def test_a_day_that_never_comes_ends_the_rule() -> None:
    assert parse("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30").next_after(utc(2026, 2, 1), utc(2026, 2, 1), PLAIN) is None


def test_the_calendar_ends_quietly() -> None:
    end = utc(8999, 12, 31, 9)
    for text in ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY"):
        assert parse(text).next_after(end, end, BERLIN) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "FREQ=YEARLY", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=5;UNTIL=20260101", "FREQ=DAILY;UNTIL=20261301", "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;COUNT=99999999999999999999", "FREQ=WEEKLY;WKST=SU", "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;BYHOUR=24;BYMINUTE=0", "FREQ=DAILY;UNTIL=00010101T000000Z", "FREQ=DAILY;COUNT=٣", "x" * 100_000,
    ],
)  # fmt: skip
def test_a_rule_beyond_the_supported_part_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert caught.value.faults[0].field == "recurrence"


def test_a_rule_as_calendars_write_it_is_read() -> None:
    assert str(parse("rrule:freq=weekly;wkst=MO;byday=we,mo;interval=1;")) == "FREQ=WEEKLY;BYDAY=MO,WE"


@pytest.mark.parametrize(
    "fields",
    [
        {"weekdays": (1, 0)},
        {"weekdays": (7,)},
        {"frequency": Frequency.MONTHLY, "month_days": (1, 1)},
        {"frequency": Frequency.MONTHLY, "month_days": (0,)},
        {"at": time(9, 0, 30)},
        {"until": datetime(2026, 1, 1)},
        {"interval": 1_001},
        {"count": 1_001},
    ],
)
def test_an_impossible_rule_cannot_be_built(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        Recurrence(**{"frequency": Frequency.WEEKLY, **fields})
    assert caught.value.faults[0].field == "recurrence"


def test_an_occurrence_that_is_due_right_now_is_not_the_next_one() -> None:
    assert parse("FREQ=DAILY").next_after(utc(2026, 5, 1, 9), utc(2026, 5, 3, 9), PLAIN) == utc(2026, 5, 4, 9)
