# ruff: noqa: DTZ001 (naive datetimes are wall times or wrong input here)
from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import TaskId, UserId
from studyteddy.domain.tasks.draft import DraftPart, parse_task
from studyteddy.domain.tasks.task import Priority, Task

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 11, tzinfo=UTC)  # a Wednesday, noon in Berlin


def due(text: str, now: datetime = NOW) -> str | None:
    due_at = parse_task(text, now, BERLIN).due_at
    return due_at and due_at.astimezone(BERLIN).strftime("%a %Y-%m-%d %H:%M")


def test_a_line_with_everything_in_it_is_read() -> None:
    draft = parse_task("Read ch 3 tomorrow 45m !high #biology", NOW, BERLIN)
    assert (draft.title, draft.estimated_minutes, draft.priority, draft.subject) == (
        "Read ch 3",
        45,
        Priority.HIGH,
        "biology",
    )
    assert draft.due_at == datetime(2026, 11, 19, 22, 59, tzinfo=UTC)
    assert draft.recurrence is None


@pytest.mark.parametrize(
    ("part", "title"),
    [
        (DraftPart.DUE_AT, "Read ch 3 tomorrow"),
        (DraftPart.ESTIMATED_MINUTES, "Read ch 3 45m"),
        (DraftPart.PRIORITY, "Read ch 3 !high"),
        (DraftPart.SUBJECT, "Read ch 3 #biology"),
    ],
)
def test_a_part_that_is_not_to_be_read_stays_in_the_title(part: DraftPart, title: str) -> None:
    line = "Read ch 3 tomorrow 45m !high #biology"
    draft = parse_task(line, NOW, BERLIN, unread={part})
    whole = parse_task(line, NOW, BERLIN)
    assert draft.title == title
    kept = [one for one in ("due_at", "estimated_minutes", "priority", "subject") if one != part]
    assert [getattr(draft, one) for one in kept] == [getattr(whole, one) for one in kept]
    assert parse_task("Read every day", NOW, BERLIN, unread={DraftPart.RECURRENCE}).recurrence is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Read today", "Wed 2026-11-18 23:59"),
        ("Read tomorrow at 14:00", "Thu 2026-11-19 14:00"),
        ("Read by friday", "Fri 2026-11-20 23:59"),
        ("Read wednesday", "Wed 2026-11-25 23:59"),
        ("Read on mon 2pm", "Mon 2026-11-23 14:00"),
        ("Read next monday", "Mon 2026-11-23 23:59"),
        ("Read next fri", "Fri 2026-11-27 23:59"),
        ("Read next week", "Mon 2026-11-23 23:59"),
        ("Read in 3 days", "Sat 2026-11-21 23:59"),
        ("Read in two weeks", "Wed 2026-12-02 23:59"),
        ("Read in 2 hours", "Wed 2026-11-18 14:00"),
        ("Read in 90m", "Wed 2026-11-18 13:30"),
        ("Read 2026-12-05", "Sat 2026-12-05 23:59"),
        ("Read 5 dec", "Sat 2026-12-05 23:59"),
        ("Read Dec 5th, 2027", "Sun 2027-12-05 23:59"),
        ("Read 5 january", "Tue 2027-01-05 23:59"),
        ("Read 29 feb", "Tue 2028-02-29 23:59"),
        ("Read 12am tomorrow", "Thu 2026-11-19 00:00"),
        ("Read 12:30 pm tomorrow", "Thu 2026-11-19 12:30"),
        ("Read at 13:00", "Wed 2026-11-18 13:00"),
        ("Read at 9am", "Thu 2026-11-19 09:00"),
        ("Read", None),
    ],
)
def test_days_and_times_are_read(text: str, expected: str | None) -> None:
    assert due(text) == expected
    assert parse_task(text, NOW, BERLIN).title == "Read"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("1h", 60), ("1h30m", 90), ("1h30", 90), ("1.5h", 90), ("for 20 minutes", 20), ("2 hours", 120)],
)
def test_durations_are_read(text: str, minutes: int) -> None:
    draft = parse_task(f"Read {text}", NOW, BERLIN)
    assert (draft.title, draft.estimated_minutes) == ("Read", minutes)


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("every day at 18:00", "FREQ=DAILY", "Wed 2026-11-18 18:00"),
        ("every day 8am", "FREQ=DAILY", "Thu 2026-11-19 08:00"),
        ("daily", "FREQ=DAILY", "Wed 2026-11-18 23:59"),
        ("every monday", "FREQ=WEEKLY;BYDAY=MO", "Mon 2026-11-23 23:59"),
        ("every wed", "FREQ=WEEKLY;BYDAY=WE", "Wed 2026-11-18 23:59"),
        ("every mon, wed and fri 9:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "Fri 2026-11-20 09:00"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Wed 2026-11-18 23:59"),
        ("weekly", "FREQ=WEEKLY", "Wed 2026-11-18 23:59"),
        ("every 2 weeks on friday", "FREQ=WEEKLY;INTERVAL=2", "Fri 2026-11-20 23:59"),
        ("every other day", "FREQ=DAILY;INTERVAL=2", "Wed 2026-11-18 23:59"),
        ("monthly on 1 dec", "FREQ=MONTHLY", "Tue 2026-12-01 23:59"),
    ],
)
def test_recurrence_is_read_with_its_first_day(text: str, rule: str, first: str) -> None:
    draft = parse_task(f"Read {text}", NOW, BERLIN)
    assert (draft.title, str(draft.recurrence)) == ("Read", rule)
    assert due(f"Read {text}") == first


