from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.days import day_bounds, study_day
from studyteddy.domain.errors import Invalid
from studyteddy.domain.notifications import (
    NotificationKind,
    Outlook,
    Preferences,
    QuietHours,
    minutes_for,
    outlook,
    quiet_until,
    reminder_at,
)

BERLIN, NEW_YORK, LORD_HOWE = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]

FIRST = datetime(2009, 1, 1, tzinfo=UTC)


def wall(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        (BERLIN, date(2026, 3, 28), 8, "03-28 08:00"),
        (BERLIN, date(2026, 3, 29), 8, "03-29 08:00"),  # 23 hours long
        (BERLIN, date(2026, 10, 25), 8, "10-25 08:00"),  # 25 hours long
        (BERLIN, date(2026, 3, 28), 2, "03-29 03:00"),  # 02:00 is skipped
        (BERLIN, date(2026, 10, 24), 2, "10-25 02:00"),  # twice
        (NEW_YORK, date(2026, 3, 7), 2, "03-08 03:00"),
        (NEW_YORK, date(2026, 10, 31), 1, "11-01 01:00"),
        (LORD_HOWE, date(2026, 10, 3), 2, "10-04 02:30"),  # half an hour is skipped
        (LORD_HOWE, date(2026, 4, 4), 1, "04-05 01:00"),
    ],
)
def test_a_reminder_comes_when_the_clock_strikes_its_hour(zone: ZoneInfo, day: date, hour: int, expected: str) -> None:
    assert wall(reminder_at(day, zone, 4, hour), zone) == expected


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    assert reminder_at(date(2026, 10, 24), BERLIN, 4, 2) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2009, 1, 1), date(2030, 12, 31)),
    starts=st.integers(0, 23),
    hour=st.integers(0, 23),
)
def test_a_days_reminder_lies_within_the_day(zone: ZoneInfo, day: date, starts: int, hour: int) -> None:
    start, end = day_bounds(day, zone, starts)
    if start < end:
        assert study_day(reminder_at(day, zone, starts, hour), zone, starts) == day


@given(
    zone=st.sampled_from(ZONES),
    now=st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    starts=st.integers(0, 23),
    hour=st.integers(0, 23),
    quiet=st.none() | st.tuples(st.integers(0, 23), st.integers(1, 22)),
)
def test_looking_again_always_leads_on_and_comes_to_each_day(
    zone: ZoneInfo, now: datetime, starts: int, hour: int, quiet: tuple[int, int] | None
) -> None:
    hours = None if quiet is None else QuietHours(start=quiet[0], end=(quiet[0] + quiet[1]) % 24)
    wishes = Preferences(reminder_hour=hour, quiet_hours=hours)
    seen: list[date] = []
    looks, until = 0, now + timedelta(days=4)
    while now < until:
        found = outlook(now, zone, starts, wishes)
        assert found.look_again_at > now
        if found.day is not None:
            assert quiet_until(now, zone, hours) is None
            seen.append(found.day)
        now, looks = found.look_again_at, looks + 1
    assert seen == sorted(set(seen))
    assert len(seen) >= 2
    assert looks <= 20


def test_nothing_is_due_before_the_hour_and_once_after_it() -> None:
    wishes = Preferences(reminder_hour=8)
    before, after = (datetime(2026, 3, 28, hour, 0, tzinfo=UTC) for hour in (6, 15))
    assert outlook(before, BERLIN, 4, wishes) == Outlook(day=None, look_again_at=datetime(2026, 3, 28, 7, tzinfo=UTC))
    late = outlook(after, BERLIN, 4, wishes)
    assert (late.day, wall(late.look_again_at, BERLIN)) == (date(2026, 3, 28), "03-29 08:00")


def test_what_was_missed_for_days_is_not_made_up_for() -> None:
    assert outlook(datetime(2026, 3, 31, 12, 0, tzinfo=UTC), BERLIN, 4, Preferences()).day == date(2026, 3, 31)


def test_quiet_hours_postpone() -> None:
    wishes = Preferences(reminder_hour=23, quiet_hours=QuietHours(start=22, end=7))
    assert wishes.hour == 7
    late = outlook(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), BERLIN, 4, Preferences())
    assert (late.day, wall(late.look_again_at, BERLIN)) == (None, "03-29 07:00")


@pytest.mark.parametrize(("hour", "quiet"), [(21, False), (22, True), (0, True), (6, True), (7, False)])
def test_quiet_hours_go_over_midnight(hour: int, quiet: bool) -> None:
    assert QuietHours(start=22, end=7).hold(hour) is quiet


@pytest.mark.parametrize(("start", "end"), [(7, 7), (-1, 5), (5, 24)])
def test_quiet_hours_that_are_none_are_refused(start: int, end: int) -> None:
    with pytest.raises(Invalid):
        QuietHours(start=start, end=end)


@pytest.mark.parametrize("wrong", [{"reminder_hour": 24}, {"digest_weekday": 7}])
def test_wishes_that_no_clock_knows_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        Preferences(**wrong)  # type: ignore[arg-type]


def test_letters_of_one_kind_can_be_stopped_alone() -> None:
    wishes = Preferences().without_letters(NotificationKind.TASK_DUE)
    assert (wishes.switch(NotificationKind.TASK_DUE).email, wishes.switch(NotificationKind.TASK_DUE).in_app) == (
        False, True,
    )  # fmt: skip
    assert wishes.switch(NotificationKind.WEEKLY_DIGEST).email


@pytest.mark.parametrize(("cards", "pace", "minutes"), [(0, None, 0), (1, None, 1), (42, None, 14), (42, 36.0, 25)])
def test_minutes_follow_from_a_persons_own_pace(cards: int, pace: float | None, minutes: int) -> None:
    assert minutes_for(cards, pace) == minutes
