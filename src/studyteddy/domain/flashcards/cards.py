"""Cards: a question, its answer, where it was learnt from, and when it comes back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from studyteddy.domain.documents import Locator
from studyteddy.domain.errors import Conflict, Invalid
from studyteddy.domain.flashcards.reviews import MAX_TOOK_MS, Review
from studyteddy.domain.ids import CardId, ChunkId, DeckId, DocumentId, ReviewId, UserId
from studyteddy.domain.scheduling import NEW, SCHEDULERS, Schedule, SchedulerName
from studyteddy.domain.text_rules import require_storable

MAX_FRONT = 5_000
MAX_BACK = 20_000
MAX_TAGS = 20
MAX_TAG = 50
MAX_SOURCE_TITLE = 255
MAX_SOURCE_TEXT = 10_000
NO_FLAG, MAX_FLAG = 0, 7
"""A flag is a number that pages show as one of seven colours."""
LEECH_LAPSES = 8
"""A card is suspended each time its lapses reach a multiple of this: one that its owner let back in gets
eight more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSource:
    """Where a card comes from: a passage of a document, and what remains readable when that is deleted.

    ``title`` names the document and ``text`` is the passage or quote as it stood when the card was made.
    """

    document_id: DocumentId | None = None
    chunk_id: ChunkId | None = None
    locator: Locator | None = None
    title: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        require_storable("source.title", self.title or "", limit=MAX_SOURCE_TITLE)
        require_storable("source.text", self.text or "", limit=MAX_SOURCE_TEXT)

    def detached(self) -> CardSource:
        """What is left once the document is gone: its title, the place in it, and the text."""
        return replace(self, document_id=None, chunk_id=None)


