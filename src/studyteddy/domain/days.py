"""Study days: which day an instant belongs to, and when a day begins and ends.

Nothing else turns an instant into a date. A study day begins at ``day_starts_at`` o'clock on the student's
wall clock (4 by default, so that a card reviewed at 02:00 still belongs to yesterday) and lasts until the
next one begins.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from studyteddy.domain.errors import Invalid

FIRST_YEAR = 1900
LAST_YEAR = 8999
_ONE_DAY = timedelta(days=1)


def time_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as ``Europe/Berlin``; ``Invalid`` (``unknown_time_zone``) for anything
    else.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise Invalid.field(
            "time_zone",
            "Give a time zone by its IANA name, for example Europe/Berlin or America/New_York.",
            code="unknown_time_zone",
        ) from fault


def require_aware(instant: datetime, field: str) -> datetime:
    """The same instant in UTC. ``Invalid`` when it has no offset or lies outside the years 1900 to 8999.

    The range keeps every later step (another zone, the next day, a recurrence) inside what a calendar can
    hold.
    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise Invalid.field(
            field, "Give the time with its offset, for example 2026-03-01T09:00:00Z.", code="naive_datetime"
        )
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Invalid.field(field, f"Give a date between the years {FIRST_YEAR} and {LAST_YEAR}.", code="out_of_range")
    return instant.astimezone(UTC)


def require_day_start(hour: int) -> int:
    """The hour at which study days begin, 0..23; ``Invalid`` for any other."""
    if not 0 <= hour <= 23:
        raise Invalid.field("day_starts_at", "A study day starts at an hour from 0 to 23.")
    return hour


def local_time(instant: datetime, time_zone: ZoneInfo) -> datetime:
    """What a clock on the student's wall shows at this instant (a naive datetime, for arithmetic on wall
    time).
    """
    return require_aware(instant, "instant").astimezone(time_zone).replace(tzinfo=None, fold=0)


def instant_of(wall_time: datetime, time_zone: ZoneInfo) -> datetime:
    """The UTC instant at which the student's wall clock shows this (naive) time.

    As RFC 5545, section 3.3.5 has it: a time that occurs twice means the first; a time that a clock change
    skips is read with the offset from before the change, so 02:30 becomes 03:30.
    """
    if not FIRST_YEAR <= wall_time.year <= LAST_YEAR:
        raise Invalid(f"Give a date between the years {FIRST_YEAR} and {LAST_YEAR}.", code="out_of_range")
    return wall_time.replace(tzinfo=time_zone, fold=0).astimezone(UTC)


def study_day(instant: datetime, time_zone: ZoneInfo, day_starts_at: int) -> date:
    """The study day that an instant belongs to: the one day whose ``day_bounds`` hold it."""
    day = local_time(instant, time_zone).date()
    # Clock changes may skip or repeat hours around the start of a day, whole days even (Samoa, 30 December
    # 2011), so the bounds decide and the wall date is only where the search begins.
    while instant < _start(day, time_zone, day_starts_at):
        day -= _ONE_DAY
    while instant >= _start(day + _ONE_DAY, time_zone, day_starts_at):
        day += _ONE_DAY
    return day


def day_bounds(day: date, time_zone: ZoneInfo, day_starts_at: int) -> tuple[datetime, datetime]:
    """The UTC instants at which a study day starts and at which the next one does (which is no longer part of
    it).
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"Give a day between the years {FIRST_YEAR} and {LAST_YEAR}.", code="out_of_range")
    return _start(day, time_zone, day_starts_at), _start(day + _ONE_DAY, time_zone, day_starts_at)


def day_starts(first: date, last: date, time_zone: ZoneInfo, day_starts_at: int) -> list[datetime]:
    """The UTC instants at which the study days from ``first`` to ``last`` start, in order, and the end of the last."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 2))
    return [_start(day, time_zone, day_starts_at) for day in days]


def _start(day: date, time_zone: ZoneInfo, day_starts_at: int) -> datetime:
    wall_time = datetime.combine(day, time(require_day_start(day_starts_at)), tzinfo=time_zone)
    return wall_time.astimezone(UTC)
