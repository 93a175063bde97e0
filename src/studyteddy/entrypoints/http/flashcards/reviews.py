"""The queue of the day and reviews over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field, model_validator

from studyteddy.application.flashcards import reviews as use_cases
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.scheduling import Outcome, Rating, ReviewKind, SchedulerName
from studyteddy.entrypoints.http.auth import caller, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.flashcards.cards import CardOut, answer_card, present
from studyteddy.entrypoints.http.flashcards.decks import CountsOut
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import OMITTED, Answer, Body, IdPath, Instant, Query

_DAY_MS = 86_400_000


class QueueQuery(Query):
    """Which part of the queue."""

    deck_id: UUID = OMITTED
    limit: int = Field(20, ge=1, le=use_cases.MAX_QUEUE)


class Grade(Body):
    """How well a card was remembered: either a rating or an SM-2 quality. ``card_version`` is the version that was
    shown; ``took_ms`` counts as one hour when it is longer."""

    rating: Rating = OMITTED
    quality: int = Field(OMITTED, ge=0, le=5)
    card_version: int = Field(OMITTED, ge=1)
    took_ms: int = Field(OMITTED, ge=0, le=_DAY_MS)

    @model_validator(mode="after")
    def _exactly_one(self) -> Grade:
        if ("rating" in self.model_fields_set) == ("quality" in self.model_fields_set):
            raise ValueError("Grade by either a rating or a quality.")
        return self


class OutcomeOut(Answer):
    """What a rating would do."""

    interval_days: int
    due_on: date


class PreviewOut(Answer):
    """What each rating would do."""

    again: OutcomeOut
    hard: OutcomeOut
    good: OutcomeOut
    easy: OutcomeOut


class QueuedCardOut(Answer):
    """A card to be shown."""

    card: CardOut
    preview: PreviewOut


class QueueOut(Answer):
    """The next cards of a study day in order. ``counts`` tells how many are left: new ones, due ones and both."""

    day: date
    items: list[QueuedCardOut]
    counts: CountsOut


class ReviewOut(Answer):
    """A row of the review log."""

    id: UUID
    card_id: UUID
    deck_id: UUID
    reviewed_at: Instant
    study_day: date
    rating: Rating
    quality: int
    took_ms: int | None
    kind: ReviewKind
    scheduler: SchedulerName
    undone_at: Instant | None


class ReviewedOut(Answer):
    """A review, and the card after it."""

    review: ReviewOut
    card: CardOut


def _outcome(outcome: Outcome) -> OutcomeOut:
    schedule = outcome.schedule
    assert schedule.due_on is not None  # noqa: S101 - a reviewed card has a due date
    return OutcomeOut(interval_days=schedule.interval_days, due_on=schedule.due_on)


def _queued(item: use_cases.QueuedCard) -> QueuedCardOut:
    outcomes = {rating.value: _outcome(outcome) for rating, outcome in item.preview.items()}
    return QueuedCardOut(card=present(item.card), preview=PreviewOut(**outcomes))


def _present_review(review: Review) -> ReviewOut:
    return ReviewOut.model_validate(review)


def reviews_blueprint(
    *,
    protect: Protect,
    queue: use_cases.GetQueue,
    review: use_cases.ReviewCard,
    undo: use_cases.UndoReview,
) -> APIBlueprint:
    """The routes of the queue and of reviews."""
    api = blueprint("reviews", tag="flashcards", protect=protect, needs=Capability.STUDY)

    @api.get("/reviews/queue", summary="Get the next cards to review", responses={200: QueueOut})
    def get_queue(query: QueueQuery) -> Any:
        deck_id = DeckId(query.deck_id) if "deck_id" in query.model_fields_set else None
        found = queue(student=caller().user, deck_id=deck_id, limit=query.limit)
        return QueueOut(
            day=found.day,
            items=[_queued(item) for item in found.items],
            counts=CountsOut.model_validate(found.counts),
        ).json_ready()

    @api.post("/cards/<uuid:id>/reviews", summary="Review a card", responses={201: ReviewedOut})
    def review_card(path: IdPath, body: Grade) -> Any:
        done = review(
            student=caller().user,
            card_id=CardId(path.id),
            rating=body.rating,
            quality=body.quality,
            card_version=body.card_version,
            took_ms=body.took_ms,
        )
        return ReviewedOut(review=_present_review(done.review), card=present(done.card)).json_ready(), 201

    @api.post("/reviews/<uuid:id>/undo", summary="Take back the last review of a card", responses={200: CardOut})
    def undo_review(path: IdPath) -> Any:
        return answer_card(undo(owner=owner(), review_id=ReviewId(path.id)))

    return api