class CardChanges(TypedDict, total=False):
    """The fields of a card that its owner may change; what is left out stays as it is."""

    front: str
    back: str
    tags: Iterable[str]
    deck_id: DeckId
    suspended: bool
    flag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A flashcard. ``tags`` are in the form of ``normalised_tags``; ``last_review_id`` is its last review
    that stands. ``buried_until`` is the first study day on which a buried card comes up again; a day that has
    passed says nothing more. ``flag`` is 0 for none, or 1 to 7.
    """

    id: CardId
    owner: UserId
    deck_id: DeckId
    front: str
    back: str
    tags: tuple[str, ...] = ()
    suspended: bool = False
    buried_until: date | None = None
    flag: int = NO_FLAG
    source: CardSource | None = None
    schedule: Schedule = NEW
    last_review_id: ReviewId | None = None
    version: int = 1
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        self.check(front=self.front, back=self.back, tags=self.tags)
        require_flag(self.flag)

    @staticmethod
    def check(*, front: str, back: str, tags: Sequence[str]) -> None:
        """``Invalid`` for texts and tags that no card may have."""
        for field, text, limit in (("front", front, MAX_FRONT), ("back", back, MAX_BACK)):
            if not text.strip():
                raise Invalid.field(field, f"Write something on the {field} of the card.")
            require_storable(field, text, limit=limit)
        if len(tags) > MAX_TAGS:
            raise Invalid.field("tags", f"A card has at most {MAX_TAGS} tags.")
        for tag in tags:
            require_storable("tags", tag, limit=MAX_TAG)

    @classmethod
    def create(
        cls,
        *,
        id: CardId,
        owner: UserId,
        deck_id: DeckId,
        front: str,
        back: str,
        now: datetime,
        tags: Iterable[str] = (),
        source: CardSource | None = None,
    ) -> Card:
        """A new card, to be learnt; blanks around its texts are dropped and its tags normalised."""
        return cls(
            id=id,
            owner=owner,
            deck_id=deck_id,
            front=front.strip(),
            back=back.strip(),
            tags=normalised_tags(tags),
            source=source,
            created_at=now,
            updated_at=now,
        )

    def _changed(self, now: datetime, **changes: object) -> Card:
        return replace(self, version=self.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]

    def edited(self, now: datetime, **changes: Unpack[CardChanges]) -> Card:
        """The card with other texts, tags or flag, in another deck, kept out of the queues or let back in; its
        schedule stays, and so does a burial.
        """
        tidy: dict[str, object] = dict(changes)
        for field in ("front", "back"):
            if field in tidy:
                tidy[field] = str(tidy[field]).strip()
        if "tags" in changes:
            tidy["tags"] = normalised_tags(changes["tags"])
        return self._changed(now, **tidy)

    def suspend(self, now: datetime) -> Card:
        """Kept out of every queue until it is let back in."""
        return self if self.suspended else self._changed(now, suspended=True)

    def unsuspend(self, now: datetime) -> Card:
        """Back in the queues, with its schedule as it was."""
        return self._changed(now, suspended=False) if self.suspended else self

    def buried(self, day: date) -> Card:
        """Kept out of the queues of this study day. A part of a change: ``edited`` makes the version of it."""
        return replace(self, buried_until=day + timedelta(days=1))

    def unburied(self) -> Card:
        """Back in the queues at once; a part of a change as well."""
        return replace(self, buried_until=None)

    def is_buried(self, day: date) -> bool:
        """Whether its owner put it off beyond this study day."""
        return self.buried_until is not None and day < self.buried_until

    def comes_up(self, day: date) -> bool:
        """Whether the queue of a study day may hold it at all: it is neither suspended nor buried then."""
        return not self.suspended and not self.is_buried(day)

    def source_deleted(self, now: datetime) -> Card:
        """The card once its document is gone."""
        if self.source is None or self.source.document_id is None:
            return self
        return self._changed(now, source=self.source.detached())

    def reviewed(
        self,
        *,
        review_id: ReviewId,
        quality: int,
        now: datetime,
        day: date,
        took_ms: int | None = None,
        scheduler: SchedulerName = SchedulerName.SM2,
    ) -> tuple[Card, Review]:
        """Answer the card on a study day: the card afterwards and the row for the log, to be saved together.

        Every eighth lapse suspends the card, which ``review.suspended_card`` tells. A time over an hour
        counts as one hour: the student was away. A buried card takes the review, since a device that was
        offline did not know of the burial, and stays buried. Raises ``Conflict`` (``card_suspended``) and
        ``Invalid`` for a bad quality.
        """
        if self.suspended:
            raise Conflict("This card is suspended. Let it back in before you review it.", code="card_suspended")
        outcome = SCHEDULERS[scheduler](self.schedule, quality, day)
        is_leech = outcome.lapsed and outcome.schedule.lapses % LEECH_LAPSES == 0
        review = Review(
            id=review_id,
            owner=self.owner,
            card_id=self.id,
            deck_id=self.deck_id,
            reviewed_at=now,
            study_day=day,
            quality=quality,
            took_ms=None if took_ms is None else min(took_ms, MAX_TOOK_MS),
            kind=outcome.kind,
            scheduler=scheduler,
            before=self.schedule,
            after=outcome.schedule,
            previous=self.last_review_id,
            suspended_card=is_leech,
        )
        card = self._changed(now, schedule=outcome.schedule, last_review_id=review_id, suspended=is_leech)
        return card, review


def undo(card: Card, review: Review, now: datetime) -> tuple[Card, Review]:
    """Take back the last review of a card: the card as it was scheduled before, and the row marked undone.

    Texts and tags that were edited since stay, and so does a burial. Raises ``Conflict``: ``already_undone``, or
    ``not_last_review`` when the card has been reviewed again after it.
    """
    undone = review.undone(now)
    if review.card_id != card.id or card.last_review_id != review.id:
        raise Conflict("Only the last review of a card can be undone.", code="not_last_review")
    restored = card._changed(
        now,
        schedule=review.before,
        last_review_id=review.previous,
        suspended=card.suspended and not review.suspended_card,
    )
    return restored, undone


def require_flag(flag: int) -> None:
    """``Invalid`` unless it is 0 for no flag, or one of the seven."""
    if not NO_FLAG <= flag <= MAX_FLAG:
        raise Invalid.field("flag", f"A flag is a number from 1 to {MAX_FLAG}, or {NO_FLAG} for none.")


def normalised_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are stored: NFKC, lower case, hyphens for blanks, without ``#``, blank ones or
    repetitions, in order.
    """
    words = (unicodedata.normalize("NFKC", tag).strip().lstrip("#").lower().split() for tag in tags)
    return tuple(dict.fromkeys("-".join(parts) for parts in words if parts))
