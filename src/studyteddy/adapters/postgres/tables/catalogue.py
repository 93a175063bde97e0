"""Every table, imported once so that the metadata is whole."""

from __future__ import annotations

from studyteddy.adapters.postgres.tables import accounts, jobs, tasks
from studyteddy.adapters.postgres.tables.metadata import metadata

__all__ = ["accounts", "jobs", "metadata", "tasks"]
