"""Requests, counted and timed by route; and ``/metrics``, for those who watch the server."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import perf_counter
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, g, request

from studyteddy.entrypoints.http.errors import problem

CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-Ip")


class RequestMetrics(Protocol):
    """Where requests are counted. A ``route`` is a rule of ours, such as ``/api/v1/tasks/<uuid:id>``."""

    def request_began(self, route: str) -> None: ...

    def request_left(self, route: str) -> None:
        """The answer is out, the socket or the stream has ended."""
        ...

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None: ...


def measure(app: Flask, metrics: RequestMetrics) -> None:
    """Count the requests of an application."""

    def begin() -> None:
        g.measured_route = _route()
        metrics.request_began(g.measured_route)

    def answer(response: Response) -> Response:
        method = request.method if request.method in _METHODS else "other"
        now = perf_counter()
        metrics.request_answered(method, _route(), response.status_code, now - g.get("started", now))
        if response.is_streamed and (route := g.pop("measured_route", None)) is not None:
            response.call_on_close(lambda: metrics.request_left(route))
        return response

    def leave(_fault: BaseException | None) -> None:
        if (route := g.pop("measured_route", None)) is not None:
            metrics.request_left(route)

    app.before_request(begin)
    app.after_request(answer)
    app.teardown_request(leave)


def _route() -> str:
    return str(request.url_rule) if request.url_rule is not None else "none"


def metrics_blueprint(exposition: Callable[[], bytes], *, token: str | None) -> Blueprint:
    """``/metrics`` for whoever has the token; without one, for programs on this machine that no proxy sent."""
    api = Blueprint("metrics", __name__)

    @api.get("/metrics")
    def metrics() -> Any:
        if token is not None and not _bears(token):
            headers = {"WWW-Authenticate": "Bearer"}
            return problem(401, "metrics_token_needed", "Send METRICS_TOKEN as bearer token.", headers=headers)
        if token is None and not _is_from_here():
            return problem(
                403, "metrics_from_here", "Metrics are told on this machine only, unless METRICS_TOKEN is set."
            )
        return Response(exposition(), content_type=CONTENT_TYPE)

    return api


def _bears(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _is_from_here() -> bool:
    """By the connection itself, whatever a trusted proxy says about it."""
    if any(name in request.headers for name in _FORWARDING):
        return False
    seen = request.environ.get("werkzeug.proxy_fix.orig", request.environ).get("REMOTE_ADDR") or ""
    try:
        address = ip_address(seen)
    except ValueError:  # a Unix socket has none
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
