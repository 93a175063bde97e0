"""What people are told, and when: reminders at their own local hour, once a study day, and never in quiet hours.

A reminder belongs to a study day and its ``key`` names kind, subject and day, so that no second one can be written,
however often somebody looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from studyteddy.domain.days import day_bounds, instant_of, local_time, study_day
from studyteddy.domain.errors import Invalid
from studyteddy.domain.ids import NotificationId, UserId

_ONE_DAY = timedelta(days=1)
_A_MOMENT = timedelta(minutes=1)
MOST_TASKS = 10
"""How many tasks a reminder names; it counts them all."""
SECONDS_A_CARD = 20.0
"""What a review takes as long as nothing is known about a person."""


class NotificationKind(StrEnum):
    """``plan_at_risk`` is reserved: nothing tells it yet."""

    TASK_DUE = "task_due"
    REVIEWS_DUE = "reviews_due"
    WEEKLY_DIGEST = "weekly_digest"
    DOCUMENT_READY = "document_ready"
    DOCUMENT_FAILED = "document_failed"
    LEECH = "leech"
    PLAN_AT_RISK = "plan_at_risk"


class Language(StrEnum):
    """In which letters are written."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Where a kind of notification is told."""

    in_app: bool
    email: bool


_BY_MAIL = frozenset({NotificationKind.TASK_DUE, NotificationKind.WEEKLY_DIGEST, NotificationKind.PLAN_AT_RISK})
DEFAULT_SWITCHES: Mapping[NotificationKind, Switch] = {
    kind: Switch(in_app=True, email=kind in _BY_MAIL) for kind in NotificationKind
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one full local hour to another, over midnight where the second is not greater."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start <= 23 and 0 <= self.end <= 23) or self.start == self.end:
            raise Invalid.field("quiet_hours", "Quiet hours go from one hour (0 to 23) to another one.")

    def hold(self, hour: int) -> bool:
        """Whether this hour of the day is quiet."""
        return (hour - self.start) % 24 < (self.end - self.start) % 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person wants to be told, and when. ``digest_weekday`` is 0 for Monday to 6 for Sunday."""

    switches: Mapping[NotificationKind, Switch] = field(default_factory=lambda: dict(DEFAULT_SWITCHES))
    reminder_hour: int = 8
    digest_weekday: int = 0
    quiet_hours: QuietHours | None = field(default_factory=lambda: QuietHours(start=22, end=7))
    language: Language = Language.ENGLISH

    def __post_init__(self) -> None:
        if not 0 <= self.reminder_hour <= 23:
            raise Invalid.field("reminder_hour", "Reminders come at a full hour from 0 to 23.")
        if not 0 <= self.digest_weekday <= 6:
            raise Invalid.field("digest_weekday", "Give a weekday from 0 (Monday) to 6 (Sunday).")

    def switch(self, kind: NotificationKind) -> Switch:
        return self.switches.get(kind, DEFAULT_SWITCHES[kind])

    def without_letters(self, kind: NotificationKind) -> Preferences:
        """The same, with no more letters of this kind."""
        return replace(self, switches={**self.switches, kind: replace(self.switch(kind), email=False)})

    @property
    def hour(self) -> int:
        """The local hour at which reminders really come: that of quiet hours' end, where the wished one is quiet."""
        quiet = self.quiet_hours
        return quiet.end if quiet is not None and quiet.hold(self.reminder_hour) else self.reminder_hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something that its owner should know. Of one ``key`` an owner has one. ``data`` is plain JSON, by kind.

    ``in_app`` says whether it is listed; ``letter_key`` is a secret that its letter carries, None without a letter.
    """

    id: NotificationId
    owner: UserId
    kind: NotificationKind
    key: str
    subject_id: UUID
    data: Mapping[str, object] = field(default_factory=dict)
    in_app: bool = True
    letter_key: str | None = None
    letter_sent_at: datetime | None = None
    read_at: datetime | None = None
    created_at: datetime


def key_of(kind: NotificationKind, subject_id: UUID, occasion: date | str) -> str:
    """The name of one notification among those of its owner; ``occasion`` is the study day of a reminder."""
    return f"{kind.value}:{subject_id}:{occasion}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What there is to do for a person now: the study day whose reminders are due, None while there are none, and the
    instant at which to look again."""

    day: date | None
    look_again_at: datetime


def outlook(now: datetime, zone: ZoneInfo, day_starts_at: int, preferences: Preferences) -> Outlook:
    """Whether the reminders of the present study day are due.

    Those of an earlier day are not made up for: nobody needs to hear on Wednesday what was due on Monday. In quiet
    hours nothing is due until they end.
    """
    day = study_day(now, zone, day_starts_at)
    at = reminder_at(day, zone, day_starts_at, preferences.hour)
    if now < at:
        return Outlook(day=None, look_again_at=at)
    if (until := quiet_until(now, zone, preferences.quiet_hours)) is not None:
        return Outlook(day=None, look_again_at=until)
    return Outlook(day=day, look_again_at=reminder_at(day + _ONE_DAY, zone, day_starts_at, preferences.hour))


def reminder_at(day: date, zone: ZoneInfo, day_starts_at: int, hour: int) -> datetime:
    """The instant within a study day at which the local clock strikes this hour: the first time where it does so
    twice, and where a clock change skips it, the time that the clock shows instead."""
    wall_day = day if hour >= day_starts_at else day + _ONE_DAY
    start, end = day_bounds(day, zone, day_starts_at)
    # A skipped hour right before the next day starts would fall into that day.
    return max(start, min(instant_of(datetime.combine(wall_day, time(hour)), zone), end - _A_MOMENT))


def quiet_until(now: datetime, zone: ZoneInfo, quiet: QuietHours | None) -> datetime | None:
    """When the quiet hours that hold this instant end; None when it is in none."""
    if quiet is None:
        return None
    wall = local_time(now, zone)
    if not quiet.hold(wall.hour):
        return None
    end = wall.replace(hour=quiet.end, minute=0, second=0, microsecond=0)
    if end <= wall:
        end += _ONE_DAY
    # Where the end comes twice, the first one may be over although the clock shows a quiet hour again.
    at = instant_of(end, zone)
    return at if at > now else now + timedelta(hours=1)


def minutes_for(cards: int, seconds_a_card: float | None) -> int:
    """About how long so many reviews take, at least a minute where there are any."""
    seconds = SECONDS_A_CARD if seconds_a_card is None else seconds_a_card
    return max(1, round(cards * seconds / 60)) if cards else 0
