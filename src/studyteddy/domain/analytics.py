"""What a student has done and what is coming: figures computed from the logs, never from counters that could
drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from studyteddy.domain.days import FIRST_YEAR, LAST_YEAR, day_bounds, study_day
from studyteddy.domain.errors import Invalid
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.scheduling import RECALLED, ReviewKind
from studyteddy.domain.study_sessions import Span, StudySession
from studyteddy.domain.tasks.task import Task, TaskStatus

MAX_PERIOD_DAYS = 3_660
LONGEST_LOOK_SECONDS = 120
"""A card that is looked at for longer was left alone."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Study days from ``first`` to ``last``, both included, at most ten years."""

    first: date
    last: date

    def __post_init__(self) -> None:
        _require_in_calendar(self.first, "from")
        _require_in_calendar(self.last, "to")
        if not 0 <= (self.last - self.first).days < MAX_PERIOD_DAYS:
            raise Invalid.field("to", "Ask for a period that runs forward, of ten years at most.", code="bad_period")

    @classmethod
    def asked(cls, first: date | None, last: date | None, *, days: int, today: date, ahead: bool = False) -> Period:
        """The period that somebody asked for. Without a last day it ends today, or ``days`` from its first day on
        when it looks ``ahead``; without a first day it is ``days`` long, or starts today when it looks ahead.
        ``Invalid`` when it runs backwards, is too long or leaves the calendar.
        """
        length = timedelta(days=days - 1)
        if ahead:
            first = today if first is None else _require_in_calendar(first, "from")
            return cls(first=first, last=first + length if last is None else last)
        last = today if last is None else _require_in_calendar(last, "to")
        return cls(first=last - length if first is None else first, last=last)

    def bounds(self, zone: ZoneInfo, day_starts_at: int) -> Span:
        """The instants from the start of the first day to the end of the last."""
        start, _ = day_bounds(self.first, zone, day_starts_at)
        _, end = day_bounds(self.last, zone, day_starts_at)
        return Span(start=start, end=end)

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
class TaskFigures:
    """Tasks completed in a stretch of time, how many of them after they were due, and how many are open and overdue
    now.
    """

    completed: int
    completed_late: int
    open: int
    overdue: int


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
    tasks: TaskFigures
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
    day, begins, ends = date.min, None, None
    for span in spans:
        start = span.start
        while start < span.end:
            if begins is None or ends is None or not begins <= start < ends:  # mostly it's the day of the span before
                day = study_day(start, zone, day_starts_at)
                begins, ends = day_bounds(day, zone, day_starts_at)
            end = min(span.end, ends)
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


def reviews_by_day(reviews: Iterable[Review], period: Period) -> dict[date, int]:
    """Passes over cards on each study day of a period, extra ones too; days without any are left out."""
    return Counter(row.study_day for row in reviews if row.undone_at is None and row.study_day in period)


def review_days(reviews: Iterable[Review]) -> set[date]:
    """The study days on which a card was passed over."""
    return {row.study_day for row in reviews if row.undone_at is None}


def session_days(sessions: Iterable[StudySession], zone: ZoneInfo, day_starts_at: int) -> set[date]:
    """The study days on which some work of finished sessions was done."""
    return set(seconds_by_day((span for session in sessions for span in _finished_spans(session)), zone, day_starts_at))


def due_by_day(cards: Iterable[Card], period: Period) -> dict[date, int]:
    """How many cards fall due on each day of a period, those overdue on its first; days without any are left out and
    suspended cards do not count. A card that is buried until after its day falls due when it comes up again.
    """
    days = (_comes_due_on(card) for card in cards if not card.suspended)
    return Counter(max(day, period.first) for day in days if day is not None and day <= period.last)


def _comes_due_on(card: Card) -> date | None:
    due_on, buried_until = card.schedule.due_on, card.buried_until
    return due_on if due_on is None or buried_until is None else max(due_on, buried_until)


def heatmap(
    reviews: Mapping[date, int],
    sessions: Iterable[StudySession],
    period: Period,
    zone: ZoneInfo,
    day_starts_at: int,
) -> list[HeatmapDay]:
    """Every day of the period with its passes over cards and its minutes."""
    minutes = minutes_by_day(sessions, period, zone, day_starts_at)
    return [HeatmapDay(day=day, reviews=reviews.get(day, 0), minutes=minutes.get(day, 0)) for day in period.days]


def forecast(due: Mapping[date, int], period: Period) -> list[ForecastDay]:
    """Every day of the period with the cards that fall due on it, if none were reviewed before."""
    return [ForecastDay(day=day, due=due.get(day, 0)) for day in period.days]


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


def seconds_a_card(reviews: Iterable[Review], period: Period) -> float | None:
    """What a pass over a card took on average, None where no time was taken; a long absence is cut."""
    looks = [
        min(review.took_ms, LONGEST_LOOK_SECONDS * 1_000) / 1_000
        for review in reviews
        if review.took_ms is not None and review.undone_at is None and review.study_day in period
    ]
    return sum(looks) / len(looks) if looks else None


def task_figures(tasks: Iterable[Task], within: Span, now: datetime) -> TaskFigures:
    """What became of tasks: those completed within a span, and those that are open now."""
    tasks = list(tasks)
    done = [task for task in tasks if task.completed_at is not None and within.start <= task.completed_at < within.end]
    still_open = [task for task in tasks if task.status is TaskStatus.OPEN]
    return TaskFigures(
        completed=len(done),
        completed_late=sum(is_late(task) for task in done),
        open=len(still_open),
        overdue=sum(task.due_at is not None and task.due_at < now for task in still_open),
    )


def summary(
    *,
    sessions: Iterable[StudySession],
    reviews: Mapping[date, int],
    active_on: Iterable[date],
    retention: Retention,
    tasks: TaskFigures,
    period: Period,
    today: date,
    zone: ZoneInfo,
    day_starts_at: int,
) -> Summary:
    """The figures of a period; each comes from its own log, so that none can multiply another.

    ``sessions`` are those with some part in the period or that ended as it began. ``active_on`` are the study days of
    all time on which some work was done or a card passed over, for the streak.
    """
    sessions = list(sessions)
    bounds = period.bounds(zone, day_starts_at)
    ends = [session.finished_at for session in sessions if session.finished_at is not None]
    return Summary(
        minutes=sum(minutes_by_day(sessions, period, zone, day_starts_at).values()),
        sessions=sum(bounds.start <= end < bounds.end for end in ends),
        reviews=sum(reviews.values()),
        retention=retention,
        tasks=tasks,
        streak=streak(active_on, today),
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


def _minutes(seconds: float) -> int:
    return int(seconds / 60 + 0.5)


def _require_in_calendar(day: date, field: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"Give a day between the years {FIRST_YEAR} and {LAST_YEAR}."
        raise Invalid.field(field, message, code="out_of_range")
    return day
