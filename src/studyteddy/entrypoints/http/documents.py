"""Documents over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from flask import Response, send_file
from flask_openapi import APIBlueprint, FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from studyteddy.application.documents import library
from studyteddy.domain.documents import (
    Document,
    DocumentChanges,
    DocumentFilter,
    DocumentOrder,
    DocumentStatus,
    FailureReason,
    LocatorUnit,
    MediaType,
)
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.permissions import Capability
from studyteddy.entrypoints.http.auth import expected_version, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.locators import LocatorOut, present_locator
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import (
    OMITTED,
    Answer,
    Body,
    IdPath,
    Instant,
    PageOut,
    PageQuery,
    Query,
    Text,
    present_page,
)
from studyteddy.entrypoints.http.uploads import bound_upload, require_one_file, uploaded

_FILE: dict[str | int | HTTPStatus, Any] = {
    200: {
        "description": "The bytes as they were uploaded",
        "content": {kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in MediaType},
    },
    307: {
        "description": "To the store that keeps the file, where the server is set to let people fetch it there",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
    },
}


class Upload(BaseModel):
    """A file with, if wanted, a title and a subject."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: Annotated[FileStorage, BeforeValidator(uploaded)]
    title: Text | None = Field(None, max_length=255)
    subject: Text | None = Field(None, max_length=100)


class DocumentFields(Body):
    """The fields of a document that its owner sets; what is left out stays as it is."""

    title: Text = Field(OMITTED, min_length=1, max_length=255)
    subject: Text | None = Field(None, max_length=100)


class DocumentQuery(PageQuery):
    """Which documents, in which order."""

    status: DocumentStatus = OMITTED
    subject: Text = Field(OMITTED, max_length=100)
    q: Text = Field(OMITTED, max_length=255, description="part of the title or file name")
    sort: DocumentOrder = DocumentOrder.CREATED_AT_DESCENDING

    def wanted(self) -> DocumentFilter:
        return DocumentFilter(status=self.status, subject=self.subject, text=self.q)


class PagePath(IdPath):
    """A page of a document, counted from 1."""

    n: int


class PassageQuery(Query):
    """A passage whose place on the page is wanted."""

    chunk: UUID = OMITTED


class DocumentOut(Answer):
    """A document. ``error`` says why it failed; ``page_count`` is known once it is ready."""

    id: UUID
    filename: str
    media_type: str
    size: int
    title: str
    subject: str | None
    status: DocumentStatus
    progress: int
    error: FailureReason | None
    page_count: int | None
    chunk_count: int
    summary: str | None
    key_concepts: list[str]
    version: int
    created_at: Instant
    updated_at: Instant


class QueuedOut(Answer):
    """A document and the job that reads it."""

    document: DocumentOut
    job_id: UUID


class PageTextOut(Answer):
    """The text of one page, slide or part. ``passage`` is where the ``chunk`` stands that was asked for; its characters
    are Unicode code points."""

    number: int
    unit: LocatorUnit
    label: str | None
    text: str
    page_count: int
    passage: LocatorOut | None


def present(document: Document) -> DocumentOut:
    return DocumentOut.model_validate(document)


def _answer(document: Document) -> tuple[dict[str, Any], int, dict[str, str]]:
    return present(document).json_ready(), 200, {"ETag": f'"{document.version}"'}


def _queued(added: library.AddedDocument, status: int) -> tuple[dict[str, Any], int]:
    return QueuedOut(document=present(added.document), job_id=added.job_id).json_ready(), status


def documents_blueprint(
    *,
    protect: Protect,
    add: library.AddDocument,
    get: library.GetDocument,
    listing: library.ListDocuments,
    edit: library.EditDocument,
    delete: library.DeleteDocument,
    reprocess: library.ReprocessDocument,
    open_file: library.OpenFile,
    read_page: library.ReadPage,
    link_to_file: library.LinkToFile | None = None,
) -> APIBlueprint:
    """The routes under ``/documents``. With ``link_to_file`` a download is sent on to the store."""
    api = blueprint("documents", tag="documents", protect=protect, needs=Capability.STUDY)

    @api.before_request
    def bound() -> Response | None:
        return bound_upload("documents.add_document", largest=add.max_size)

    @api.post("/documents", summary="Upload a document", responses={200: QueuedOut, 202: QueuedOut})
    def add_document(form: Upload) -> Any:
        require_one_file()
        added = add(
            owner=owner(),
            filename=form.file.filename or "",
            content=cast(Any, form.file.stream),
            title=form.title,
            subject=form.subject,
        )
        return _queued(added, 200 if added.existing else 202)

    @api.get("/documents", summary="List documents", responses={200: PageOut[DocumentOut]})
    def list_documents(query: DocumentQuery) -> Any:
        page = query.request(query.sort.value)
        return present_page(listing(owner=owner(), wanted=query.wanted(), order=query.sort, request=page), present)

    @api.get("/documents/<uuid:id>", summary="Get a document", responses={200: DocumentOut})
    def get_document(path: IdPath) -> Any:
        return _answer(get(owner=owner(), document_id=DocumentId(path.id)))

    @api.patch("/documents/<uuid:id>", summary="Change a document", responses={200: DocumentOut})
    def edit_document(path: IdPath, body: DocumentFields) -> Any:
        changes = cast(DocumentChanges, body.given())
        return _answer(edit(owner=owner(), document_id=DocumentId(path.id), version=expected_version(), **changes))

    @api.delete("/documents/<uuid:id>", summary="Delete a document", responses={204: None})
    def delete_document(path: IdPath) -> Any:
        delete(owner=owner(), document_id=DocumentId(path.id), version=expected_version())
        return "", 204

    @api.post("/documents/<uuid:id>/reprocess", summary="Read a document again", responses={202: QueuedOut})
    def reprocess_document(path: IdPath) -> Any:
        return _queued(reprocess(owner=owner(), document_id=DocumentId(path.id)), 202)

    _add_content(api, open_file, link_to_file, read_page)
    return api


def _add_content(
    api: APIBlueprint,
    open_file: library.OpenFile,
    link_to_file: library.LinkToFile | None,
    read_page: library.ReadPage,
) -> None:
    """The routes to what a document holds."""

    @api.get("/documents/<uuid:id>/file", summary="Download the file", responses=_FILE)
    def get_document_file(path: IdPath) -> Any:
        if link_to_file is not None:
            link = link_to_file(owner=owner(), document_id=DocumentId(path.id))
            return "", 307, {"Location": link, "Cache-Control": "private, no-store"}
        opened = open_file(owner=owner(), document_id=DocumentId(path.id))
        document = opened.document
        response = send_file(
            opened.content,
            mimetype=document.media_type.value,
            as_attachment=True,
            download_name=document.filename,
            etag=False,
        )
        response.content_length = document.size
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @api.get("/documents/<uuid:id>/pages/<int:n>", summary="Read a page", responses={200: PageTextOut})
    def get_document_page(path: PagePath, query: PassageQuery) -> Any:
        chunk = cast(ChunkId | None, query.chunk)
        found = read_page(owner=owner(), document_id=DocumentId(path.id), number=path.n, chunk=chunk)
        part = found.section
        return PageTextOut(
            number=part.number,
            unit=part.unit,
            label=part.label,
            text=part.text,
            page_count=found.page_count,
            passage=None if found.passage is None else present_locator(found.passage),
        ).json_ready()
