# ruff: noqa: DTZ001 (naive datetimes are wall times or wrong input here)
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.days import day_bounds, instant_of, local_time, require_aware, study_day, time_zone
from studyteddy.domain.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
# Zones whose clocks did something odd: half-hour steps, changes at midnight, days left out or moved by a whole day.
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
    "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Kwajalein", "America/Havana", "Africa/Casablanca",
]  # fmt: skip

zones = st.sampled_from(ZONES).map(ZoneInfo)
hours = st.integers(0, 23)
instants = st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(instants, zones, hours)
def test_an_instant_lies_within_the_bounds_of_its_study_day_and_of_no_other(
    instant: datetime, zone: ZoneInfo, hour: int
) -> None:
    day = study_day(instant, zone, hour)
    for offset in range(-2, 3):
        start, end = day_bounds(day + timedelta(days=offset), zone, hour)
        assert (start <= instant < end) == (offset == 0)


@given(instants, zones, hours, st.integers(0, 3 * 86_400))
def test_study_days_never_run_backwards(instant: datetime, zone: ZoneInfo, hour: int, seconds: int) -> None:
    assert study_day(instant, zone, hour) <= study_day(instant + timedelta(seconds=seconds), zone, hour)


@given(st.dates(date(1901, 1, 1), date(2100, 1, 1)), zones, hours)
def test_each_day_ends_where_the_next_begins(day: date, zone: ZoneInfo, hour: int) -> None:
    start, end = day_bounds(day, zone, hour)
    assert start <= end
    assert end == day_bounds(day + timedelta(days=1), zone, hour)[0]
    if start < end:
        assert study_day(start, zone, hour) == day
        assert study_day(end - timedelta(microseconds=1), zone, hour) == day


def test_two_in_the_morning_still_belongs_to_yesterday() -> None:
    assert study_day(datetime(2026, 5, 2, 0, 0, tzinfo=UTC), BERLIN, 4) == date(2026, 5, 1)  # 02:00 in Berlin
    assert study_day(datetime(2026, 5, 2, 2, 0, tzinfo=UTC), BERLIN, 4) == date(2026, 5, 2)  # 04:00


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)])
def test_a_study_day_over_a_clock_change_has_23_or_25_hours(day: date, length: int) -> None:
    start, end = day_bounds(day, BERLIN, 4)
    assert end - start == timedelta(hours=length)


def test_a_leap_day_is_a_day() -> None:
    assert study_day(datetime(2028, 2, 29, 12, tzinfo=UTC), BERLIN, 4) == date(2028, 2, 29)


def test_a_day_that_a_country_left_out_is_empty() -> None:
    start, end = day_bounds(date(2011, 12, 30), ZoneInfo("Pacific/Apia"), 4)
    assert start == end


def test_a_skipped_wall_time_is_read_with_the_offset_before_the_change() -> None:
    assert instant_of(datetime(2026, 3, 29, 2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_repeated_wall_time_means_the_first() -> None:
    assert instant_of(datetime(2026, 10, 25, 2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_wall_time_and_instant_are_inverse() -> None:
    instant = datetime(2026, 8, 1, 7, 15, tzinfo=UTC)
    assert local_time(instant, BERLIN) == datetime(2026, 8, 1, 9, 15)
    assert instant_of(local_time(instant, BERLIN), BERLIN) == instant


@pytest.mark.parametrize("year", [1, 1899, 9000, 9999])
def test_dates_at_the_ends_of_the_calendar_are_refused_by_name(year: int) -> None:
    instant = datetime(year, 1, 1, tzinfo=UTC)
    for attempt in (
        lambda: require_aware(instant, "due_at"),
        lambda: study_day(instant, BERLIN, 4),
        lambda: day_bounds(instant.date(), BERLIN, 4),
        lambda: instant_of(instant.replace(tzinfo=None), BERLIN),
    ):
        with pytest.raises(Invalid) as caught:
            attempt()
        assert caught.value.code == "out_of_range"


def test_a_time_without_offset_is_refused_and_one_with_is_turned_into_utc() -> None:
    with pytest.raises(Invalid) as caught:
        require_aware(datetime(2026, 1, 1), "due_at")
    assert caught.value.faults[0].field == "due_at"
    kept = require_aware(datetime(2026, 1, 1, 9, tzinfo=BERLIN), "due_at")
    assert (kept.tzinfo, kept.hour) == (UTC, 8)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe", "a\0b", "x" * 5000, "Zürich", "."]
)
def test_an_unknown_time_zone_is_named_as_such(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        time_zone(name)
    assert caught.value.code == "unknown_time_zone"


def test_a_known_time_zone_is_found() -> None:
    assert time_zone("Europe/Berlin") == BERLIN


@pytest.mark.parametrize("hour", [-1, 24, 2**63])
def test_a_study_day_starts_at_an_hour_of_the_day(hour: int) -> None:
    with pytest.raises(Invalid):
        study_day(datetime(2026, 1, 1, tzinfo=UTC), BERLIN, hour)


def test_an_hour_repeated_across_midnight_stays_in_the_day_that_had_begun() -> None:
    newfoundland = ZoneInfo("America/St_Johns")  # on 7 November 2010 the clocks went from 00:01 back to 23:01
    instant = datetime(2010, 11, 7, 3, 0, tzinfo=UTC)
    assert local_time(instant, newfoundland) == datetime(2010, 11, 6, 23, 30)
    assert study_day(instant, newfoundland, 0) == date(2010, 11, 7)
    assert day_bounds(date(2010, 11, 7), newfoundland, 0)[0] == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
