"""When a card comes back: SM-2 as a pure function over frozen values.

Algorithm SM-2, (C) Copyright SuperMemo World, 1991. The variant is that of SuperMemo's reference code (P. A.
Wozniak, "Optimization of learning", 1990): the interval is computed with the ease factor from before the
review, and the ease factor changes with every grade. The factor is kept in whole hundredths, since it moves
in steps of 0.02 and binary fractions would turn some roundings.

A review function sees the state of one card, a quality 0..5 and the study day; it knows no clock and no
store. Replaying the qualities and days of a card's log therefore gives its present state exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from studyteddy.domain.errors import Invalid

INITIAL_EASE_FACTOR = 250
LEAST_EASE_FACTOR = 130
MAX_INTERVAL_DAYS = 36_500
RECALLED = 3
"""The least quality that counts as remembered."""
SETTLED = 4
"""The least quality that takes a card out of today's queue."""

# In hundredths: EF + 0.1 - (5 - q) * (0.08 + (5 - q) * 0.02), for q = 0..5.
_EASE_STEPS = tuple(10 - (5 - quality) * (8 + (5 - quality) * 2) for quality in range(6))


class Rating(StrEnum):
    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


class ReviewKind(StrEnum):
    """What a pass over a card was.

    ``learn`` is the first one ever. ``extra`` does not reschedule: the card was already reviewed on that day,
    or was not due yet and was remembered. ``relearn`` is the scheduled review of a card that was forgotten
    the last time, ``review`` any other scheduled one.
    """

    LEARN = "learn"
    REVIEW = "review"
    RELEARN = "relearn"
    EXTRA = "extra"


# Looking a member up costs a twentieth of a whole review on Python 3.11.
_LEARN, _REVIEW, _RELEARN, _EXTRA = ReviewKind


class SchedulerName(StrEnum):
    SM2 = "sm2"


_QUALITIES = {Rating.AGAIN: 1, Rating.HARD: 3, Rating.GOOD: 4, Rating.EASY: 5}
_RATINGS = (Rating.AGAIN, Rating.AGAIN, Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY)


def quality_of(rating: Rating) -> int:
    """The SM-2 quality that a rating stands for."""
    return _QUALITIES[rating]


def rating_of(quality: int) -> Rating:
    """The rating nearest to a quality 0..5; everything forgotten is ``again``."""
    return _RATINGS[require_quality(quality)]


def require_quality(quality: int) -> int:
    """The quality itself when it is 0..5, ``Invalid`` otherwise."""
    if not 0 <= quality <= 5:
        raise Invalid.field("quality", "Grade from 0 (no memory at all) to 5 (at once and surely).")
    return quality


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a scheduler remembers of a card.

    ``due_on`` and ``last_reviewed_on`` (the last review that scheduled) are None for a new card. ``lapses``
    counts the scheduled reviews after the first in which it was forgotten. ``again_on`` is the day in whose
    queue the card still stands because its last grade on that day was below 4.
    """

    repetitions: int = 0
    interval_days: int = 0
    ease_factor_hundredths: int = INITIAL_EASE_FACTOR
    due_on: date | None = None
    lapses: int = 0
    last_reviewed_on: date | None = None
    again_on: date | None = None

    def __post_init__(self) -> None:
        if self.ease_factor_hundredths < LEAST_EASE_FACTOR or not 0 <= self.interval_days <= MAX_INTERVAL_DAYS:
            raise Invalid("A schedule needs an ease factor of at least 1.30 and an interval of 0 to 36,500 days.")
        if self.repetitions < 0 or self.lapses < 0 or (self.due_on is None) != (self.last_reviewed_on is None):
            raise Invalid("A schedule counts from 0 up, and is due exactly when it has been reviewed.")

    @property
    def is_new(self) -> bool:
        return self.last_reviewed_on is None

    @property
    def ease_factor(self) -> float:
        """The ease factor as people know it, for example 2.5."""
        return self.ease_factor_hundredths / 100

    def is_due(self, day: date) -> bool:
        """Whether a scheduled review is due on that day (or has been for longer)."""
        return self.due_on is not None and self.due_on <= day

    def is_queued_again(self, day: date) -> bool:
        """Whether the card waits in that day's queue for a grade of 4 or 5."""
        return self.again_on == day

    def overdue(self, day: date) -> float:
        """How late a due card is, in lengths of its interval; 0 on the day itself or for a card that isn't
        due.
        """
        if self.due_on is None or self.due_on >= day:
            return 0.0
        return (day - self.due_on).days / max(1, self.interval_days)


