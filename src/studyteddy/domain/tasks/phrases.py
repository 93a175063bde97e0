"""How people write when and how long: the phrases that a task typed in one line may hold.

Every reader looks at the words from one position on and returns how many of them it understood together with
what they mean, or None. Words are given in lower case without punctuation at their ends. Nothing here raises
for odd input: what lies beyond the calendar is simply not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from studyteddy.domain.days import LAST_YEAR
from studyteddy.domain.tasks.recurrence import Frequency, Recurrence

MAX_DAYS_AHEAD = 3_660
MAX_MINUTES = 100_000

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT_WEEKDAYS = {name[:3]: index for index, name in enumerate(_WEEKDAYS)} | {"tues": 1, "thur": 3, "thurs": 3}
_SHORT_MONTHS = {name[:3]: index for index, name in enumerate(_MONTHS, start=1)} | {"sept": 9}
_NUMBER_WORDS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "an": 1}
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_FREQUENCIES = {"day": Frequency.DAILY, "week": Frequency.WEEKLY, "month": Frequency.MONTHLY}
_ADVERBS = {"daily": Frequency.DAILY, "weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY}

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(am|pm)?")
_HOUR = re.compile(r"(1[0-2]|0?[1-9])(am|pm)")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_OF_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_HOURS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)(?:h|hr|hrs|hour|hours)")
_MINUTES = re.compile(r"([0-9]{1,6})(?:m|min|mins|minute|minutes)")
_HOURS_AND_MINUTES = re.compile(r"([0-9]{1,4})h([0-5]?[0-9])m?")
_MINUTE_UNITS = {"m", "min", "mins", "minute", "minutes"}
_HOUR_UNITS = {"h", "hr", "hrs", "hour", "hours"}


@dataclass(frozen=True, slots=True)
class Repetition:
    """A recurrence rule, whose first occurrence is the first day from today on that it allows."""

    rule: Recurrence


@dataclass(frozen=True, slots=True)
class Soon:
    """So many minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Duration:
    """Minutes of work."""

    minutes: int


Meaning = date | time | Soon | Duration | Repetition
Reading = tuple[int, Meaning]


def read_phrase(words: Sequence[str], today: date) -> Reading | None:
    """What the first words mean, the longest phrases first; None when they are just words."""
    return (
        _repetition(words)
        or _offset(words, today)
        or _named_day(words, today)
        or _calendar_date(words, today)
        or _time_of_day(words)
        or _duration(words)
    )


