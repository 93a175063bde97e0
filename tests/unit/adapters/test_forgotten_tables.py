"""No table may keep anything of somebody whose account is deleted."""

from __future__ import annotations

import sqlalchemy as sa

from studyteddy.adapters.postgres.tables.catalogue import metadata

OF_DOCUMENTS = {"document_sections", "chunks", "document_terms", "chunk_embeddings"}
"""A trigger on documents removes these with their document."""

OF_NOBODY = {"users", "operations", "tombstones"}


def test_every_table_goes_with_its_person_or_is_of_nobody() -> None:
    kept = {table.name for table in metadata.sorted_tables if not goes_with_its_person(table)}
    assert kept == OF_DOCUMENTS | OF_NOBODY


def goes_with_its_person(table: sa.Table) -> bool:
    """Whether rows are removed with those that they refer to, down to the users."""
    keys = [key for key in table.foreign_keys if key.ondelete == "CASCADE"]
    return any(key.column.table.name == "users" or goes_with_its_person(key.column.table) for key in keys)
