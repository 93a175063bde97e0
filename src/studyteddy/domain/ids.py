"""Names for identifiers: all are time-ordered UUIDs (version 7), made by the caller and passed in."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
AuthSessionId = NewType("AuthSessionId", UUID)
ApiTokenId = NewType("ApiTokenId", UUID)
TaskId = NewType("TaskId", UUID)
DocumentId = NewType("DocumentId", UUID)
ChunkId = NewType("ChunkId", UUID)
ThreadId = NewType("ThreadId", UUID)
MessageId = NewType("MessageId", UUID)
DeckId = NewType("DeckId", UUID)
CardId = NewType("CardId", UUID)
ReviewId = NewType("ReviewId", UUID)
ProposalId = NewType("ProposalId", UUID)
StudySessionId = NewType("StudySessionId", UUID)
JobId = NewType("JobId", UUID)
NotificationId = NewType("NotificationId", UUID)
