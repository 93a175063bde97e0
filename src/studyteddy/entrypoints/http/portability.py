"""A person's data over HTTP: take them along, bring them, and have them deleted."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from flask import Response, request
from flask_openapi import APIBlueprint, FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from studyteddy.application.attempts import LimitLogIns
from studyteddy.application.portability.exporting import ExportAccount
from studyteddy.application.portability.importing import RequestImport
from studyteddy.application.portability.leaving import LeaveForGood
from studyteddy.application.ports.clock import Clock
from studyteddy.application.tickets import TICKET_SECONDS, CheckAccess, IssueTicket, RedeemTicket
from studyteddy.domain.errors import NotAuthenticated
from studyteddy.entrypoints.http.accounts import require_own_page
from studyteddy.entrypoints.http.auth import access, caller, owner
from studyteddy.entrypoints.http.blueprint import blueprint
from studyteddy.entrypoints.http.protection import Protect
from studyteddy.entrypoints.http.schemas import OMITTED, Answer, Body, Text
from studyteddy.entrypoints.http.uploads import bound_upload, require_one_file, uploaded

EXPORT_COOKIE = "studyteddy_export"
"""Holds a ticket for one download, since no token may stand in an address."""

_ZIP: dict[str | int | HTTPStatus, Any] = {
    200: {
        "description": "Everything, in one zip file; docs/export-format.md describes it",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ImportUpload(BaseModel):
    """An export of an account."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: Annotated[FileStorage, BeforeValidator(uploaded)]


class ImportOut(Answer):
    """The job that reads an export."""

    job_id: UUID


class Farewell(Body):
    """The password of the account; of one that has none, its address, typed as ``confirmation``."""

    password: Text = Field(OMITTED, max_length=1_000)
    confirmation: Text = Field(OMITTED, max_length=254)


def portability_blueprint(
    *,
    protect: Protect,
    export: ExportAccount,
    issue_ticket: IssueTicket,
    request_import: RequestImport,
    largest_import: int,
    leave: LeaveForGood,
    limit_log_ins: LimitLogIns,
    clock: Clock,
) -> APIBlueprint:
    """The routes under ``/users/me`` that are about everything at once."""
    api = blueprint("portability", tag="accounts", protect=protect)

    @api.before_request
    def bound() -> Response | None:
        return bound_upload("portability.import_me", largest=largest_import)

    @api.get("/users/me/export", summary="Take all my data along", responses=_ZIP)
    def export_me() -> Any:
        return _attached(export(owner=owner()), clock)

    @api.post("/users/me/export/ticket", summary="Let my browser download my data once", responses={204: None})
    def allow_export() -> Any:
        response = Response(status=204)
        response.set_cookie(
            EXPORT_COOKIE,
            issue_ticket(access=access()),
            max_age=TICKET_SECONDS,
            path=request.path.removesuffix("ticket") + "file",
            httponly=True,
            samesite="Strict",
            secure=request.is_secure,
        )
        return response

    @api.post("/users/me/import", summary="Bring an export into my empty account", responses={202: ImportOut})
    def import_me(form: ImportUpload) -> Any:
        require_one_file()
        job_id = request_import(owner=owner(), content=cast(Any, form.file.stream))
        return ImportOut(job_id=job_id).json_ready(), 202

    @api.delete("/users/me", summary="Delete my account and all that is mine", responses={204: None})
    def delete_me(body: Farewell) -> Any:
        # Counted like log-ins: whoever holds a token only must not find the password out here.
        with limit_log_ins(email=caller().user.email, address=request.remote_addr or ""):
            leave(owner=owner(), password=body.password, confirmation=body.confirmation)
        return "", 204

    return api


def export_file_blueprint(
    *, export: ExportAccount, redeem: RedeemTicket, check_access: CheckAccess, clock: Clock
) -> APIBlueprint:
    """The export for the downloads of a browser, which send cookies and no bearer token."""
    api = blueprint("export_file", tag="accounts")

    @api.get("/users/me/export/file", summary="Take all my data along, by a ticket in a cookie", responses=_ZIP)
    def download_export() -> Any:
        require_own_page()
        ticket = request.cookies.get(EXPORT_COOKIE)
        if not ticket:
            raise NotAuthenticated("Get a ticket (POST /users/me/export/ticket) first.", code="ticket_missing")
        found = redeem(ticket=ticket)
        check_access(access=found)
        response = _attached(export(owner=found.user_id), clock)
        response.delete_cookie(EXPORT_COOKIE, path=request.path, httponly=True, samesite="Strict")
        return response

    return api


def _attached(pieces: Iterable[bytes], clock: Clock) -> Response:
    name = f"studyteddy-{clock():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(pieces, mimetype="application/zip", headers=headers)
