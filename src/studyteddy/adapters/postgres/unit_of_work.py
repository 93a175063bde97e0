"""The unit of work over one PostgreSQL transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from studyteddy.adapters.postgres.accounts import PostgresAuthSessions, PostgresUsers
from studyteddy.adapters.postgres.api_tokens import PostgresApiTokens
from studyteddy.adapters.postgres.belongings import PostgresBelongings, PostgresTombstones
from studyteddy.adapters.postgres.chunk_index import PostgresChunkIndex
from studyteddy.adapters.postgres.chunk_writer import PostgresChunkWriter
from studyteddy.adapters.postgres.documents import PostgresDocuments
from studyteddy.adapters.postgres.engine import database_faults
from studyteddy.adapters.postgres.flashcards.cards import PostgresCards
from studyteddy.adapters.postgres.flashcards.decks import PostgresDecks
from studyteddy.adapters.postgres.flashcards.proposals import PostgresProposals
from studyteddy.adapters.postgres.flashcards.published_decks import PostgresPublishedDecks
from studyteddy.adapters.postgres.flashcards.reviews import PostgresReviews
from studyteddy.adapters.postgres.idempotency import PostgresIdempotency
from studyteddy.adapters.postgres.identity import PostgresOneUseTokens, PostgresOutsideIdentities
from studyteddy.adapters.postgres.jobs import PostgresJobs
from studyteddy.adapters.postgres.notifications import (
    PostgresCalendarFeeds,
    PostgresNotifications,
    PostgresNotificationSettings,
)
from studyteddy.adapters.postgres.queries import PostgresAnalytics
from studyteddy.adapters.postgres.security_events import PostgresSecurityEvents
from studyteddy.adapters.postgres.study_sessions import PostgresStudySessions
from studyteddy.adapters.postgres.tasks import PostgresTasks
from studyteddy.adapters.postgres.token_usage import PostgresTokenUsage
from studyteddy.adapters.postgres.tutor.messages import PostgresMessages
from studyteddy.adapters.postgres.tutor.threads import PostgresThreads
from studyteddy.adapters.postgres.vectors import PostgresVectors
from studyteddy.application.ports.jobs import WakeUp
from studyteddy.application.ports.unit_of_work import BeforeCommit
from studyteddy.domain.security_events import NOBODY, Client, SecurityEvent


class PostgresUnitOfWork:
    """The ``UnitOfWork`` port. ``wake`` is called with each added job after the commit, ``seal`` before each commit.
    ``client`` is where the request at hand comes from; ``tell`` is called with each committed security event.
    """

    def __init__(
        self,
        engine: sa.Engine,
        wake: Callable[[WakeUp], None] = lambda _: None,
        seal: BeforeCommit = lambda _: None,
        request_id: Callable[[], str | None] = lambda: None,
        client: Callable[[], Client] = lambda: NOBODY,
        tell: Callable[[SecurityEvent], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._wake = wake
        self._request_id = request_id
        self._seal = seal
        self._client = client
        self._tell = tell
        self._untold: list[SecurityEvent] = []

    def __enter__(self) -> Self:
        with database_faults():
            self._connection = self._engine.connect()
        return self

    @cached_property
    def users(self) -> PostgresUsers:
        return PostgresUsers(self._connection)

    @cached_property
    def auth_sessions(self) -> PostgresAuthSessions:
        return PostgresAuthSessions(self._connection)

    @cached_property
    def one_use_tokens(self) -> PostgresOneUseTokens:
        return PostgresOneUseTokens(self._connection)

    @cached_property
    def outside_identities(self) -> PostgresOutsideIdentities:
        return PostgresOutsideIdentities(self._connection)

    @cached_property
    def api_tokens(self) -> PostgresApiTokens:
        return PostgresApiTokens(self._connection)

    @cached_property
    def security_events(self) -> PostgresSecurityEvents:
        return PostgresSecurityEvents(self._connection, self._client)

    @cached_property
    def idempotency(self) -> PostgresIdempotency:
        return PostgresIdempotency(self._connection)

    @cached_property
    def jobs(self) -> PostgresJobs:
        return PostgresJobs(self._connection, self._request_id)

    @cached_property
    def tasks(self) -> PostgresTasks:
        return PostgresTasks(self._connection)

    @cached_property
    def study_sessions(self) -> PostgresStudySessions:
        return PostgresStudySessions(self._connection)

    @cached_property
    def documents(self) -> PostgresDocuments:
        return PostgresDocuments(self._connection)

    @cached_property
    def chunk_writer(self) -> PostgresChunkWriter:
        return PostgresChunkWriter(self._connection)

    @cached_property
    def chunk_index(self) -> PostgresChunkIndex:
        return PostgresChunkIndex(self._connection)

    @cached_property
    def vectors(self) -> PostgresVectors:
        return PostgresVectors(self._connection)

    @cached_property
    def decks(self) -> PostgresDecks:
        return PostgresDecks(self._connection)

    @cached_property
    def published_decks(self) -> PostgresPublishedDecks:
        return PostgresPublishedDecks(self._connection)

    @cached_property
    def cards(self) -> PostgresCards:
        return PostgresCards(self._connection)

    @cached_property
    def reviews(self) -> PostgresReviews:
        return PostgresReviews(self._connection, self._seal)

    @cached_property
    def proposals(self) -> PostgresProposals:
        return PostgresProposals(self._connection)

    @cached_property
    def threads(self) -> PostgresThreads:
        return PostgresThreads(self._connection)

    @cached_property
    def messages(self) -> PostgresMessages:
        return PostgresMessages(self._connection)

    @cached_property
    def token_usage(self) -> PostgresTokenUsage:
        return PostgresTokenUsage(self._connection)

    @cached_property
    def analytics(self) -> PostgresAnalytics:
        return PostgresAnalytics(self._connection)

    @cached_property
    def belongings(self) -> PostgresBelongings:
        return PostgresBelongings(self._connection)

    @cached_property
    def tombstones(self) -> PostgresTombstones:
        return PostgresTombstones(self._connection)

    @cached_property
    def notifications(self) -> PostgresNotifications:
        return PostgresNotifications(self._connection)

    @cached_property
    def notification_settings(self) -> PostgresNotificationSettings:
        return PostgresNotificationSettings(self._connection)

    @cached_property
    def calendar_feeds(self) -> PostgresCalendarFeeds:
        return PostgresCalendarFeeds(self._connection)

    def commit(self) -> None:
        with database_faults():
            self._seal(self.idempotency)
            self._connection.commit()
        if "jobs" in self.__dict__:
            for wake_up in self.jobs.added:
                self._wake(wake_up)
            self.jobs.added.clear()
        if "security_events" in self.__dict__:
            self._untold += self.security_events.added
            self.security_events.added.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with database_faults():
            self._connection.close()  # rolls back what was not committed
            untold, self._untold = self._untold, []
            for event in untold:
                self._tell(event)
            if error is not None:
                raise error
