"""``Idempotency-Key``: a POST that is sent again is answered again, not carried out again."""

from __future__ import annotations

import hashlib
import re

from flask import Response, g, request

from studyteddy.application.idempotency import KeepAnswer, TakeKey
from studyteddy.domain.errors import Invalid
from studyteddy.entrypoints.http.auth import owner

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class RetrySafety:
    """Two hooks of a protected blueprint: before the handler, to answer for it; after it, to keep its answer."""

    def __init__(self, take: TakeKey, keep: KeepAnswer) -> None:
        self._take = take
        self._keep = keep

    def before(self) -> Response | None:
        """Replay a kept answer, or take the key."""
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            return None
        if not _KEY.fullmatch(key):
            raise Invalid.field("Idempotency-Key", "Use a key of 1 to 200 visible ASCII characters.")
        kept = self._take(owner=owner(), key=key, fingerprint=_fingerprint())
        if kept is None:
            g.idempotency_key = key
            return None
        refused = kept.status is not None and kept.status >= 400
        kind = "application/problem+json" if refused else "application/json"
        response = Response(kept.body, kept.status, mimetype=kind)
        response.headers["Idempotency-Replayed"] = "true"
        return response

    def after(self, response: Response) -> Response:
        """Keep what was answered; a fault of ours or a refusal for lack of time may be tried again."""
        key = g.pop("idempotency_key", None)
        if key is not None:
            lasting = response.is_json and response.status_code < 500 and response.status_code != 429
            body = response.get_data(as_text=True) if lasting else None
            self._keep(owner=owner(), key=key, status=response.status_code, body=body)
        return response


def _fingerprint() -> str:
    """What tells one request from another. A file counts by its length: the same bytes are never kept twice anyway."""
    digest = hashlib.sha256(f"{request.path}\0{request.content_length}\0".encode())
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data())
    return digest.hexdigest()
