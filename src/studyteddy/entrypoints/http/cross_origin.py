"""Pages of other origins, as far as the settings name them (Fetch, section 3.3). Without any, browsers keep them out.

No answer allows credentials: such a page sends its tokens itself, and the cookie of a log-in stays with our own pages.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, request

ANY = "*"
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS = "Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id"
_TOLD = "Content-Disposition, ETag, Idempotency-Replayed, Retry-After, X-Request-Id"
_PREFLIGHT_SECONDS = "600"


def let_in(app: Flask, origins: Collection[str], *, prefix: str) -> None:
    """Answer preflights and mark answers under the prefix for pages of these origins; ``*`` is every page."""
    base = f"/{prefix.strip('/')}/"

    def allowed() -> str | None:
        """The origin to name; None for a page that isn't let in, and for what is no page."""
        origin = request.headers.get("Origin")
        if origin is None or not request.path.startswith(base):
            return None
        if ANY in origins:
            return ANY
        return origin if origin in origins else None

    def preflight() -> Response | None:
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or allowed() is None:
            return None
        return Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": _METHODS,
                "Access-Control-Allow-Headers": _HEADERS,
                "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
            },
        )

    def mark(response: Response) -> Response:
        if (origin := allowed()) is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _TOLD
        if ANY not in origins:
            response.vary.add("Origin")
        return response

    app.before_request(preflight)
    app.after_request(mark)
