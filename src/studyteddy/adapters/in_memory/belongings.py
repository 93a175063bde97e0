"""Everything of one person in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from studyteddy.adapters.in_memory.chunk_index import INDEX
from studyteddy.adapters.in_memory.jobs import InMemoryJobs
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.application.ports.jobs import JobStatus
from studyteddy.domain.flashcards.cards import Card
from studyteddy.domain.flashcards.reviews import Review
from studyteddy.domain.ids import DeckId, UserId
from studyteddy.domain.portability import Kind, Thing

_TABLES = {
    Kind.TASK: "tasks",
    Kind.DOCUMENT: "documents",
    Kind.DECK: "decks",
    Kind.CARD: "cards",
    Kind.PROPOSAL: "card_proposals",
    Kind.STUDY_SESSION: "study_sessions",
    Kind.THREAD: "threads",
    Kind.MESSAGE: "messages",
}


class InMemoryBelongings:
    """The ``Belongings`` port over a store. A unit of work is alone, so everything holds still anyway."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    def hold_still(self) -> None:
        return

    def hold_empty(self, owner: UserId) -> bool:
        return not any(self._keys(table, owner) for table in (*_TABLES.values(), "reviews"))

    def _keys(self, table: str, owner: UserId) -> list[Any]:
        return [key for key, row in self._store.table(table).items() if getattr(row, "owner", None) == owner]

    def _sorted(self, table: str, owner: UserId) -> list[Any]:
        rows = self._store.table(table)
        return sorted((rows[key] for key in self._keys(table, owner)), key=lambda row: cast(UUID, row.id))

    def ids(self, owner: UserId, kind: Kind) -> Iterator[UUID]:
        return (row.id for row in self._sorted(_TABLES[kind], owner))

    def things(self, owner: UserId, kind: Kind) -> Iterator[Thing]:
        return iter(self._sorted(_TABLES[kind], owner))

    def cards(self, owner: UserId, deck_id: DeckId) -> Iterator[Card]:
        return (card for card in self._sorted("cards", owner) if card.deck_id == deck_id)

    def reviews(self, owner: UserId) -> Iterator[Review]:
        there = self._store.table("cards")
        log: list[Review] = [row for row in self._store.table("reviews").values() if row.owner == owner]
        return iter(sorted(log, key=lambda row: (row.card_id not in there, row.card_id)))

    def add_reviews(self, reviews: Sequence[Review]) -> None:
        for review in reviews:
            self._journal.put("reviews", review.id, review)

    def end_access(self, owner: UserId, *, now: datetime) -> None:
        for table in ("one_use_tokens", "outside_identities"):
            self._remove(table, [key for key, row in self._store.table(table).items() if row.user_id == owner])
        self._remove("api_tokens", self._keys("api_tokens", owner))
        jobs = InMemoryJobs(self._store, self._journal)
        for job in list(self._store.table("jobs").values()):
            if job.owner == owner and job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
                jobs.request_cancel(owner, job.id, now=now)

    def erase(self, owner: UserId, *, limit: int) -> int:
        for table in ("reviews", "cards", "messages"):
            if keys := self._keys(table, owner)[:limit]:
                self._remove(table, keys)
                self._remove("answer_deltas", [key for key in self._store.table("answer_deltas") if key[0] in keys])
                return len(keys)
        documents = self._keys("documents", owner)[:1]
        for table in ("documents", INDEX, "sections"):
            self._remove(table, documents)
        return len(documents)

    def erase_account(self, owner: UserId) -> bool:
        if self._keys("documents", owner):
            return False
        answers = set(self._keys("messages", owner))
        self._remove("answer_deltas", [key for key in self._store.table("answer_deltas") if key[0] in answers])
        for table in self._store.names():
            rows = self._store.table(table)
            mine = [key for key, row in rows.items() if key == owner or _belongs(key, row, owner)]
            self._remove(table, mine)
        return True

    def _remove(self, table: str, keys: list[Any]) -> None:
        for key in keys:
            self._journal.remove(table, key)


def _belongs(key: Any, row: Any, owner: UserId) -> bool:
    if isinstance(key, tuple) and key and key[0] == owner:
        return True
    return owner in (getattr(row, "owner", None), getattr(row, "user_id", None))


class InMemoryTombstones:
    """The ``Tombstones`` port over a store."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._rows: dict[str, datetime] = store.table("tombstones")
        self._journal = journal

    def add(self, digest: str, *, at: datetime) -> None:
        if digest not in self._rows:
            self._journal.put("tombstones", digest, at)

    def all(self) -> dict[str, datetime]:
        return dict(self._rows)
