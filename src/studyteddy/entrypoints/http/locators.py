"""Places in documents and passages, as answers and search results show them."""

from __future__ import annotations

from uuid import UUID

from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.entrypoints.http.schemas import Answer


class LocatorOut(Answer):
    """Where a text stands: unit and number (from 1) of its section, and its characters in that section's text."""

    unit: LocatorUnit
    number: int
    label: str | None
    char_start: int
    char_end: int


class PassageOut(Answer):
    """A passage found by a search; scores of one search can be compared."""

    chunk_id: UUID
    document_id: UUID
    filename: str
    title: str
    locator: LocatorOut
    text: str
    score: float


def present_locator(locator: Locator) -> LocatorOut:
    return LocatorOut.model_validate(locator)


def present_passage(passage: Passage) -> PassageOut:
    return PassageOut(
        chunk_id=passage.chunk_id,
        document_id=passage.document_id,
        filename=passage.filename,
        title=passage.title,
        locator=present_locator(passage.locator),
        text=passage.text,
        score=passage.score,
    )