def _word(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""


def _number(word: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,4}", word):
        return int(word) or None
    return _NUMBER_WORDS.get(word)


def _weekday(word: str) -> int | None:
    return _WEEKDAYS.index(word) if word in _WEEKDAYS else _SHORT_WEEKDAYS.get(word)


def _month(word: str) -> int | None:
    return _MONTHS.index(word) + 1 if word in _MONTHS else _SHORT_MONTHS.get(word)


def _repetition(words: Sequence[str]) -> Reading | None:
    first = _word(words, 0)
    if first in _ADVERBS:
        return 1, Repetition(Recurrence(frequency=_ADVERBS[first]))
    if first != "every":
        return None
    second, third = _word(words, 1), _word(words, 2)
    if second in _FREQUENCIES:
        return 2, Repetition(Recurrence(frequency=_FREQUENCIES[second]))
    interval = 2 if second == "other" else _number(second)
    if interval and interval <= 1_000 and third.removesuffix("s") in _FREQUENCIES:
        return 3, Repetition(Recurrence(frequency=_FREQUENCIES[third.removesuffix("s")], interval=interval))
    if second in ("weekday", "workday"):
        return 2, Repetition(Recurrence(frequency=Frequency.WEEKLY, weekdays=(0, 1, 2, 3, 4)))
    return _weekly_on(words)


def _weekly_on(words: Sequence[str]) -> Reading | None:
    days: set[int] = set()
    used = index = 1
    while index < len(words):
        day = _weekday(words[index].removesuffix("s")) if words[index] not in _WEEKDAYS else _weekday(words[index])
        if day is not None:
            days.add(day)
            used = index + 1
        elif words[index] not in ("and", "&"):
            break
        index += 1
    if not days:
        return None
    return used, Repetition(Recurrence(frequency=Frequency.WEEKLY, weekdays=tuple(sorted(days))))


def _offset(words: Sequence[str], today: date) -> Reading | None:
    if _word(words, 0) != "in":
        return None
    number, unit = _number(_word(words, 1)), _word(words, 2)
    if number is None:
        attached = _duration(words[1:2])
        return (2, Soon(attached[1].minutes)) if attached and isinstance(attached[1], Duration) else None
    if unit in _UNITS and number * _UNITS[unit] <= MAX_DAYS_AHEAD:
        return 3, today + timedelta(days=number * _UNITS[unit])
    if unit in _HOUR_UNITS:
        return 3, Soon(number * 60)
    if unit in _MINUTE_UNITS:
        return 3, Soon(number)
    return None


def _named_day(words: Sequence[str], today: date) -> Reading | None:
    first, second = _word(words, 0), _word(words, 1)
    if first in ("today", "tomorrow"):
        return 1, today + timedelta(days=first == "tomorrow")
    next_monday = today + timedelta(days=7 - today.weekday())
    if first == "next":
        day = _weekday(second)
        if second == "week":
            return 2, next_monday
        return None if day is None else (2, next_monday + timedelta(days=day))
    day = _weekday(first)
    # A weekday is the coming one: whoever means today says so.
    return None if day is None else (1, today + timedelta(days=(day - today.weekday() - 1) % 7 + 1))


def _calendar_date(words: Sequence[str], today: date) -> Reading | None:
    first, second = _word(words, 0), _word(words, 1)
    if iso := _ISO_DATE.fullmatch(first):
        found = _date(int(iso[1]), int(iso[2]), int(iso[3]))
        return (1, found) if found else None
    day, month = _DAY_OF_MONTH.fullmatch(first), _month(second)
    if day is None or month is None:
        day, month = _DAY_OF_MONTH.fullmatch(second), _month(first)
    if day is None or month is None:
        return None
    if re.fullmatch(r"[0-9]{4}", _word(words, 2)) and (found := _date(int(words[2]), month, int(day[1]))):
        return 3, found
    coming = (_date(year, month, int(day[1])) for year in range(today.year, today.year + 9))
    found = next((candidate for candidate in coming if candidate and candidate >= today), None)
    return (2, found) if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= LAST_YEAR - 1 else None
    except ValueError:
        return None


def _time_of_day(words: Sequence[str]) -> Reading | None:
    first, second = _word(words, 0), _word(words, 1)
    for used, word in ((2, first + second if second in ("am", "pm") else ""), (1, first)):
        if clock := _CLOCK.fullmatch(word):
            hour, minute, half = int(clock[1]), int(clock[2]), clock[3]
            if half and not 1 <= hour <= 12:
                continue
            return used, time(hour % 12 + 12 * (half == "pm") if half else hour, minute)
        if oclock := _HOUR.fullmatch(word):
            return used, time(int(oclock[1]) % 12 + 12 * (oclock[2] == "pm"))
    return None


def _duration(words: Sequence[str]) -> Reading | None:
    first, second = _word(words, 0), _word(words, 1)
    if both := _HOURS_AND_MINUTES.fullmatch(first):
        return _minutes(1, int(both[1]) * 60 + int(both[2]))
    for used, word in ((2, first + second if second in _HOUR_UNITS | _MINUTE_UNITS else ""), (1, first)):
        if hours := _HOURS.fullmatch(word):
            return _minutes(used, int(float(hours[1]) * 60 + 0.5))
        if minutes := _MINUTES.fullmatch(word):
            return _minutes(used, int(minutes[1]))
    return None


def _minutes(used: int, minutes: int) -> Reading | None:
    return (used, Duration(minutes)) if 1 <= minutes <= MAX_MINUTES else None
