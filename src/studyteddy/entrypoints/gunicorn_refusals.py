"""What is refused before it reaches the application: told as a problem document, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gunicorn.http import errors

from studyteddy.entrypoints.http.errors import refusal_document
from studyteddy.entrypoints.http.headers import ALWAYS

if TYPE_CHECKING:
    from socket import socket

_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ExpectationFailed, 417),
    (errors.ParseException, 400),
)
_REASONS = {400: "Bad Request", 414: "URI Too Long", 417: "Expectation Failed", 431: "Request Header Fields Too Large"}


class ProblemRefusals:
    """For a gunicorn worker: it tells in its own HTML otherwise."""

    log: Any

    def handle_error(self, req: Any, client: socket, addr: Any, exc: Exception) -> None:  # noqa: ARG002 - gunicorn's
        """Answer what is not HTTP, or too much of it. A fault of ours stands in the log."""
        status = next((status for kind, status in _STATUSES if isinstance(exc, kind)), 500)
        if status == 500:
            self.log.error("A request could not be handled", exc_info=exc)
        else:
            self.log.info("Refused what is not a request: %s", type(exc).__name__)
        try:
            client.sendall(_refusal(status))
        except OSError:
            self.log.debug("The client is gone")


def _refusal(status: int) -> bytes:
    body = json.dumps(refusal_document(status, instance="")).encode()
    headers = {"Connection": "close", "Content-Type": "application/problem+json", "Content-Length": len(body), **ALWAYS}
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} {_REASONS.get(status, 'Refused')}\r\n{told}\r\n".encode("ascii") + body
