"""Every table, imported once so that the metadata is whole."""

from __future__ import annotations

from studyteddy.adapters.postgres.tables import (
    accounts,
    api_tokens,
    documents,
    flashcards,
    jobs,
    notifications,
    operations,
    security_events,
    study_sessions,
    tasks,
    token_usage,
    tutor,
)
from studyteddy.adapters.postgres.tables.metadata import metadata

__all__ = [
    "accounts",
    "api_tokens",
    "documents",
    "flashcards",
    "jobs",
    "metadata",
    "notifications",
    "operations",
    "security_events",
    "study_sessions",
    "tasks",
    "token_usage",
    "tutor",
]
