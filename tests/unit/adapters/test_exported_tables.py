"""Whatever a table holds of a person is in their export, or is left out for a reason that is written down."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa

from studyteddy.adapters.account_archive import form
from studyteddy.adapters.postgres.tables.catalogue import metadata

FORM = Path(__file__).parents[3] / "docs" / "export-format.md"

EXPORTED = {
    "users": form.PREFERENCES,
    "notification_settings": form.PREFERENCES,
    "tasks": "tasks.jsonl",
    "documents": "documents.jsonl",
    "decks": "decks.jsonl",
    "cards": "cards.jsonl",
    "reviews": form.LOG,
    "card_proposals": "proposals.jsonl",
    "study_sessions": "study-sessions.jsonl",
    "threads": "threads.jsonl",
    "messages": "messages.jsonl",
    "auth_sessions": form.ACCOUNT,
    "api_tokens": form.ACCOUNT,
    "calendar_feeds": form.ACCOUNT,
    "notifications": form.ACCOUNT,
    "security_events": form.ACCOUNT,
}
LEFT_OUT = {
    "document_sections": "is read anew from the documents",
    "chunks": "is read anew from the documents",
    "document_terms": "is read anew from the documents",
    "chunk_embeddings": "is read anew from the documents",
    "answer_deltas": "is what messages say, in pieces",
    "jobs": "is work of this Study Teddy",
    "idempotency_keys": "is answers to requests, for a day",
    "token_usage": "is counts of this Study Teddy",
    "one_use_tokens": "is a way in",
    "outside_identities": "is a way in",
}
OF_NOBODY = {"operations", "tombstones"}


def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    assert not EXPORTED.keys() & LEFT_OUT.keys()
    assert {table.name for table in metadata.sorted_tables} - OF_NOBODY == EXPORTED.keys() | LEFT_OUT.keys()


def test_a_table_with_an_owner_is_of_somebody() -> None:
    owned = {table.name for table in metadata.sorted_tables if is_owned(table)}
    assert not owned & OF_NOBODY
    assert owned <= EXPORTED.keys() | LEFT_OUT.keys()


def is_owned(table: sa.Table) -> bool:
    return any(key.column.table.name == "users" for key in table.foreign_keys)


def test_what_a_table_is_exported_to_is_described() -> None:
    described = set(re.findall(r"`([a-z-]+\.jsonl?)`", FORM.read_text(encoding="utf-8")))
    assert set(EXPORTED.values()) <= described
