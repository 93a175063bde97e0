"""The review log: one row for every pass over a card, never changed except to mark it undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from studyteddy.domain.days import require_aware
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.flashcards.decks import DoneToday
from studyteddy.domain.ids import CardId, DeckId, ReviewId, UserId
from studyteddy.domain.scheduling import (
    Rating,
    ReviewKind,
    Schedule,
    SchedulerName,
    rating_of,
    require_quality,
)

MAX_TOOK_MS = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One pass over a card, with the schedule before and after it.

    ``took_ms`` is the time from showing the card to the grade, at most an hour. ``previous`` is the review of
    the same card before this one that has not been undone. ``suspended_card`` tells that this review made the
    card a leech.
    """

    id: ReviewId
    owner: UserId
    card_id: CardId
    deck_id: DeckId
    reviewed_at: datetime
    study_day: date
    quality: int
    took_ms: int | None
    kind: ReviewKind
    scheduler: SchedulerName
    before: Schedule
    after: Schedule
    previous: ReviewId | None
    suspended_card: bool = False
    undone_at: datetime | None = None

    def __post_init__(self) -> None:
        require_quality(self.quality)
        require_aware(self.reviewed_at, "reviewed_at")
        if self.took_ms is not None and not 0 <= self.took_ms <= MAX_TOOK_MS:
            raise Invalid.field("took_ms", f"The time taken runs from 0 to {MAX_TOOK_MS:,} milliseconds.")

    @property
    def rating(self) -> Rating:
        return rating_of(self.quality)

    def undone(self, now: datetime) -> Review:
        """Marked as undone; ``Conflict`` (``already_undone``) the second time."""
        if self.undone_at is not None:
            raise Conflict("This review has been undone already.", code="already_undone")
        return replace(self, undone_at=now)


def done_on(day: date, reviews: Iterable[Review]) -> DoneToday:
    """How much of the daily limits the reviews of a deck have used up on a study day; extra passes
    use none.
    """
    kinds = [row.kind for row in reviews if row.study_day == day and row.undone_at is None]
    return DoneToday(
        new=kinds.count(ReviewKind.LEARN),
        reviews=kinds.count(ReviewKind.REVIEW) + kinds.count(ReviewKind.RELEARN),
    )
