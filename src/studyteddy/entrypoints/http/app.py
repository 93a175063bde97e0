"""The Flask application: hooks that all requests pass, and the blueprints it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from time import perf_counter
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import structlog
from flask import Response, g, request
from flask_openapi import APIBlueprint, Info, OpenAPI
from werkzeug.exceptions import HTTPException

from studyteddy.domain.errors import StudyTeddyError
from studyteddy.entrypoints.http.description import DescribedApi
from studyteddy.entrypoints.http.errors import (
    Problem,
    on_core_error,
    on_http_error,
    on_unexpected_error,
    on_validation_error,
    problem,
)
from studyteddy.entrypoints.http.headers import protect_answer

log = structlog.get_logger(__name__)

MAX_JSON_BYTES = 1024 * 1024
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_TAKES_FILES = frozenset({"card_tables.import_package", "documents.add_document", "portability.import_me"})
_TAKES_FORMS = frozenset({"unsubscribe.stop_letters"})
"""What mail programs post to (RFC 8058)."""


def create_app(blueprints: Iterable[APIBlueprint], *, version: str, prefix: str = "api/v1") -> OpenAPI:
    """An application that serves the blueprints under ``/prefix``. Nothing is connected or started here."""
    app = DescribedApi(
        "studyteddy",
        info=Info(title="Study Teddy", version=version, description="Plan, read, ask, make cards, review."),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer"}},
        validation_error_model=Problem,
        validation_error_callback=on_validation_error,
        doc_ui=False,
        static_folder=None,
    )
    app.openapi_version = "3.1.0"
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.before_request(_open_request)
    app.before_request(_check_body)
    app.after_request(_close_request)
    app.register_error_handler(StudyTeddyError, on_core_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_unexpected_error)
    for blueprint in blueprints:
        app.register_api(blueprint, url_prefix=f"/{prefix.strip('/')}")
    return app


def _open_request() -> None:
    stated = request.headers.get("X-Request-Id", "")
    g.request_id = stated if _REQUEST_ID.fullmatch(stated) else uuid4().hex
    g.started = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _check_body() -> Response | None:
    """Refuse what isn't JSON before a handler sees it; multipart goes only to those that take files."""
    if request.routing_exception is not None:
        return None
    if any("\0" in value for values in request.args.lists() for value in [values[0], *values[1]]):
        return problem(422, "bad_characters", "Remove the NUL character from the address.")
    if not _is_utf8(unquote_to_bytes(request.query_string)):
        return problem(400, "bad_encoding", "Encode the text in the address as UTF-8.")
    if request.method not in _BODY_METHODS:
        return None
    if _takes_a_form():
        return None
    request.max_content_length = MAX_JSON_BYTES
    body = request.get_data()
    if not body:
        return None
    if request.mimetype != "application/json":
        return problem(415, "unsupported_media_type", "Send the body as application/json.")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return problem(400, "bad_json", "The body is not valid JSON. Check quotes, commas and the encoding (UTF-8).")
    if not isinstance(value, dict):
        return problem(422, "invalid", 'Send a JSON object, as in {"title": "..."}.')
    return None


def _takes_a_form() -> bool:
    """Whether the body is a form, and the handler takes one; a small one where it brings no file."""
    if request.endpoint in _TAKES_FORMS:
        request.max_content_length = MAX_JSON_BYTES
        return request.mimetype in ("", "multipart/form-data", "application/x-www-form-urlencoded")
    return request.mimetype == "multipart/form-data" and request.endpoint in _TAKES_FILES


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _close_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    protect_answer(response)
    log.info(
        "request",
        method=request.method,
        route=str(request.url_rule),
        status=response.status_code,
        ms=round((perf_counter() - g.get("started", perf_counter())) * 1000, 1),
    )
    return response
