"""What a student has done and what is coming: figures computed from the logs, never from counters that could
drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from studyteddy.domain.days import day_bounds, study_day
from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.scheduling import RECALLED, ReviewKind
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.task import Task, TaskStatus

MAX_PERIOD_DAYS = 3_660
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Study days from ``first`` to ``last``, both included, at most ten years."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < MAX_PERIOD_DAYS:
            raise Invalid.field("to", "Ask for a period that runs forward, of ten years at most.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatmapDay:
    """Passes over cards and minutes of study on one day."""

    day: date
    reviews: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDay:
    """Cards that fall due on one day; the first day of a forecast also holds all that are overdue."""

    day: date
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectTime:
    """Minutes of study on a subject; None for sessions without one."""

    subject: str | None
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """True recall: of the scheduled reviews of cards with an interval of a day or more, how many were
    remembered.
    """

    reviews: int
    recalled: int

    @property
    def rate(self) -> float | None:
        """The share that was remembered, 0..1; None without any review."""
        return self.recalled / self.reviews if self.reviews else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Days of work in a row: the present run and the longest one."""

    current: int
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a period at one glance. Open and overdue tasks and the streak are those of now, not of
    the period.
    """

    minutes: int
    sessions: int
    reviews: int
    retention: Retention
    tasks_completed: int
    tasks_completed_late: int
    tasks_open: int
    tasks_overdue: int
    streak: Streak


def streak(days: Iterable[date], today: date) -> Streak:
    """The runs among the days on which some work was done. A day without work breaks a run only once it is
    over.

    Days after ``today`` (a student who moved west) count as work done, and belong to the present run.
    """
    worked = set(days)
    ends = [day for day in worked if day + _ONE_DAY not in worked]
    lengths = {end: _run_until(end, worked) for end in ends}
    present = [length for end, length in lengths.items() if end >= today - _ONE_DAY]
    return Streak(current=max(present, default=0), longest=max(lengths.values(), default=0))


def seconds_by_day(spans: Iterable[Span], zone: ZoneInfo, day_starts_at: int) -> dict[date, float]:
    """Seconds of work on each study day. A stretch that crosses into the next day is split between
    the two.
    """
    seconds: dict[date, float] = {}
    for span in spans:
        start = span.start
        while start < span.end:
            day = study_day(start, zone, day_starts_at)
            end = min(span.end, day_bounds(day, zone, day_starts_at)[1])
            seconds[day] = seconds.get(day, 0.0) + (end - start).total_seconds()
            start = end
    return seconds


def minutes_by_day(
    sessions: Iterable[StudySession], period: Period, zone: ZoneInfo, day_starts_at: int
) -> dict[date, int]:
    """Minutes of finished sessions on each study day of a period, rounded half up once for each day."""
    spans = [span for session in sessions for span in _finished_spans(session)]
    seconds = seconds_by_day(spans, zone, day_starts_at)
    return {day: _minutes(amount) for day, amount in sorted(seconds.items()) if day in period}


def heatmap(
    reviews: Iterable[Review],
    sessions: Iterable[StudySession],
    period: Period,
    zone: ZoneInfo,
    day_starts_at: int,
) -> list[HeatmapDay]:
    """Every day of the period with its passes over cards (extra ones too) and its minutes."""
    passes = Counter(row.study_day for row in reviews if row.undone_at is None)
    minutes = minutes_by_day(sessions, period, zone, day_starts_at)
    return [HeatmapDay(day=day, reviews=passes[day], minutes=minutes.get(day, 0)) for day in period.days]


def forecast(cards: Iterable[Card], period: Period) -> list[ForecastDay]:
    """How many cards fall due on each day of a period, if none were reviewed before. Suspended cards do not
    count.
    """
    due = Counter(
        max(card.schedule.due_on, period.first)
        for card in cards
        if card.schedule.due_on is not None and not card.suspended
    )
    return [ForecastDay(day=day, due=due[day]) for day in period.days]


def time_by_subject(
    sessions: Iterable[StudySession], period: Period, zone: ZoneInfo, day_starts_at: int
) -> list[SubjectTime]:
    """Minutes of the period by subject, most first; the parts of a session outside the period don't count."""
    seconds: dict[str | None, float] = {}
    for session in sessions:
        by_day = seconds_by_day(_finished_spans(session), zone, day_starts_at)
        inside = sum(amount for day, amount in by_day.items() if day in period)
        if inside:
            seconds[session.subject] = seconds.get(session.subject, 0.0) + inside
    times = [SubjectTime(subject=subject, minutes=_minutes(amount)) for subject, amount in seconds.items()]
    return sorted(times, key=lambda entry: (-entry.minutes, entry.subject or ""))


def retention(reviews: Iterable[Review], period: Period) -> Retention:
    """True recall in a period: first passes, extra passes and undone reviews say nothing about memory."""
    counted = [
        row
        for row in reviews
        if row.undone_at is None
        and row.study_day in period
        and row.kind in (ReviewKind.REVIEW, ReviewKind.RELEARN)
        and row.before.interval_days >= 1
    ]
    return Retention(reviews=len(counted), recalled=sum(row.quality >= RECALLED for row in counted))


def summary(
    *,
    tasks: Iterable[Task],
    sessions: Iterable[StudySession],
    reviews: Iterable[Review],
    period: Period,
    now: datetime,
    zone: ZoneInfo,
    day_starts_at: int,
) -> Summary:
    """The figures of a period; each comes from its own log, so that none can multiply another."""
    tasks, sessions = list(tasks), list(sessions)
    standing = [row for row in reviews if row.undone_at is None]
    worked = seconds_by_day((s for x in sessions for s in _finished_spans(x)), zone, day_starts_at)
    done = [
        task
        for task in tasks
        if task.completed_at is not None and study_day(task.completed_at, zone, day_starts_at) in period
    ]
    still_open = [task for task in tasks if task.status is TaskStatus.OPEN]
    return Summary(
        minutes=sum(_minutes(seconds) for day, seconds in worked.items() if day in period),
        sessions=sum(_ended_in(session, period, zone, day_starts_at) for session in sessions),
        reviews=sum(row.study_day in period for row in standing),
        retention=retention(standing, period),
        tasks_completed=len(done),
        tasks_completed_late=sum(is_late(task) for task in done),
        tasks_open=len(still_open),
        tasks_overdue=sum(task.due_at is not None and task.due_at < now for task in still_open),
        streak=streak([*worked, *(row.study_day for row in standing)], study_day(now, zone, day_starts_at)),
    )


def is_late(task: Task) -> bool:
    """Whether a task was completed after it was due."""
    return task.due_at is not None and task.completed_at is not None and task.completed_at > task.due_at


def _run_until(end: date, worked: set[date]) -> int:
    length = 1
    while end - timedelta(days=length) in worked:
        length += 1
    return length


def _finished_spans(session: StudySession) -> tuple[Span, ...]:
    return session.worked_spans(session.finished_at) if session.finished_at is not None else ()


def _ended_in(session: StudySession, period: Period, zone: ZoneInfo, day_starts_at: int) -> bool:
    return session.finished_at is not None and study_day(session.finished_at, zone, day_starts_at) in period


def _minutes(seconds: float) -> int:
    return int(seconds / 60 + 0.5)
