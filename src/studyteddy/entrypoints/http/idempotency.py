"""``Idempotency-Key``: a POST that is sent again is answered again, not carried out again."""

from __future__ import annotations

import hashlib
import hmac
import re

import structlog
from flask import Response, g, request

from studyteddy.application.idempotency import AttemptAtHand, BeginAttempt, EndAttempt
from studyteddy.domain.errors import Invalid, Unavailable
from studyteddy.entrypoints.http.auth import owner

log = structlog.get_logger(__name__)

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def keep_no_answer() -> None:
    """The answer of this request holds a secret: a retry is told ``already_done`` instead of getting it again."""
    g.answer_is_secret = True


class RetrySafety:
    """Three hooks of a protected blueprint: before the handler, to answer for it; after it, to keep its answer; and at
    the very end, so that no other request of this thread takes over the key.
    """

    def __init__(self, begin: BeginAttempt, end: EndAttempt, at_hand: AttemptAtHand, *, secret: str) -> None:
        """``secret`` is the same in all processes. Fingerprints are made with it, since there may be passwords in a
        request: who reads the database alone can try none."""
        self._begin = begin
        self._end = end
        self._at_hand = at_hand
        self._key = hashlib.sha256(secret.encode()).digest()

    def before(self) -> Response | None:
        """Replay a kept answer, or begin under the key."""
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return None
        if not _KEY.fullmatch(key):
            raise Invalid.field("Idempotency-Key", "Use a key of 1 to 200 visible ASCII characters.")
        kept = self._begin(owner=owner(), key=key, fingerprint=_fingerprint(self._key))
        if kept is None:
            return None
        refused = kept.status is not None and kept.status >= 400
        kind = "application/problem+json" if refused else "application/json"
        response = Response(kept.body, kept.status, mimetype=kind)
        response.headers["Idempotency-Replayed"] = "true"
        return response

    def after(self, response: Response) -> Response:
        """Keep what was answered; a fault of ours, a refusal for lack of time and a conflict may be tried again."""
        lasting = response.is_json and response.status_code < 500 and response.status_code not in (409, 429)
        kept = lasting and not g.get("answer_is_secret", False)
        body = response.get_data(as_text=True) if kept else None
        try:
            self._end(status=response.status_code, body=body)
        except Unavailable:  # what was done stays done, and a retry is told so
            log.warning("answer not kept for retries", exc_info=True)
        return response

    def forget(self, _: BaseException | None) -> None:
        self._at_hand.drop()


def _fingerprint(key: bytes) -> str:
    """What tells one request from another. A file counts by its length: the same bytes are never kept twice anyway."""
    digest = hmac.new(key, f"{request.path}\0{request.content_length}\0".encode(), hashlib.sha256)
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data())
    return digest.hexdigest()
