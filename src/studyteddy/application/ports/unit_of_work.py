"""One transaction over everything that is kept."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:  # whoever uses one capability should not load them all
    from studyteddy.application.ports.chunk_index import ChunkIndex, ChunkWriter
    from studyteddy.application.ports.jobs import Jobs
    from studyteddy.application.ports.queries import AnalyticsQueries
    from studyteddy.application.ports.repositories.accounts import AuthSessions, Users
    from studyteddy.application.ports.repositories.api_tokens import ApiTokens
    from studyteddy.application.ports.repositories.belongings import Belongings, Tombstones
    from studyteddy.application.ports.repositories.documents import Documents
    from studyteddy.application.ports.repositories.flashcards import Cards, Decks, Proposals, Reviews
    from studyteddy.application.ports.repositories.idempotency import Idempotency
    from studyteddy.application.ports.repositories.identity import OneUseTokens, OutsideIdentities
    from studyteddy.application.ports.repositories.notifications import (
        CalendarFeeds,
        Notifications,
        NotificationSettings,
    )
    from studyteddy.application.ports.repositories.published_decks import PublishedDecks
    from studyteddy.application.ports.repositories.security_events import SecurityEvents
    from studyteddy.application.ports.repositories.study_sessions import StudySessions
    from studyteddy.application.ports.repositories.tasks import Tasks
    from studyteddy.application.ports.repositories.token_usage import TokenUsage
    from studyteddy.application.ports.repositories.tutor import Messages, Threads
    from studyteddy.application.ports.repositories.vectors import Vectors


class UnitOfWork(Protocol):
    """All or nothing: what was written is visible to others after ``commit`` and gone without it.

    Used as a context manager; leaving it without a commit rolls back. No network call belongs inside.
    """

    @property
    def users(self) -> Users: ...
    @property
    def auth_sessions(self) -> AuthSessions: ...
    @property
    def one_use_tokens(self) -> OneUseTokens: ...
    @property
    def outside_identities(self) -> OutsideIdentities: ...
    @property
    def api_tokens(self) -> ApiTokens: ...
    @property
    def security_events(self) -> SecurityEvents: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def chunk_writer(self) -> ChunkWriter: ...
    @property
    def chunk_index(self) -> ChunkIndex: ...
    @property
    def vectors(self) -> Vectors: ...
    @property
    def decks(self) -> Decks: ...
    @property
    def published_decks(self) -> PublishedDecks: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def proposals(self) -> Proposals: ...

    @property
    def study_sessions(self) -> StudySessions: ...
    @property
    def analytics(self) -> AnalyticsQueries: ...
    @property
    def threads(self) -> Threads: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def token_usage(self) -> TokenUsage: ...
    @property
    def belongings(self) -> Belongings: ...
    @property
    def tombstones(self) -> Tombstones: ...
    @property
    def notifications(self) -> Notifications: ...
    @property
    def notification_settings(self) -> NotificationSettings: ...
    @property
    def calendar_feeds(self) -> CalendarFeeds: ...

    def commit(self) -> None:
        """Make it so, durably. Jobs that were added are woken up afterwards; security events are told once the unit of
        work is left."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


UnitOfWorkFactory = Callable[[], UnitOfWork]

BeforeCommit = Callable[["Idempotency"], None]
"""Called before each commit, to write into the transaction what has to be committed along."""
