"""What the routes that take a file have in common."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage

from studyteddy.domain.errors import Invalid

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
