"""Answers that can't go on for ever. Imported lazily: it brings the HTTP client."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2

MAX_BODY = 32 * 2**20
"""Bytes of one plain answer: 128 vectors of 4,096 numbers, written out, take about 11 MB."""
MAX_STREAM = 64 * 2**20
MAX_LINE = 2**20
"""Bytes of one line of a stream; a delta takes about 300."""
MAX_ERROR = 64 * 2**10
"""Bytes that are read of an error's explanation; the rest is left."""


class AnswerTooLong(httpx2.DecodingError):
    """More than any answer can need."""


class _BoundedStream(httpx2.SyncByteStream):
    """A response's body that ends by ``deadline`` and within its limits, however slowly or fast it drips."""

    def __init__(
        self, inner: httpx2.SyncByteStream, *, limit: int, line_limit: int | None, deadline: float, clock: _Monotonic
    ) -> None:
        self._inner = inner
        self._limit = limit
        self._line_limit = line_limit
        self._deadline = deadline
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        size = line = 0
        for piece in self._inner:
            if self._clock() > self._deadline:
                # Read time-outs only see silence; a server that drips comments is never silent.
                raise httpx2.ReadTimeout("The answer took too long.")
            size += len(piece)
            ending = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
            line = line + len(piece) if ending < 0 else len(piece) - ending - 1
            if size > self._limit or (self._line_limit is not None and line > self._line_limit):
                raise AnswerTooLong("The answer is too long.")
            yield piece

    def close(self) -> None:
        self._inner.close()


class _Beginning(httpx2.SyncByteStream):
    """The first bytes of a body; what comes after them is not even read."""

    def __init__(self, inner: httpx2.SyncByteStream, *, limit: int, deadline: float, clock: _Monotonic) -> None:
        self._inner = inner
        self._limit = limit
        self._deadline = deadline
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        left = self._limit
        for piece in self._inner:
            yield piece[:left]
            left -= len(piece)
            if left <= 0 or self._clock() > self._deadline:
                return

    def close(self) -> None:
        self._inner.close()


_Monotonic = Callable[[], float]


def bounding(total: float, clock: _Monotonic) -> Callable[[httpx2.Response], None]:
    """A response hook that bounds bodies in bytes and to ``total`` seconds from their headers on."""

    def bound(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") not in {"", "identity"}:
            # It was asked not to: what a few bytes unpack to can't be bounded here.
            raise AnswerTooLong("The answer is compressed.")
        inner = response.stream
        if not isinstance(inner, httpx2.SyncByteStream):
            raise TypeError("This hook belongs to a client that is not asynchronous.")
        deadline = clock() + total
        if response.status_code >= 300:
            response.stream = _Beginning(inner, limit=MAX_ERROR, deadline=deadline, clock=clock)
            return
        streamed = response.headers.get("content-type", "").startswith("text/event-stream")
        response.stream = _BoundedStream(
            inner,
            limit=MAX_STREAM if streamed else MAX_BODY,
            line_limit=MAX_LINE if streamed else None,
            deadline=deadline,
            clock=clock,
        )

    return bound
