"""The unit of work in memory: one at a time, and everything is taken back unless it is committed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from studyteddy.adapters.in_memory.store import Journal, Store
from studyteddy.domain.security_events import NOBODY, Client, SecurityEvent

if TYPE_CHECKING:
    from studyteddy.adapters.in_memory.accounts import InMemoryAuthSessions, InMemoryUsers
    from studyteddy.adapters.in_memory.api_tokens import InMemoryApiTokens
    from studyteddy.adapters.in_memory.belongings import InMemoryBelongings, InMemoryTombstones
    from studyteddy.adapters.in_memory.chunk_index import InMemoryChunkIndex
    from studyteddy.adapters.in_memory.documents import InMemoryDocuments
    from studyteddy.adapters.in_memory.flashcards import (
        InMemoryCards,
        InMemoryDecks,
        InMemoryProposals,
        InMemoryReviews,
    )
    from studyteddy.adapters.in_memory.idempotency import InMemoryIdempotency
    from studyteddy.adapters.in_memory.identity import InMemoryOneUseTokens, InMemoryOutsideIdentities
    from studyteddy.adapters.in_memory.jobs import InMemoryJobs
    from studyteddy.adapters.in_memory.notifications import (
        InMemoryCalendarFeeds,
        InMemoryNotifications,
        InMemoryNotificationSettings,
    )
    from studyteddy.adapters.in_memory.published_decks import InMemoryPublishedDecks
    from studyteddy.adapters.in_memory.queries import InMemoryAnalytics
    from studyteddy.adapters.in_memory.security_events import InMemorySecurityEvents
    from studyteddy.adapters.in_memory.study_sessions import InMemoryStudySessions
    from studyteddy.adapters.in_memory.tasks import InMemoryTasks
    from studyteddy.adapters.in_memory.token_usage import InMemoryTokenUsage
    from studyteddy.adapters.in_memory.tutor import InMemoryMessages, InMemoryThreads
    from studyteddy.adapters.in_memory.vectors import InMemoryVectors
    from studyteddy.application.ports.jobs import WakeUp
    from studyteddy.application.ports.unit_of_work import BeforeCommit


class InMemoryUnitOfWork:
    """The ``UnitOfWork`` port. ``wake`` is called with each added job after the commit, ``seal`` before each commit.
    ``client`` is where the request at hand comes from; ``tell`` is called with each committed security event.

    A repository is loaded when it is first used: a program that keeps tasks alone pays for nothing else.
    """

    def __init__(
        self,
        store: Store,
        wake: Callable[[WakeUp], None] = lambda _: None,
        seal: BeforeCommit | None = None,
        request_id: Callable[[], str | None] = lambda: None,
        client: Callable[[], Client] = lambda: NOBODY,
        tell: Callable[[SecurityEvent], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._journal = Journal(store)
        self._wake = wake
        self._request_id = request_id
        self._seal = seal
        self._client = client
        self._tell = tell
        self._untold: list[SecurityEvent] = []

    def __enter__(self) -> Self:
        self._store.lock.acquire()
        return self

    def commit(self) -> None:
        self._commit_rows()
        if "jobs" in vars(self):
            for wake_up in self.jobs.added:
                self._wake(wake_up)
            self.jobs.added.clear()
        if "security_events" in vars(self):
            self._untold += self.security_events.added
            self.security_events.added.clear()

    def _commit_rows(self) -> None:
        if self._seal is not None:
            self._seal(self.idempotency)
        self._journal.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.rollback()
        for name in ("jobs", "security_events"):
            vars(self).pop(name, None)  # it remembers what was added, which is gone now
        self._store.lock.release()
        untold, self._untold = self._untold, []
        for event in untold:
            self._tell(event)

    @cached_property
    def users(self) -> InMemoryUsers:
        from studyteddy.adapters.in_memory.accounts import InMemoryUsers

        return InMemoryUsers(self._store, self._journal)

    @cached_property
    def auth_sessions(self) -> InMemoryAuthSessions:
        from studyteddy.adapters.in_memory.accounts import InMemoryAuthSessions

        return InMemoryAuthSessions(self._store, self._journal)

    @cached_property
    def one_use_tokens(self) -> InMemoryOneUseTokens:
        from studyteddy.adapters.in_memory.identity import InMemoryOneUseTokens

        return InMemoryOneUseTokens(self._store, self._journal)

    @cached_property
    def outside_identities(self) -> InMemoryOutsideIdentities:
        from studyteddy.adapters.in_memory.identity import InMemoryOutsideIdentities

        return InMemoryOutsideIdentities(self._store, self._journal)

    @cached_property
    def api_tokens(self) -> InMemoryApiTokens:
        from studyteddy.adapters.in_memory.api_tokens import InMemoryApiTokens

        return InMemoryApiTokens(self._store, self._journal)

    @cached_property
    def security_events(self) -> InMemorySecurityEvents:
        from studyteddy.adapters.in_memory.security_events import InMemorySecurityEvents

        return InMemorySecurityEvents(self._store, self._journal, self._client)

    @cached_property
    def idempotency(self) -> InMemoryIdempotency:
        from studyteddy.adapters.in_memory.idempotency import InMemoryIdempotency

        return InMemoryIdempotency(self._store, self._journal)

    @cached_property
    def jobs(self) -> InMemoryJobs:
        from studyteddy.adapters.in_memory.jobs import InMemoryJobs

        return InMemoryJobs(self._store, self._journal, self._request_id)

    @cached_property
    def tasks(self) -> InMemoryTasks:
        from studyteddy.adapters.in_memory.tasks import InMemoryTasks

        return InMemoryTasks(self._store, self._journal)

    @cached_property
    def study_sessions(self) -> InMemoryStudySessions:
        from studyteddy.adapters.in_memory.study_sessions import InMemoryStudySessions

        return InMemoryStudySessions(self._store, self._journal)

    @cached_property
    def documents(self) -> InMemoryDocuments:
        from studyteddy.adapters.in_memory.documents import InMemoryDocuments

        return InMemoryDocuments(self._store, self._journal)

    @cached_property
    def chunk_index(self) -> InMemoryChunkIndex:
        from studyteddy.adapters.in_memory.chunk_index import InMemoryChunkIndex

        return InMemoryChunkIndex(self._store, self._journal)

    @property
    def chunk_writer(self) -> InMemoryChunkIndex:
        return self.chunk_index

    @cached_property
    def vectors(self) -> InMemoryVectors:
        from studyteddy.adapters.in_memory.vectors import InMemoryVectors

        return InMemoryVectors(self._store, self._journal)

    @cached_property
    def decks(self) -> InMemoryDecks:
        from studyteddy.adapters.in_memory.flashcards import InMemoryDecks

        return InMemoryDecks(self._store, self._journal)

    @cached_property
    def published_decks(self) -> InMemoryPublishedDecks:
        from studyteddy.adapters.in_memory.published_decks import InMemoryPublishedDecks

        return InMemoryPublishedDecks(self._store)

    @cached_property
    def cards(self) -> InMemoryCards:
        from studyteddy.adapters.in_memory.flashcards import InMemoryCards

        return InMemoryCards(self._store, self._journal)

    @cached_property
    def reviews(self) -> InMemoryReviews:
        from studyteddy.adapters.in_memory.flashcards import InMemoryReviews

        return InMemoryReviews(self._store, self._journal, self._commit_rows)

    @cached_property
    def proposals(self) -> InMemoryProposals:
        from studyteddy.adapters.in_memory.flashcards import InMemoryProposals

        return InMemoryProposals(self._store, self._journal)

    @cached_property
    def analytics(self) -> InMemoryAnalytics:
        from studyteddy.adapters.in_memory.queries import InMemoryAnalytics

        return InMemoryAnalytics(self._store)

    @cached_property
    def threads(self) -> InMemoryThreads:
        from studyteddy.adapters.in_memory.tutor import InMemoryThreads

        return InMemoryThreads(self._store, self._journal)

    @cached_property
    def messages(self) -> InMemoryMessages:
        from studyteddy.adapters.in_memory.tutor import InMemoryMessages

        return InMemoryMessages(self._store, self._journal)

    @cached_property
    def token_usage(self) -> InMemoryTokenUsage:
        from studyteddy.adapters.in_memory.token_usage import InMemoryTokenUsage

        return InMemoryTokenUsage(self._store, self._journal)

    @cached_property
    def belongings(self) -> InMemoryBelongings:
        from studyteddy.adapters.in_memory.belongings import InMemoryBelongings

        return InMemoryBelongings(self._store, self._journal)

    @cached_property
    def tombstones(self) -> InMemoryTombstones:
        from studyteddy.adapters.in_memory.belongings import InMemoryTombstones

        return InMemoryTombstones(self._store, self._journal)

    @cached_property
    def notifications(self) -> InMemoryNotifications:
        from studyteddy.adapters.in_memory.notifications import InMemoryNotifications

        return InMemoryNotifications(self._store, self._journal)

    @cached_property
    def notification_settings(self) -> InMemoryNotificationSettings:
        from studyteddy.adapters.in_memory.notifications import InMemoryNotificationSettings

        return InMemoryNotificationSettings(self._store, self._journal)

    @cached_property
    def calendar_feeds(self) -> InMemoryCalendarFeeds:
        from studyteddy.adapters.in_memory.notifications import InMemoryCalendarFeeds

        return InMemoryCalendarFeeds(self._store, self._journal)
