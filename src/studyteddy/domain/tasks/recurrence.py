"""When a task comes back: a small part of RFC 5545's recurrence rules, in the student's wall time.

Understood are ``FREQ=DAILY|WEEKLY|MONTHLY``, ``INTERVAL``, ``BYDAY`` (weekly), ``BYMONTHDAY`` (monthly, -1 is
the last day), ``COUNT``, ``UNTIL`` and a pair of ``BYHOUR`` and ``BYMINUTE``. As in the RFC, a month that
lacks the day is skipped: a task on the 31st comes seven times a year. Weeks begin on Monday. The present due
date is the first occurrence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from studyteddy.domain.days import LAST_YEAR, instant_of, local_time, require_aware
from studyteddy.domain.errors import Invalid

MAX_INTERVAL = 1_000
MAX_COUNT = 1_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MAX_RULE = 500
_KNOWN_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "COUNT", "UNTIL", "WKST"})


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """The next time a task is due (UTC) and the rule that goes on from there (a ``COUNT`` has been used up so
    far).
    """

    due_at: datetime
    recurrence: Recurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A recurrence rule.

    ``weekdays`` are 0 (Monday) to 6; empty means the weekday of the due date. ``month_days`` are 1..31 or
    -1..-31 from the end; empty means the day of the due date. ``count`` is how many occurrences are left, the
    present one included; ``until`` is the last moment (UTC) or the last local date at which one may lie.
    ``at`` is the wall time, None for that of the due date.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    count: int | None = None
    until: datetime | date | None = None
    at: time | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.interval <= MAX_INTERVAL:
            raise _invalid(f"INTERVAL runs from 1 to {MAX_INTERVAL:,}.")
        if self.count is not None and not 1 <= self.count <= MAX_COUNT:
            raise _invalid(f"COUNT runs from 1 to {MAX_COUNT:,}.")
        if self.count is not None and self.until is not None:
            raise _invalid("Give COUNT or UNTIL, not both.")
        if self.weekdays and self.frequency is not Frequency.WEEKLY:
            raise _invalid("BYDAY goes with FREQ=WEEKLY.")
        if self.month_days and self.frequency is not Frequency.MONTHLY:
            raise _invalid("BYMONTHDAY goes with FREQ=MONTHLY.")
        if any(not 0 <= day <= 6 for day in self.weekdays) or list(self.weekdays) != sorted(set(self.weekdays)):
            raise _invalid("Weekdays are numbers from 0 (Monday) to 6, each once and in order.")
        if any(not 1 <= abs(day) <= 31 for day in self.month_days) or list(self.month_days) != sorted(
            set(self.month_days)
        ):
            raise _invalid("BYMONTHDAY holds days from 1 to 31, or -31 to -1 from the end of the month.")
        if self.at is not None and (self.at.second or self.at.microsecond or self.at.tzinfo):
            raise _invalid("The time of day of a recurrence has hours and minutes only.")
        if isinstance(self.until, datetime):
            require_aware(self.until, "recurrence")

    def __str__(self) -> str:
        """The rule in RFC 5545 form; ``parse`` reads it back to an equal value."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(WEEKDAYS[day] for day in self.weekdays))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        if self.at is not None:
            parts.append(f"BYHOUR={self.at.hour};BYMINUTE={self.at.minute}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if isinstance(self.until, datetime):
            parts.append(f"UNTIL={self.until.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        elif self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def next_after(self, due: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The first occurrence that lies after both ``due`` and ``now``, in UTC; None when the rule has
        ended.
        """
        occurrence = self.following(due, now, zone)
        return occurrence.due_at if occurrence else None

    def following(self, due: datetime, now: datetime, zone: ZoneInfo) -> Occurrence | None:
        """Like ``next_after``, with the rule for the time after that occurrence.

        Missed occurrences are passed over in one step however many there are; only a ``COUNT`` (at most
        1,000) makes it look at each, since those that were missed count too.
        """
        start = local_time(due, zone)
        wall_time = self.at or start.time()
        earliest = max(due, now)
        days = self._days_after(start.date(), start.date() if self.count else local_time(earliest, zone).date())
        for used, day in enumerate(islice(days, self.count and self.count - 1), start=1):
            wanted = datetime.combine(day, wall_time)
            instant = instant_of(wanted, zone)
            if self._has_ended(instant, day):
                return None
            if instant > earliest:
                return Occurrence(due_at=instant, recurrence=self._from_there(instant, wanted, used, zone))
        return None

    def _from_there(self, instant: datetime, wanted: datetime, used: int, zone: ZoneInfo) -> Recurrence:
        count = self.count and self.count - used
        if local_time(instant, zone) != wanted:
            # A clock change skips the wanted time on this day only; unless noted, later ones would be off too.
            return replace(self, count=count, at=wanted.time().replace(second=0, microsecond=0))
        return replace(self, count=count)

    def _has_ended(self, instant: datetime, day: date) -> bool:
        if isinstance(self.until, datetime):
            return instant > self.until
        return self.until is not None and day > self.until

    def _days_after(self, start: date, near: date) -> Iterator[date]:
        """The days of the rule after ``start``, in order, leaving out most of those before ``near``; ends
        with the calendar.
        """
        try:
            match self.frequency:
                case Frequency.DAILY:
                    days = self._daily(start, near)
                case Frequency.WEEKLY:
                    days = self._weekly(start, near)
                case Frequency.MONTHLY:
                    days = self._monthly(start, near)
            for day in days:
                if day.year > LAST_YEAR:
                    return
                if day > start:
                    yield day
        except OverflowError:
            return

    def _daily(self, start: date, near: date) -> Iterator[date]:
        step = timedelta(days=self.interval)
        day = start + max(0, (near - start).days // self.interval) * step
        while True:
            yield day
            day += step

    def _weekly(self, start: date, near: date) -> Iterator[date]:
        step = timedelta(weeks=self.interval)
        monday = start - timedelta(days=start.weekday())
        monday += max(0, (near - monday) // step) * step
        weekdays = self.weekdays or (start.weekday(),)
        while True:
            for weekday in weekdays:
                yield monday + timedelta(days=weekday)
            monday += step

    def _monthly(self, start: date, near: date) -> Iterator[date]:
        first = start.year * 12 + start.month - 1
        skipped = max(0, (near.year * 12 + near.month - 1 - first) // self.interval)
        for month in range(first + skipped * self.interval, (LAST_YEAR + 1) * 12, self.interval):
            yield from _days_of_month(month // 12, month % 12 + 1, self.month_days or (start.day,))


def parse(text: str) -> Recurrence:
    """Read a rule such as ``FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE`` (with or without ``RRULE:`` before it).

    Raises ``Invalid`` (field ``recurrence``) for anything that is wrong or that Study Teddy does not
    understand.
    """
    if len(text) > _MAX_RULE:
        raise _invalid(f"Shorten the rule to {_MAX_RULE} characters.")
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _invalid("Write the rule as parts like FREQ=WEEKLY;INTERVAL=2, each part once.")
        if name not in _KNOWN_PARTS:
            raise _invalid(f"{name[:20]} is not supported here. Use FREQ, INTERVAL, BYDAY, BYMONTHDAY, COUNT or UNTIL.")
        parts[name] = value
    if parts.get("FREQ") not in Frequency.__members__:
        raise _invalid("FREQ is DAILY, WEEKLY or MONTHLY.")
    if parts.get("WKST", "MO") != "MO":
        raise _invalid("Weeks begin on Monday here: leave WKST out.")
    return Recurrence(
        frequency=Frequency(parts["FREQ"]),
        interval=_number(parts.get("INTERVAL", "1")),
        weekdays=tuple(sorted({_weekday(day) for day in parts["BYDAY"].split(",")})) if "BYDAY" in parts else (),
        month_days=tuple(sorted({_number(day) for day in parts["BYMONTHDAY"].split(",")}))
        if "BYMONTHDAY" in parts
        else (),
        count=_number(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        at=_time_of_day(parts.get("BYHOUR"), parts.get("BYMINUTE")),
    )


def _days_of_month(year: int, month: int, wanted: tuple[int, ...]) -> list[date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    length = (following - timedelta(days=1)).day
    days = {day if day > 0 else length + 1 + day for day in wanted}
    return [date(year, month, day) for day in sorted(days) if 1 <= day <= length]


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise _invalid("BYDAY lists the days MO, TU, WE, TH, FR, SA and SU, without numbers.")
    return WEEKDAYS.index(text)


def _number(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text):
        raise _invalid("INTERVAL, COUNT, BYMONTHDAY, BYHOUR and BYMINUTE are whole numbers.")
    return int(text)


def _time_of_day(hour: str | None, minute: str | None) -> time | None:
    if hour is None and minute is None:
        return None
    if hour is None or minute is None or not 0 <= _number(hour) <= 23 or not 0 <= _number(minute) <= 59:
        raise _invalid("Give one BYHOUR from 0 to 23 together with one BYMINUTE from 0 to 59.")
    return time(_number(hour), _number(minute))


def _until(text: str) -> datetime | date:
    shape = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z)?", text)
    if shape is None:
        raise _invalid("UNTIL is a date like 20261231 or a UTC time like 20261231T225900Z.")
    numbers = [int(group) for group in shape.groups() if group is not None]
    try:
        if len(numbers) == 3:
            return date(*numbers)
        year, month, day, hour, minute, second = numbers
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as fault:
        raise _invalid("UNTIL is not a date of the calendar.") from fault
    return require_aware(moment, "recurrence")


def _invalid(message: str) -> Invalid:
    return Invalid.field("recurrence", message, code="bad_recurrence")
