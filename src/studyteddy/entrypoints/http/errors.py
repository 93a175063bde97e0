"""Every error as a problem document (RFC 9457): one table from kinds of errors to statuses, and nothing leaks."""

from __future__ import annotations

import errno
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Response, json, make_response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from studyteddy.domain.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    StaleVersion,
    StudyTeddyError,
    TooLarge,
    Unavailable,
    UnsupportedType,
)

log = structlog.get_logger(__name__)

# The first kind that fits decides, so the special stand before the general.
_STATUSES: tuple[tuple[type[StudyTeddyError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (UnsupportedType, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotAuthenticated, HTTPStatus.UNAUTHORIZED),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (RateLimited, HTTPStatus.TOO_MANY_REQUESTS),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)

_OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT)

_HTTP_CODES = {
    400: ("bad_request", "The request could not be read. Check its syntax."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method; the Allow header names those it takes."),
    408: ("request_timeout", "The request took too long to arrive. Send it again."),
    411: ("length_required", "State the length of the body."),
    413: ("too_large", "The request is larger than the server takes. Send a smaller file."),
    414: ("uri_too_long", "The address is too long."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    431: ("headers_too_large", "The request's headers are too large."),
}


class FieldFaultOut(BaseModel):
    """One wrong field and what would be right."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem document, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldFaultOut] | None = None


_DECLARED = {
    "description": "Problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEMS: dict[str | int | HTTPStatus, Any] = dict.fromkeys(
    ("400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429", "503"), _DECLARED
)


def problem_document(
    status: int, code: str, detail: str, *, instance: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The members of a problem document as plain JSON."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": instance,
    }
    return document | ({"errors": errors} if errors else {})


def refusal_document(status: int, *, instance: str) -> dict[str, Any]:
    """A problem document for what is refused before it reaches the application, by its HTTP status alone."""
    code, detail = _HTTP_CODES.get(status, ("http_error", "The request was refused. Check its syntax."))
    return problem_document(status, code, detail, instance=instance)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an HTTP answer."""
    document = problem_document(status, code, detail, instance=request.path, errors=errors)
    response = make_response(json.dumps(document), status)
    response.mimetype = "application/problem+json"
    response.headers.update(headers or {})
    return response


def status_of(error: StudyTeddyError) -> int:
    """The HTTP status of a kind of error."""
    return next((int(status) for kind, status in _STATUSES if isinstance(error, kind)), 500)


def problem_of(error: StudyTeddyError, *, instance: str) -> dict[str, Any]:
    """An error of the core as a problem document, for answers outside of HTTP such as socket frames."""
    faults = [{"field": fault.field, "message": fault.message} for fault in getattr(error, "faults", ())]
    return problem_document(status_of(error), error.code, error.message, instance=instance, errors=faults or None)


def on_core_error(error: StudyTeddyError) -> Response:
    """A core error as an answer. A stale version is 412 where the client stated the version it knew."""
    status = status_of(error)
    if isinstance(error, StaleVersion) and "If-Match" in request.headers:
        status = int(HTTPStatus.PRECONDITION_FAILED)
    headers: dict[str, str] = {}
    if isinstance(error, RateLimited | Unavailable):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    faults = [{"field": fault.field, "message": fault.message} for fault in getattr(error, "faults", ())]
    return problem(status, error.code, error.message, errors=faults or None, headers=headers)


def on_validation_error(error: ValidationError) -> Response:
    """Pydantic's findings, field by field."""
    errors = [
        {
            "field": ".".join(map(str, fault["loc"])) or "body",
            "message": str(fault["msg"]).removeprefix("Value error, "),
        }
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    named = ", ".join(dict.fromkeys(fault["field"] for fault in errors))
    return problem(422, "invalid", f"Correct these fields and send the request again: {named}.", errors=errors)


def on_http_error(error: HTTPException) -> Response:
    """What the framework refuses."""
    if isinstance(error.response, Response):  # an answer that was made ready for abort()
        return error.response
    status = error.code or 500
    code, detail = _HTTP_CODES.get(status, ("http_error", error.description or "The request was refused."))
    headers = {
        name: value for name, value in error.get_headers() if name.lower() not in ("content-type", "content-length")
    }
    return problem(status, code, detail, headers=headers)


def on_unexpected_error(error: Exception) -> Response:
    """A fault of ours: logged in full, told in one sentence. A full disk is one that passes, if not at once."""
    log.error("request.crashed", exc_info=error)
    if isinstance(error, OSError) and error.errno in _OUT_OF_ROOM:
        words = "The server has no room left on its disk. Try again in a few minutes; nothing was half done."
        return problem(503, "disk_full", words, headers={"Retry-After": "60"})
    return problem(500, "internal_error", "Something went wrong on our side. Try again; nothing was half done.")
