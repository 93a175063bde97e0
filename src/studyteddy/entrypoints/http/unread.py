"""Taking in what is left of a body that was refused before its end, so that the refusal arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 10.0
_PIECE = 64 * 1024


class TakeInUnread:
    """Around an application: after its answer, reads the rest of the body and throws it away, up to a size and a time.

    A connection that is closed on unread bytes is reset, and with it goes an answer that the client, which is still
    sending, has not read. Who asked for leave to send by ``Expect`` sends nothing after a refusal.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or "HTTP_EXPECT" in environ:
            return self._app(environ, start_response)
        body = _Counted(environ["wsgi.input"], int(length))
        environ["wsgi.input"] = body
        return ClosingIterator(self._app(environ, start_response), body.take_in)


class _Counted:
    """A body that knows how much of it was read."""

    def __init__(self, source: IO[bytes], length: int) -> None:
        self._source = source
        self._left = length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._source.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._source.readline, size)

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        """Never past the end of the body: there a server's bare connection would wait for more."""
        wanted = self._left if size < 0 else min(size, self._left)
        if not wanted:
            return b""
        got = read(wanted)
        self._left = self._left - len(got) if got else 0
        return got

    def readlines(self, hint: int = -1) -> list[bytes]:  # noqa: ARG002 - a hint
        return list(self)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def take_in(self) -> None:
        if self._left > MOST_BYTES:
            return
        until = monotonic() + MOST_SECONDS
        try:
            while self._left and monotonic() < until:
                self.read(_PIECE)
        except (OSError, ValueError):  # the client has gone
            self._left = 0
