"""Search over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_openapi import APIBlueprint
from pydantic import Field

from studyteddy.application.ports.passage_search import PassageSearch
from studyteddy.domain.ids import DocumentId
from studyteddy.domain.permissions import Capability
from studyteddy.domain.retrieval.passages import SearchFilters
from studyteddy.entrypoints.http.auth import owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.locators import PassageOut, present_passage
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import Answer, Body, Text


class SearchBody(Body):
    """What to look for, and where: in some documents, in those of a subject, or in all."""

    query: Text = Field(min_length=1, max_length=2_000)
    document_ids: list[UUID] | None = Field(None, max_length=1_000)
    subject: Text | None = Field(None, min_length=1, max_length=100)
    limit: int = Field(8, ge=1, le=50)

    def filters(self) -> SearchFilters:
        ids = None if self.document_ids is None else frozenset(map(DocumentId, self.document_ids))
        return SearchFilters(document_ids=ids, subject=self.subject)


class SearchOut(Answer):
    """Passages, the best first."""

    results: list[PassageOut]


def search_blueprint(*, protect: Protect, search: PassageSearch) -> APIBlueprint:
    """The route ``/search``."""
    api = blueprint("search", tag="search", protect=protect, needs=Capability.STUDY)

    @api.post("/search", summary="Search the documents", responses={200: SearchOut})
    def search_documents(body: SearchBody) -> Any:
        found = search(owner=owner(), query=body.query, filters=body.filters(), limit=body.limit)
        return SearchOut(results=[present_passage(passage) for passage in found.passages]).json_ready()

    return api
