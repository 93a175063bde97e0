"""What the routes that take a file have in common."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import FileStorage

from studyteddy.domain.errors import Invalid
from studyteddy.entrypoints.http.errors import problem

FORM_OVERHEAD = 64 * 1024
"""Bytes that the other fields and the borders between them may take."""


def uploaded(value: object) -> object:
    """The file of a form; raises ``ValueError`` for plain text in its place."""
    if isinstance(value, FileStorage):
        return value
    raise ValueError("Send the file itself, with its name, in this part of the form.")


def require_one_file() -> None:
    """Raise ``Invalid`` (``several_files``) when there is more than one."""
    if len(request.files.getlist("file")) > 1:
        raise Invalid.field("file", "Send one file at a time.", code="several_files")


def bound_upload(endpoint: str, *, largest: int) -> Response | None:
    """Before a request of a blueprint: what is too long by its own account is refused before a byte of it is read, and
    so is a body that is no form where ``endpoint`` takes a file.
    """
    if request.mimetype == "multipart/form-data":
        request.max_content_length = largest + FORM_OVERHEAD
    elif request.endpoint == endpoint:
        return problem(415, "unsupported_media_type", "Send the file as multipart/form-data in the field 'file'.")
    return None
