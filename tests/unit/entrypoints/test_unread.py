"""A refusal arrives also at a client that is still sending."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import create_environ

from studyteddy.entrypoints.http import unread
from studyteddy.entrypoints.http.unread import TakeInUnread

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def reading(amount: int) -> Application:
    """Refuses after so many bytes of the body."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        read = environ["wsgi.input"].read(amount)
        start_response("413 Too Large", [("Content-Type", "text/plain")])
        return [b"read ", str(len(read)).encode()]

    return app


def left_after(app: Application, body: io.BytesIO, **headers: str) -> tuple[bytes, bytes]:
    """The answer, and what nobody has read by then."""
    environ = create_environ(method="POST") | {"wsgi.input": body, "CONTENT_LENGTH": "10"} | headers
    answer = TakeInUnread(app)(environ, lambda *_: None)  # type: ignore[arg-type]
    told = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return told, body.read()


@pytest.mark.parametrize("amount", [0, 3, 10, 99, -1])
def test_the_rest_of_a_refused_body_is_taken_in_and_not_a_byte_more(amount: int) -> None:
    told, left = left_after(reading(amount), io.BytesIO(b"0123456789NEXT"))
    assert told == b"read %d" % (10 if amount < 0 else min(amount, 10))
    assert left == b"NEXT"


def test_of_a_body_that_is_cut_off_there_is_no_rest() -> None:
    assert left_after(reading(3), io.BytesIO(b"01234")) == (b"read 3", b"")


def test_who_asked_for_leave_to_send_sends_nothing_after_a_refusal() -> None:
    assert left_after(reading(0), io.BytesIO(b"0123456789"), HTTP_EXPECT="100-continue") == (b"read 0", b"0123456789")


def test_a_client_that_sends_for_ever_is_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "MOST_BYTES", 9)
    assert left_after(reading(0), io.BytesIO(b"0123456789")) == (b"read 0", b"0123456789")