@pytest.mark.parametrize(
    "text",
    [
        "Problem #3 of sheet 12", "Draw the sun", "Read in the library", "x 2026-13-45", "x 31 feb", "Ride by at for",
        "Read John in 99999999 days", "Run 0m", "Say !hello", "every", "in 3", "next", "Study 25:00", "Wait 13pm", "#",
        "Buy 1000000m of rope",
    ],
)  # fmt: skip
def test_what_is_not_understood_stays_in_the_title(text: str) -> None:
    draft = parse_task(text, NOW, BERLIN)
    assert (draft.title, draft.due_at, draft.estimated_minutes, draft.recurrence) == (text, None, None, None)


@pytest.mark.parametrize(
    ("text", "subject"),
    [('#"linear algebra"', "linear algebra"), ("#linear-algebra", "linear-algebra"), ("#Physik,", "Physik")],
)
def test_subjects_of_one_or_more_words_are_read(text: str, subject: str) -> None:
    assert parse_task(f"Read {text}", NOW, BERLIN).subject == subject


def test_only_the_first_of_a_kind_counts() -> None:
    draft = parse_task("Move monday lecture to tuesday !low !high", NOW, BERLIN)
    assert draft.title == "Move lecture to tuesday !high"
    assert draft.priority is Priority.LOW


def test_after_midnight_today_still_means_the_study_day_before() -> None:
    night = datetime(2026, 11, 19, 1, tzinfo=UTC)  # two o'clock in Berlin
    assert due("Read today", night) == "Thu 2026-11-19 03:59"
    assert due("Read tomorrow", night) == "Thu 2026-11-19 23:59"
    assert due("Read every day", night) == "Thu 2026-11-19 23:59"


@pytest.mark.parametrize("text", ["", "   ", "tomorrow 45m !high #biology", "\0"])
def test_a_line_without_a_title_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_task(text, NOW, BERLIN)
    assert caught.value.faults[0].field == "text"


def test_a_title_that_is_too_long_is_cut_and_kept_whole_in_the_description() -> None:
    draft = parse_task("word " * 100, NOW, BERLIN)
    assert len(draft.title) <= 255
    assert draft.description == ("word " * 100).strip()


PIECES = st.sampled_from(
    "every in next on by for at the 3 2 45m 1h 14:00 2pm day days week monday mon sun dec 5 31 today tomorrow "
    "2026-02-30 9999-12-31 !high !low #x daily monthly hours and 99999".split()
)
texts = st.text(max_size=60) | st.lists(PIECES | st.text(max_size=5), max_size=12).map(" ".join)


@given(texts, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_any_text_gives_a_task_that_can_be_kept_or_asks_for_a_title(text: str, now: datetime) -> None:
    try:
        draft = parse_task(text, now, BERLIN)
    except Invalid:
        return
    Task.create(
        id=TaskId(UUID(int=1)), owner=UserId(UUID(int=2)), now=now,
        title=draft.title, description=draft.description, subject=draft.subject, due_at=draft.due_at,
        priority=draft.priority, estimated_minutes=draft.estimated_minutes, recurrence=draft.recurrence,
    )  # fmt: skip


def test_a_very_long_line_is_read_at_once() -> None:
    assert len(parse_task("every monday and " * 100_000, NOW, BERLIN).title) <= 255