NEW = Schedule()


class Outcome(NamedTuple):
    """What a grade does: the state after it, and what kind of pass it was.

    A tuple and not a dataclass, for a third of the cost: one is made for every review of a simulation.
    """

    kind: ReviewKind
    schedule: Schedule

    @property
    def lapsed(self) -> bool:
        """Whether something once remembered turned out to be forgotten."""
        return self.kind is not ReviewKind.LEARN and self.schedule.repetitions == 0 and self.rescheduled

    @property
    def rescheduled(self) -> bool:
        return self.kind is not ReviewKind.EXTRA


class Scheduler(Protocol):
    """How a card's state follows from a grade: pure, and total for every state that it made itself."""

    def __call__(self, schedule: Schedule, quality: int, day: date) -> Outcome:
        """The outcome of a quality 0..5 on a study day; ``Invalid`` for any other quality."""


def review(schedule: Schedule, quality: int, day: date) -> Outcome:
    """Apply SM-2. Raises ``Invalid`` when the quality isn't 0..5.

    A second pass on the same study day does not reschedule, and neither does remembering a card before it is
    due: the interval has not been put to the test. Forgetting it early does, since the memory is gone
    whenever that shows.
    """
    require_quality(quality)
    due_on, last = schedule.due_on, schedule.last_reviewed_on
    again_on = None if quality >= SETTLED else day
    repetitions = schedule.repetitions
    if due_on is None or last is None:
        kind = _LEARN
    elif day < due_on and (quality >= RECALLED or day <= last):
        return Outcome(_EXTRA, replace(schedule, again_on=again_on))
    else:
        kind = _REVIEW if repetitions else _RELEARN
    ease_factor = schedule.ease_factor_hundredths
    repetitions = repetitions + 1 if quality >= RECALLED else 0
    if repetitions <= 1:
        interval = 1
    elif repetitions == 2:
        interval = 6
    else:
        interval = min((schedule.interval_days * ease_factor + 50) // 100, MAX_INTERVAL_DAYS)  # rounds half up
    # In the order of the fields, since names would cost a tenth of the whole function.
    after = Schedule(
        repetitions,
        interval,
        max(LEAST_EASE_FACTOR, ease_factor + _EASE_STEPS[quality]),
        date.fromordinal(day.toordinal() + interval),
        schedule.lapses + (quality < RECALLED and kind is not _LEARN),
        day,
        again_on,
    )
    return Outcome(kind, after)


SCHEDULERS: Mapping[SchedulerName, Scheduler] = {SchedulerName.SM2: review}


def preview(schedule: Schedule, day: date, scheduler: Scheduler = review) -> dict[Rating, Outcome]:
    """What each of the four ratings would do; answering applies exactly one of these."""
    return {rating: scheduler(schedule, quality, day) for rating, quality in _QUALITIES.items()}


class LoggedPass(Protocol):
    """What a replay needs of a row of the review log."""

    @property
    def quality(self) -> int: ...
    @property
    def study_day(self) -> date: ...
    @property
    def undone_at(self) -> datetime | None: ...


def replay(log: Iterable[LoggedPass], scheduler: Scheduler = review, start: Schedule = NEW) -> Schedule:
    """The state of a card after all passes of its log, in order, leaving out those that were undone."""
    schedule = start
    for row in log:
        if row.undone_at is None:
            schedule = scheduler(schedule, row.quality, row.study_day).schedule
    return schedule
