"""The source of a card or proposal as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.flashcards.cards import CardSource
from studyteddy.domain.ids import ChunkId, DocumentId


def source_row(source: CardSource | None) -> dict[str, Any]:
    """The two columns of a source."""
    if source is None:
        return {"source": None, "source_document_id": None}
    locator = source.locator
    packed = {
        "chunk_id": str(source.chunk_id) if source.chunk_id else None,
        "title": source.title,
        "text": source.text,
        "locator": locator
        and {
            "unit": locator.unit.value,
            "number": locator.number,
            "label": locator.label,
            "char_start": locator.char_start,
            "char_end": locator.char_end,
        },
    }
    document_id = str(source.document_id) if source.document_id else None
    return {"source": packed | {"document_id": document_id}, "source_document_id": source.document_id}


def source_from_row(packed: Mapping[str, Any] | None) -> CardSource | None:
    if packed is None:
        return None
    locator = packed["locator"]
    return CardSource(
        document_id=DocumentId(UUID(packed["document_id"])) if packed["document_id"] else None,
        chunk_id=ChunkId(UUID(packed["chunk_id"])) if packed["chunk_id"] else None,
        locator=locator and Locator(**locator | {"unit": LocatorUnit(locator["unit"])}),
        title=packed["title"],
        text=packed["text"],
    )
