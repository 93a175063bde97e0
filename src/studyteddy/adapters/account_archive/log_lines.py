"""The lines of the review log. There may be a million of them, so they are made and read by the shortest way."""

from __future__ import annotations

import json
from datetime import UTC, date
from functools import lru_cache
from typing import Any
from uuid import UUID

from studyteddy.adapters.account_archive.record_fields import Instant, Number, Record, Small, Whole, in_utc
from studyteddy.adapters.account_archive.records import ScheduleRecord, schedule_from
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId
from studyteddy.domain.portability import NOBODY
from studyteddy.domain.scheduling import ReviewKind, Schedule, SchedulerName

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ReviewRecord(Record):
    """A pass over a card, the ``number``-th over it. The card and the deck may be gone."""

    card: Number
    number: Number
    deck: Number
    reviewed_at: Instant
    study_day: date
    quality: Small
    took_ms: Whole | None
    kind: ReviewKind
    scheduler: SchedulerName
    before: ScheduleRecord
    after: ScheduleRecord
    previous: Number | None
    suspended_card: bool
    undone_at: Instant | None


def line_of(review: Review) -> str:
    """What ``ReviewRecord`` reads, its fields in the same order."""
    return _json(
        {
            "card": review.card_id.int,
            "number": review.id.int,
            "deck": review.deck_id.int,
            "reviewed_at": in_utc(review.reviewed_at),
            "study_day": review.study_day.isoformat(),
            "quality": review.quality,
            "took_ms": review.took_ms,
            "kind": review.kind.value,
            "scheduler": review.scheduler.value,
            "before": _of_schedule(review.before),
            "after": _of_schedule(review.after),
            "previous": None if review.previous is None else review.previous.int,
            "suspended_card": review.suspended_card,
            "undone_at": None if review.undone_at is None else in_utc(review.undone_at),
        }
    )


def review_from(record: ReviewRecord) -> Review:
    return Review(
        id=ReviewId(_id(record.number)),
        owner=NOBODY,
        card_id=CardId(_id(record.card)),
        deck_id=DeckId(_id(record.deck)),
        reviewed_at=record.reviewed_at.astimezone(UTC),
        study_day=record.study_day,
        quality=record.quality,
        took_ms=record.took_ms,
        kind=record.kind,
        scheduler=record.scheduler,
        before=schedule_from(record.before),
        after=schedule_from(record.after),
        previous=None if record.previous is None else ReviewId(_id(record.previous)),
        suspended_card=record.suspended_card,
        undone_at=record.undone_at and record.undone_at.astimezone(UTC),
    )


def _of_schedule(schedule: Schedule) -> dict[str, Any]:
    due_on, last, again_on = schedule.due_on, schedule.last_reviewed_on, schedule.again_on
    return {
        "repetitions": schedule.repetitions,
        "interval_days": schedule.interval_days,
        "ease_factor_hundredths": schedule.ease_factor_hundredths,
        "due_on": due_on and due_on.isoformat(),
        "lapses": schedule.lapses,
        "last_reviewed_on": last and last.isoformat(),
        "again_on": again_on and again_on.isoformat(),
    }


@lru_cache(maxsize=1_024)
def _id(number: int) -> UUID:
    """The passes over a card stand together and are counted from 1, so few numbers come again and again."""
    return UUID(int=number)
