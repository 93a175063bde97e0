"""The unit of work in memory: one at a time, and everything is taken back unless it is committed."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from studyteddy.adapters.in_memory.accounts import InMemoryAuthSessions, InMemoryUsers
from studyteddy.adapters.in_memory.chunk_index import InMemoryChunkIndex
from studyteddy.adapters.in_memory.documents import InMemoryDocuments
from studyteddy.adapters.in_memory.flashcards import (
    InMemoryCards,
    InMemoryDecks,
    InMemoryProposals,
    InMemoryReviews,
)
from studyteddy.adapters.in_memory.idempotency import InMemoryIdempotency
from studyteddy.adapters.in_memory.jobs import InMemoryJobs
from studyteddy.adapters.in_memory.queries import InMemoryAnalytics
from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.adapters.in_memory.study_sessions import InMemoryStudySessions
from studyteddy.adapters.in_memory.tasks import InMemoryTasks
from studyteddy.adapters.in_memory.tutor import InMemoryMessages, InMemoryThreads
from studyteddy.domain.ids import JobId


class InMemoryUnitOfWork:
    """The ``UnitOfWork`` port. ``wake`` is called with each added job after the commit."""

    def __init__(self, store: Store, wake: Callable[[JobId], None] = lambda _: None) -> None:
        self._store = store
        self._wake = wake

    def __enter__(self) -> Self:
        self._store.lock.acquire()
        journal = self._journal = Journal(self._store)
        self.users = InMemoryUsers(self._store, journal)
        self.auth_sessions = InMemoryAuthSessions(self._store, journal)
        self.idempotency = InMemoryIdempotency(self._store, journal)
        self.jobs = InMemoryJobs(self._store, journal)
        self.tasks = InMemoryTasks(self._store, journal)
        self.study_sessions = InMemoryStudySessions(self._store, journal)
        self.documents = InMemoryDocuments(self._store, journal)
        self.chunk_index = self.chunk_writer = InMemoryChunkIndex(self._store, journal)
        self.decks = InMemoryDecks(self._store, journal)
        self.cards = InMemoryCards(self._store, journal)
        self.reviews = InMemoryReviews(self._store, journal)
        self.proposals = InMemoryProposals(self._store, journal)
        self.analytics = InMemoryAnalytics(self._store)
        self.threads = InMemoryThreads(self._store, journal)
        self.messages = InMemoryMessages(self._store, journal)
        return self

    def commit(self) -> None:
        self._journal.commit()
        for job_id in self.jobs.added:
            self._wake(job_id)
        self.jobs.added.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.rollback()
        self._store.lock.release()
