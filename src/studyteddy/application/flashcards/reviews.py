"""Show the cards of the day, grade them, and take a grade back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from studyteddy.application.ports.clock import Clock, NewId
from studyteddy.application.ports.notices import NO_NOTICES, Notices
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User
from studyteddy.domain.errors import Conflict, Invalid, StaleVersion
from studyteddy.domain.flashcards.cards import Card, undo
from studyteddy.domain.flashcards.counts import QueueCounts
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import CardId, DeckId, ReviewId, UserId
from studyteddy.domain.notifications import Notification, NotificationKind
from studyteddy.domain.scheduling import Outcome, Rating, preview, quality_of

MAX_QUEUE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCard:
    """A card to be shown, and what each of the four ratings would do to it."""

    card: Card
    preview: Mapping[Rating, Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The next cards of a study day in order, and how many are left of it in all."""

    day: date
    items: tuple[QueuedCard, ...]
    counts: QueueCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class GetQueue:
    """The next cards of the present study day, of one deck or of all, within the daily limits.

    It takes the student as authentication has just read them: reading them again would cost a round trip a review.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, student: User, deck_id: DeckId | None = None, limit: int = 20) -> Queue:
        if not 1 <= limit <= MAX_QUEUE:
            raise Invalid.field("limit", f"Ask for 1 to {MAX_QUEUE} cards at a time.")
        day = student.study_day(self.clock())
        with self.unit_of_work() as uow:
            start = uow.reviews.queue(student.id, day, deck_id=deck_id, limit=limit)
        items = tuple(QueuedCard(card=card, preview=preview(card.schedule, day)) for card in start.cards)
        return Queue(day=day, items=items, counts=start.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedCard:
    """A card after a review, and the row of the log."""

    card: Card
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """Grade a card, by rating or by SM-2 quality. Of many grades for one version of a card exactly one counts.

    ``card_version`` is the version that was shown: any other is a ``Conflict`` (``stale_card``). A suspended card is a
    ``Conflict`` (``card_suspended``); a buried one is graded like any other. A card that becomes a leech is
    told to its owner.
    """

    unit_of_work: UnitOfWorkFactory
    new_id: NewId
    clock: Clock
    notices: Notices = NO_NOTICES

    def __call__(
        self,
        *,
        student: User,
        card_id: CardId,
        rating: Rating | None = None,
        quality: int | None = None,
        card_version: int | None = None,
        took_ms: int | None = None,
    ) -> ReviewedCard:
        grade = _grade(rating, quality)
        now = self.clock()
        try:
            with self.unit_of_work() as uow:
                known = uow.reviews.context(student.id, card_id)
                if card_version is not None and card_version != known.card.version:
                    raise StaleVersion("The card has another version.")
                card, review = known.card.reviewed(
                    review_id=ReviewId(self.new_id()),
                    quality=grade,
                    now=now,
                    day=student.study_day(now),
                    took_ms=took_ms,
                    scheduler=known.scheduler,
                )
                told = self._told_of_leech(uow, card, review) if review.suspended_card else None
                uow.reviews.commit_review(card, review)
        except StaleVersion:
            raise Conflict(
                "This card was reviewed or changed meanwhile. Load it again and grade what you see then.",
                code="stale_card",
            ) from None
        self.notices.tell(told)
        return ReviewedCard(card=card, review=review)

    def _told_of_leech(self, uow: UnitOfWork, card: Card, review: Review) -> Notification | None:
        lapses = card.schedule.lapses
        return self.notices.write(
            uow,
            NotificationKind.LEECH,
            owner=card.owner,
            subject_id=card.id,
            occasion=str(review.id),
            data={"card_id": str(card.id), "deck_id": str(card.deck_id), "front": card.front, "lapses": lapses},
            now=review.reviewed_at,
        )


def _grade(rating: Rating | None, quality: int | None) -> int:
    if rating is not None and quality is None:
        return quality_of(rating)
    if quality is not None and rating is None:
        return quality
    raise Invalid.field("rating", "Grade by either a rating or a quality, not both.")


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReview:
    """Take back the last review of a card. ``Conflict``: ``already_undone``, ``not_last_review`` or ``stale_card``."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, owner: UserId, review_id: ReviewId) -> Card:
        try:
            with self.unit_of_work() as uow:
                review = uow.reviews.get(owner, review_id)
                card, undone = undo(uow.cards.get(owner, review.card_id), review, self.clock())
                uow.reviews.record_undo(card, undone)
                uow.commit()
        except StaleVersion:
            raise Conflict(
                "This card was reviewed or changed meanwhile. Load it again before you undo.", code="stale_card"
            ) from None
        return card
